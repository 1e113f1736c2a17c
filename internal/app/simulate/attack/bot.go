package attack

import (
	"time"

	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// productAt is the n-th product of the catalogue.
func productAt(n int) uint64 { return uint64(n%site.Products) + 1 } //nolint:gosec // not negative

func readProducts(s *scene.Scene, a *attacker, from *internet.Client) {
	s.Site.Ask(&a.q, from, site.Product, productAt(a.n), 0)
}

// bots read what is public, by machine.
func bots() []Attack {
	return []Attack{
		{
			Name: "scraper", Family: bot, About: "One client reads all products in order, one a second, and nothing else.", lasts: 3 * time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(5400), time.Second, readProducts)
			},
		},
		{
			Name: "scraper_jittered", Family: bot, About: "One client reads products at random, with pauses like a person's.", lasts: 8 * time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Home, 1, internet.Masked), p.many(4200), 3*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Product, productAt(a.d.IntN(site.Products)), 0)
					if a.n%2 == 1 && a.d.Chance(.5) { // hesitation: the pace alone would still be a machine's
						a.pace = a.d.Span(p.pace(3*time.Second), .9)
					}
				})
			},
		},
		{
			Name: "headless", Family: bot, About: "A browser without a screen reads products, with what their pages call.", lasts: 3 * time.Hour,
			plan: func(p *plan) {
				routes := []site.ID{site.Product, site.Image, site.Stock, site.Reviews}
				p.launch(p.from(internet.Hosting, 2, internet.Headless), p.many(6000), 700*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, routes[a.n/2%len(routes)], productAt(a.n/8), 1)
				})
			},
		},
		{
			Name: "false_googlebot", Family: bot, About: "A client that says it is Googlebot, from a network that is not Google's.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				from := p.from(internet.Hosting, 1, internet.Claimed)
				from[0].Agent = internet.Claimed // its name is the point
				p.launch(from, p.many(2600), 900*time.Millisecond, readProducts)
			},
		},
		{
			Name: "fingerprint_cluster", Family: bot, About: "Hundreds of clients with as many names and one TLS fingerprint share the reading of products.", lasts: 4 * time.Hour,
			plan: func(p *plan) {
				from := p.from(internet.Home, p.many(280), internet.Kit)
				for i := range from {
					name := internet.Desktop(p.d).Name
					from[i].Agent = internet.Kit
					from[i].Agent.Name = name
				}
				p.campaign.About("fingerprint", internet.Kit.JA4)
				p.launch(from, p.many(4200), 1500*time.Millisecond, readProducts)
			},
		},
	}
}

// misuses use what is somebody else's.
func misuses() []Attack {
	return []Attack{
		{
			Name: "stolen_token", Family: misuse, About: "The token of somebody's app is used from a hoster's network, while its owner goes on using it.", lasts: 3 * time.Hour,
			plan: stolenToken,
		},
		{
			Name: "impossible_travel", Family: misuse, About: "Somebody logs in at home and, minutes later, on another continent.", lasts: 2 * time.Hour,
			plan: impossibleTravel,
		},
	}
}

// dwelling is what a thief does with somebody's access.
var dwelling = dice.NewTable(
	dice.Entry[site.ID]{Weight: 5, Value: site.GraphQL}, dice.Entry[site.ID]{Weight: 3, Value: site.Order},
	dice.Entry[site.ID]{Weight: 1, Value: site.Me}, dice.Entry[site.ID]{Weight: 1, Value: site.Orders},
)
