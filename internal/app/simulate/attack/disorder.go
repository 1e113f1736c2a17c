package attack

import (
	"time"

	"gatewatch/internal/app/simulate/site"
)

// disorders are what an attack, or a fault nobody has noticed yet, does to a whole service.
func disorders() []Attack {
	return []Attack{
		{
			Name: "error_spike", Family: volume, About: "A part of the requests to a service fails.", daylight: true, lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.suffer(25*time.Minute, site.Condition{Service: "catalog", Status: 500, Fail: p.muted(.35)})
			},
		},
		{
			Name: "latency_shift", Family: volume, About: "A service answers several times as slowly.", daylight: true, lasts: 3 * time.Hour,
			plan: func(p *plan) {
				p.suffer(time.Hour, site.Condition{Service: "web", Slow: 1 + 5*p.cfg.Intensity*(1-.8*p.cfg.Stealth)})
			},
		},
		{
			Name: "drop", Family: volume, About: "Most requests to a service do not come any more.", daylight: true, lasts: 2 * time.Hour,
			plan: func(p *plan) {
				// Who gets no answer tries again, twice: of all that is wanted a fifth still comes.
				p.suffer(45*time.Minute, site.Condition{Service: "orders", Lost: p.muted(.93)})
			},
		},
		{
			Name: "silence", Family: volume, About: "Nothing comes to a service.", daylight: true, lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.suffer(30*time.Minute, site.Condition{Service: "graph", Lost: 1})
			},
		},
	}
}

// suffer lets the site suffer a condition for some time; the campaign is about the service.
func (p *plan) suffer(lasts time.Duration, c site.Condition) {
	end := p.begin.Add(lasts)
	c.Begin, c.End, c.Campaign = p.begin.UnixNano(), end.UnixNano(), p.campaign
	p.campaign.Lasts(p.begin, end)
	p.campaign.About("service", c.Service)
	p.Scene.Site.Suffer(c)
}
