package attack

import (
	"fmt"
	"time"

	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// accounts abuse what is around a login.
func accounts() []Attack {
	return []Attack{
		{
			Name: "user_enumeration", Family: credential, About: "One client asks of many addresses whether they have an account.", lasts: time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.UserExists)
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(700), 1100*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.UserExists, a.d.Uint64N(20_000_000), 0)
				})
			},
		},
		{
			Name: "fake_accounts", Family: credential, About: "A few clients open accounts with names of one pattern.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.SignUp)
				p.launch(p.from(internet.Hosting, 4, internet.Masked), p.many(180), 12*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.SignUp, 0, 0)
					a.q.User = fmt.Sprintf("user%06d@drop.example", 31_000+a.n*7)
				})
			},
		},
		{
			Name: "otp_abuse", Family: credential, About: "One client guesses the one-time code of an account.", lasts: time.Hour,
			plan: func(p *plan) {
				name := p.target(p.victim())
				p.endpoint(site.OTP)
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(360), 1500*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.OTP, 0, 0)
					a.q.User, a.q.Status = name, denied
				})
			},
		},
		{
			Name: "reset_abuse", Family: credential, About: "One client has passwords of many accounts reset.", lasts: time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.Reset)
				p.launch(p.from(internet.Hosting, 1, internet.Script), p.many(240), 6*time.Second, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Reset, 0, 0)
					a.q.User = site.User(p.Crowd.Account(a.d.IntN(p.Crowd.People)))
				})
			},
		},
	}
}

// payments abuse what has to do with money.
func payments() []Attack {
	return []Attack{
		{
			Name: "coupon_guess", Family: enumerates, About: "One account guesses coupon codes.", lasts: time.Hour,
			plan: func(p *plan) {
				name := p.target(p.stranger())
				p.endpoint(site.Coupon)
				p.launch(p.from(internet.Home, 1, internet.Masked), p.many(600), 900*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Coupon, 0, 0)
					a.q.User = name
					if !a.d.Chance(.006) {
						a.q.Status = 422
					}
				})
			},
		},
		{
			Name: "card_testing", Family: enumerates, About: "A few clients find out by small payments which stolen cards still work.", lasts: 2 * time.Hour,
			plan: func(p *plan) {
				p.endpoint(site.Payment)
				names := make([]string, 3)
				for i := range names {
					names[i] = p.target(p.stranger())
				}
				p.launch(p.from(internet.Home, 3, internet.Masked), p.many(420), 2500*time.Millisecond, func(s *scene.Scene, a *attacker, from *internet.Client) {
					s.Site.Ask(&a.q, from, site.Payment, 0, 0)
					a.q.User = names[a.n%len(names)]
					if !a.d.Chance(.05) {
						a.q.Status = 402
					}
				})
			},
		},
	}
}
