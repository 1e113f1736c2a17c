package crowd

import (
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// phone runs the shop's own app: somebody uses it now and then, and it keeps itself up to date in between.
type phone struct {
	d       dice.Dice
	crowd   *Crowd
	rhythm  *calendar.Rhythm
	every   float64 // average hours between uses
	account uint64
	gone    int64
	home    internet.Client // at home, on Wi-Fi
	client  internet.Client // now
	device  uint64

	sync, use int64 // when it does either next
	expires   int64 // of the token
	period    uint64
	left      int // calls of the present use
	retries   int
	again     site.ID
}

const (
	syncing     = 34 * time.Minute // between looks for news, where the system lets it
	tokenLasts  = 2 * time.Hour    // until the app has it renewed
	tokenStays  = 24 * time.Hour   // until a renewal gives another one
	tapping     = 3200 * time.Millisecond
	tapSigma    = .9
	firstRetry  = time.Second
	mostRetries = 3
	pushes      = .02
	surprised   = .5
)

// taps are what using the app asks for.
var taps = dice.NewTable(
	dice.Entry[site.ID]{Weight: 46, Value: site.GraphQL}, dice.Entry[site.ID]{Weight: 9, Value: site.Suggest},
	dice.Entry[site.ID]{Weight: 10, Value: site.Stock}, dice.Entry[site.ID]{Weight: 8, Value: site.Reviews},
	dice.Entry[site.ID]{Weight: 7, Value: site.Cart}, dice.Entry[site.ID]{Weight: 4, Value: site.CartAdd},
	dice.Entry[site.ID]{Weight: 5, Value: site.Orders}, dice.Entry[site.ID]{Weight: 5, Value: site.Order},
	dice.Entry[site.ID]{Weight: 5, Value: site.Events}, dice.Entry[site.ID]{Weight: 1, Value: site.OrderPlace},
)

// Act implements scene.Actor.
func (p *phone) Act(s *scene.Scene, now int64) int64 {
	if now >= p.gone {
		return calendar.Never
	}
	if p.left == 0 && p.retries == 0 {
		if now < p.use {
			return p.background(s, now)
		}
		p.left = int(p.d.Pareto(3, 1.4, 160))
		p.place()
	}
	if now >= p.expires {
		return p.renew(s, now)
	}
	route := p.again
	if p.retries == 0 {
		route = taps.Draw(p.d)
	}
	if p.call(s, route) {
		return now + int64(firstRetry)<<p.retries/2 + int64(p.d.Wait(200*time.Millisecond))
	}
	p.left = max(p.left-1, 0)
	if p.left == 0 {
		p.use = p.rhythm.After(now, p.d.ExpFloat64()*p.every)
		return min(p.use, p.nextSync(now))
	}
	return now + int64(p.d.Span(tapping, tapSigma))
}

// background looks for news, when the phone is not asleep with its owner.
func (p *phone) background(s *scene.Scene, now int64) int64 {
	if p.rhythm.At(now) < p.d.Float64()*.7 {
		return min(p.use, p.nextSync(now))
	}
	if now >= p.expires {
		p.place()
		return p.renew(s, now)
	}
	route := site.Sync
	if p.d.Chance(pushes) {
		route = site.Push
	}
	if p.call(s, route) {
		return now + int64(firstRetry)<<p.retries/2
	}
	return min(p.use, p.nextSync(now))
}

func (p *phone) nextSync(now int64) int64 {
	p.sync = now + int64(float64(syncing)*(.8+.6*p.d.Float64()))
	return p.sync
}

// place is where the phone is now: at home or on the way.
func (p *phone) place() {
	p.client = p.home
	if p.d.Chance(.45) {
		p.client = p.crowd.roam(p.d, p.home.Agent)
	} else {
		p.client.Move(p.d)
	}
}

// renew has the token renewed. Some do so only after they were refused.
func (p *phone) renew(s *scene.Scene, now int64) int64 {
	q := &p.crowd.request
	if p.left > 0 && p.expires > 1 && p.d.Chance(surprised) {
		p.expires = 1 // known to be over
		s.Site.Ask(q, &p.client, site.GraphQL, 0, 0)
		q.Bearer, q.Status = site.BearerOf(p.account, p.period), unauthentic
		s.Send(q, p.d)
		return now + int64(between)
	}
	s.Site.Ask(q, &p.client, site.Token, 0, 0)
	q.User = p.crowd.name(p.account)
	s.Send(q, p.d)
	p.period = TokenAt(now)
	p.expires = now + int64(tokenLasts)
	return now + int64(p.d.Wait(120*time.Millisecond)) + int64(between)
}

// call makes a request; true when it is to be made again, since the site failed.
func (p *phone) call(s *scene.Scene, route site.ID) (retry bool) {
	q := &p.crowd.request
	thing := p.crowd.product(p.d)
	switch route {
	case site.Order:
		thing = site.OrderOf(p.account, p.d.Rank(9))
	case site.Push:
		thing = p.device
	default:
	}
	s.Site.Ask(q, &p.client, route, thing, 1)
	q.User, q.Bearer = p.crowd.name(p.account), site.BearerOf(p.account, p.period)
	s.Send(q, p.d)
	if q.Status < 500 && q.Status != 0 || p.retries == mostRetries {
		p.retries = 0
		return false
	}
	p.retries++
	p.again = route
	return true
}
