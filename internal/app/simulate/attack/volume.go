package attack

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// floods ask for more than the site should have to bear.
func floods() []Attack {
	return []Attack{
		{
			Name: "flood", Family: volume, About: "One client asks for search results as fast as it can.", lasts: time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Bulk), p.many(30_000), 20*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Search, a.d.Uint64(), 1)
				})
			},
		},
		{
			Name: "surge", Family: volume, About: "Very many clients ask for one endpoint at once, none of them often.", lasts: time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.Suggest)
				p.campaign.About("service", "catalog")
				p.launch(p.from(internet.Home, p.many(1500), internet.Kit), p.many(36_000), 25*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Suggest, a.d.Uint64(), 1)
				})
			},
		},
		{
			Name: "expensive", Family: volume, About: "A few requests a minute that each take the site seconds to answer.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Masked), p.many(700), 3*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Search, a.d.Uint64(), uint64(a.n)*50) //nolint:gosec // not negative
					a.q.Enlarge(4, 60)
				})
			},
		},
	}
}

// boils grow slowly, so that no day looks much different from the one before.
func boils() []Attack {
	var out []Attack
	for _, percent := range []int{2, 5, 10, 20} {
		out = append(out, Attack{
			Name: "slow_boil_" + strconv.Itoa(percent), Family: volume, technique: "slow_boil", slow: true, lasts: sixfold(percent),
			About: fmt.Sprintf("A partner asks for %d %% more every day.", percent),
			plan: func(p *plan) {
				h := p.partner("boil", site.PartnerOrder, 110)
				h.campaign, h.turn, h.most = p.campaign, p.begin.UnixNano(), 12
				h.growth = 1 + float64(percent)/100*p.cfg.Intensity
				p.campaign.About("principal", h.user)
			},
		})
	}
	return out
}

// sixfold is how long it takes until there is six times as much, with so many per cent more every day.
func sixfold(percent int) time.Duration {
	days := math.Log(6) / math.Log1p(float64(percent)/100)
	return time.Duration(days * float64(24*time.Hour))
}

// grown is a factor a day after some time.
func grown(growth float64, after int64) float64 {
	return math.Pow(growth, float64(after)/float64(24*time.Hour))
}

// partner brings a client with a habit onto the scene, from the first day on.
func (p *plan) partner(name string, route site.ID, hourly float64) *habit {
	client := p.from(internet.Company, 1, internet.Partner(p.d))[0]
	h := &habit{
		d: p.d, client: client, user: fmt.Sprintf("partner-%s-%d", name, p.d.Between(1000, 9999)), key: p.d.Uint64() | 1, route: route,
		hourly: hourly, number: p.d.Uint64N(400_000),
	}
	p.Scene.Add(h, p.Calendar.Begin.UnixNano()+p.d.Int64N(int64(time.Hour)))
	return h
}

// leaks carry data away.
func leaks() []Attack {
	return []Attack{
		{
			Name: "exfiltration", Family: volume, About: "A partner's key reads many times the data it usually reads, in ordinary pages.", lasts: 6 * time.Hour,
			plan: func(p *plan) {
				h := p.partner("leak", site.PartnerOrder, 60)
				p.campaign.About("principal", h.user)
				p.launch([]internet.Client{h.client}, p.many(2400), 2*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Export, 0, uint64(a.n)+1) //nolint:gosec // not negative
					a.q.User, a.q.Key = h.user, h.key
				})
			},
		},
		{
			Name: "exfiltration_request", Family: volume, About: "A partner's key asks as often as ever, for fifty times as much each time.", lasts: 6 * time.Hour,
			plan: func(p *plan) {
				h := p.partner("bulk", site.Export, 40)
				p.campaign.About("principal", h.user)
				p.launch([]internet.Client{h.client}, p.many(60), 90*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.WholeExport, 0, uint64(a.n)+1) //nolint:gosec // not negative
					a.q.User, a.q.Key = h.user, h.key
				})
			},
		},
	}
}
