package attack

import (
	"time"

	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// walks go through what belongs to others.
func walks() []Attack {
	return []Attack{
		{
			Name: "object_walk", Family: enumerates, About: "An account reads the orders of others, number by number.", lasts: time.Hour,
			plan: func(p *plan) {
				start := site.AnyOrder(p.d.Uint64N(600_000))
				p.walk(site.Order, 900, 300*time.Millisecond, .12, func(a *attacker) uint64 { return start + uint64(a.n) }) //nolint:gosec // not negative
			},
		},
		{
			Name: "object_random", Family: enumerates, About: "An account reads the orders of others, at random.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.walk(site.Order, 800, 1500*time.Millisecond, .45, func(a *attacker) uint64 { return site.AnyOrder(a.d.Uint64()) })
			},
		},
		{
			Name: "object_leaked", Family: enumerates, About: "An account reads documents of others by a list of their names that leaked.", lasts: 3 * time.Hour,
			plan: func(p *plan) {
				p.walk(site.Document, 500, 9*time.Second, 0, func(a *attacker) uint64 { return dice.Mix(uint64(a.n)) }) //nolint:gosec // not negative
			},
		},
		{
			Name: "pagination_scrape", Family: enumerates, About: "One client pages through all search results.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(1800), 1200*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Search, 7, uint64(a.n)+1) //nolint:gosec // not negative
				})
			},
		},
	}
}

// walk has an account of the attacker's own read things; refused is the part that the site refuses.
func (p *plan) walk(route site.ID, shots int, pace time.Duration, refused float64, thing func(*attacker) uint64) {
	account := p.stranger()
	name := p.target(account)
	token := site.BearerOf(account, 0)
	p.launch(p.from(internet.Home, 1, internet.Script), p.many(shots), pace, func(s *scene.Scene, a *attacker, from *internet.Client) {
		s.Site.Ask(&a.q, from, route, thing(a), 0)
		a.q.User, a.q.Bearer = name, token
		if a.d.Chance(refused) {
			a.q.Status = 403 + a.d.IntN(2)
		}
	})
}
