package attack

import (
	"time"

	"gatewatch/internal/app/simulate/crowd"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

func stolenToken(p *plan) {
	account := p.Crowd.AppAccount(p.d.IntN(p.Crowd.People))
	name := p.target(account)
	token := site.BearerOf(account, crowd.TokenAt(p.begin.UnixNano()))
	p.launch(p.from(internet.Hosting, 1, internet.Bulk), p.many(280), 6*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
		s.Site.Ask(&a.q, from, dwelling.Draw(a.d), site.OrderOf(account, a.n%9), 1)
		a.q.User, a.q.Bearer = name, token
	})
}

func impossibleTravel(p *plan) {
	account := p.victim()
	name := p.target(account)
	for i, country := range []string{"DE", "IN"} {
		var there []*internet.Network
		for _, n := range internet.Networks(internet.Home) {
			if n.Country == country {
				there = append(there, n)
			}
		}
		client, _ := p.pool.Take(p.d, internet.Attacker, there, 0)
		client.Agent = internet.Desktop(p.d)
		visit := func(s *scene.Scene, a *attacker, from *internet.Client) {
			if a.n == 0 {
				guess(s, a, from, name, true)
				return
			}
			s.Site.Ask(&a.q, from, dwelling.Draw(a.d), site.OrderOf(account, a.n%9), 1)
			a.q.User, a.q.Cookie = name, site.BearerOf(account, 0)
		}
		p.launchAt(p.begin.Add(time.Duration(i)*17*time.Minute), []internet.Client{client}, p.many(14), 11*time.Second, visit)
	}
}
