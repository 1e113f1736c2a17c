package attack

import (
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// shot begins the n-th request of an attacker, from 0 on. The client is the one whose turn it is.
type shot func(s *scene.Scene, a *attacker, from *internet.Client)

// attacker makes the requests of a campaign, whatever the number of its clients.
type attacker struct {
	d        dice.Dice
	campaign *campaign.Campaign
	from     []internet.Client
	shots    int
	pace     time.Duration
	sigma    float64 // of the pace
	shoot    shot

	n int
	q site.Request
}

// Act implements scene.Actor.
func (a *attacker) Act(s *scene.Scene, now int64) int64 {
	a.shoot(s, a, &a.from[a.n%len(a.from)])
	a.q.Campaign = a.campaign
	s.Send(&a.q, a.d)
	a.n++
	if a.n == a.shots {
		return calendar.Never
	}
	return now + int64(a.d.Span(a.pace, a.sigma))
}

// habit is what a client did all the time before it turned, and goes on doing: calls at a steady average.
type habit struct {
	d      dice.Dice
	client internet.Client
	user   string
	key    uint64
	route  site.ID
	hourly float64
	// From turn on the average grows by growth a day up to most times as much, and the campaign counts it; without a
	// campaign nothing ever turns.
	campaign *campaign.Campaign
	turn     int64
	growth   float64
	most     float64

	number uint64
	q      site.Request
}

// Act implements scene.Actor.
func (h *habit) Act(s *scene.Scene, now int64) int64 {
	h.number += 1 + h.d.Uint64N(80)
	s.Site.Ask(&h.q, &h.client, h.route, site.AnyOrder(h.number), h.number%9+1)
	h.q.User, h.q.Key = h.user, h.key
	factor := 1.0
	if h.campaign != nil && now >= h.turn {
		h.q.Campaign = h.campaign
		factor = grown(h.growth, now-h.turn)
		if factor > h.most {
			return calendar.Never
		}
	}
	s.Send(&h.q, h.d)
	return now + int64(h.d.Wait(time.Duration(float64(time.Hour)/(h.hourly*factor))))
}
