package crowd

import (
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// job is what a partner's machine does again and again.
type job struct {
	weight float64
	every  time.Duration // from the beginning of one run to the next
	at     float64       // hour of the day of the first run, in the site's zone; below 0: any
	route  site.ID
	length Spread        // requests of a run
	gap    time.Duration // between its requests
}

// Spread is a log-normal distribution.
type Spread = site.Spread

var jobs = [...]job{
	{30, time.Hour, -1, site.Feed, Spread{Median: 12, Sigma: .5}, 350 * time.Millisecond},
	{25, 24 * time.Hour, 2.2, site.Export, Spread{Median: 160, Sigma: .7}, 500 * time.Millisecond},
	{20, 15 * time.Minute, -1, site.PartnerStock, Spread{Median: 14, Sigma: .6}, 220 * time.Millisecond},
	{15, 2 * time.Hour, -1, site.PartnerOrder, Spread{Median: 60, Sigma: .5}, 900 * time.Millisecond},
	{10, 5 * time.Minute, -1, site.Export, Spread{Median: 1, Sigma: 0}, time.Second},
}

// partner is a machine that does one job.
type partner struct {
	d      dice.Dice
	crowd  *Crowd
	job    job
	client internet.Client
	name   string
	key    uint64
	size   float64 // of the partner: a large one has more of everything

	run    int64 // when the present run began
	left   int
	page   uint64
	number uint64
	minute int64
	asked  int // requests in this minute
}

// others is how many orders of others lie between two of a partner's own, on average: numbers are counted for the whole
// shop.
const others = 40

// perMinute is how much the gateway lets partners ask for in a minute.
const perMinute = 100

// Act implements scene.Actor.
func (p *partner) Act(s *scene.Scene, now int64) int64 {
	if p.left == 0 {
		p.run, p.page = now, 0
		p.left = max(int(p.d.LogNormal(p.job.length.Median*p.size, p.job.length.Sigma/3)), 1)
	}
	if minute := now / int64(time.Minute); minute != p.minute {
		p.minute, p.asked = minute, 0
	}
	p.asked++
	thing := p.number%site.Products + 1
	if p.job.route == site.PartnerOrder {
		thing = site.AnyOrder(p.number)
	}
	q := &p.crowd.request
	s.Site.Ask(q, &p.client, p.job.route, thing, p.page+1)
	q.User, q.Key = p.name, p.key
	if p.asked > perMinute {
		q.Status = 429
		s.Send(q, p.d)
		return (p.minute+1)*int64(time.Minute) + int64(p.d.Wait(2*time.Second))
	}
	s.Send(q, p.d)
	p.page++
	p.number++
	if p.job.route == site.PartnerOrder {
		p.number += uint64(p.d.Wait(others)) //nolint:gosec // not negative
	}
	p.left--
	if p.left > 0 {
		return now + int64(p.job.gap) + int64(p.d.Wait(p.job.gap/8))
	}
	// Timers start on the minute, give or take what else the machine has to do.
	next := p.run + int64(p.job.every)
	for next <= now {
		next += int64(p.job.every)
	}
	return next - next%int64(time.Second) + int64(p.d.Wait(700*time.Millisecond))
}

// begin is when the first run is due.
func (p *partner) begin(cal *calendar.Calendar) int64 {
	if p.job.at >= 0 {
		return cal.Day(0, p.job.at+p.d.Float64()).UnixNano()
	}
	return cal.Begin.UnixNano() + p.d.Int64N(int64(p.job.every))
}
