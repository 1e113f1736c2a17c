package attack

import (
	"time"

	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

const denied = 401

// guess tries a password.
func guess(s *scene.Scene, a *attacker, from *internet.Client, name string, right bool) {
	s.Site.Ask(&a.q, from, site.Login, 0, 0)
	a.q.User = name
	if !right {
		a.q.Status = denied
	}
}

// logins try passwords.
func logins() []Attack {
	return []Attack{
		{
			Name: "brute_force", Family: credential, About: "One client tries passwords of one account, one a second.", lasts: time.Hour,
			plan: func(p *plan) { bruteForce(p, 420, 900*time.Millisecond) },
		},
		{
			Name: "brute_force_paced", Family: credential, About: "One client tries passwords of one account, a few an hour.", slow: true, lasts: 36 * time.Hour,
			plan: func(p *plan) { bruteForce(p, 210, 7*time.Minute) },
		},
		{
			Name: "spraying", Family: credential, About: "A few clients try the same two passwords on many accounts.", lasts: 3 * time.Hour,
			plan: func(p *plan) {
				users := make([]uint64, p.many(260))
				for i := range users {
					users[i] = p.victim()
				}
				p.endpoint(site.Login)
				p.launch(p.from(internet.Hosting, 9, internet.Script), 2*len(users), 5*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					guess(s, a, from, site.User(users[a.n%len(users)]), a.d.Chance(.004))
				})
			},
		},
		{
			Name: "stuffing", Family: credential, About: "One client tries stolen pairs of name and password, each once.", lasts: time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.Login)
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(1500), 450*time.Millisecond, stuff(p))
			},
		},
		{
			Name: "distributed_stuffing", Family: credential, About: "Stolen pairs of name and password, each from an address of its own.", lasts: 6 * time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.Login)
				// 1.0 to 1.2 tries an address, as botnets of homes are sold.
				shots := p.many(2200)
				sources := int(float64(shots) / (1 + .2*p.d.Float64()))
				p.launch(p.from(internet.Home, sources, internet.Kit), shots, 4*time.Second, stuff(p))
			},
		},
		{
			Name: "takeover", Family: credential, About: "A password is guessed, and the account is read and changed at once.", lasts: 2 * time.Hour,
			plan: takeover,
		},
	}
}

func bruteForce(p *plan, tries int, pace time.Duration) {
	name := p.target(p.victim())
	p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(tries), pace, func(s *scene.Scene, a *attacker, from *internet.Client) {
		guess(s, a, from, name, false)
	})
}

// stuff tries stolen pairs: most are of people who never had an account here, and of the others few are still right.
func stuff(p *plan) shot {
	const known, valid = .35, .02
	return func(s *scene.Scene, a *attacker, from *internet.Client) {
		if a.d.Chance(known) {
			guess(s, a, from, site.User(p.Crowd.Account(a.d.IntN(p.Crowd.People))), a.d.Chance(valid))
			return
		}
		guess(s, a, from, site.User(10_000_000+a.d.Uint64N(1_000_000)), false)
	}
}

// looting is what is done with an account that was taken over.
var looting = []site.ID{site.Me, site.Orders, site.Addresses, site.Order, site.Invoice, site.MeUpdate, site.Cart, site.CartAdd, site.OrderPlace, site.Invoice}

func takeover(p *plan) {
	account := p.victim()
	name := p.target(account)
	tries := p.many(16)
	p.launch(p.from(internet.Home, 1, internet.Masked), tries+1+len(looting), 8*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
		if a.n <= tries {
			guess(s, a, from, name, a.n == tries)
			return
		}
		s.Site.Ask(&a.q, from, looting[a.n-tries-1], site.OrderOf(account, a.n%4), 1)
		a.q.User, a.q.Cookie = name, account*0x9e3779b97f4a7c15|1
	})
}
