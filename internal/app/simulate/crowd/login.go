package crowd

import (
	"time"

	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// What people do at a login. A password manager knows the password, unless it was changed elsewhere.
const (
	mistypes    = .09 // of those who type their password
	outdated    = .008
	again       = .42 // who failed once fails again
	patience    = 4   // failures until somebody gives up or asks for a new password
	resets      = .7  // of those who lost patience
	reads       = 75 * time.Second
	readsSigma  = .8
	unauthentic = 401
	found       = 302
)

// login tries the password until it is right, or asks for a new one.
func (p *person) login(s *scene.Scene, now int64) int64 {
	v, d := &p.visit, p.d
	q := &p.crowd.request
	name := p.crowd.name(p.account)
	if v.reset {
		return p.confirm(s, now)
	}
	switch pg := &p.crowd.shop[v.wanted]; {
	case v.ways == 0 && pg.known: // asks for the page, and is led to the login
		v.ways = 1
		s.Site.Ask(q, &v.client, pg.doc, p.thing(pg.thing), 0)
		q.Cookie, q.Referer, q.Status = v.cookie, v.referer, found
		s.Send(q, d)
		return now + int64(d.Wait(render))
	case v.ways < 2:
		v.ways = 2
		s.Site.Ask(q, &v.client, site.LoginPage, 0, 0)
		q.Cookie, q.Referer = v.cookie, origin
		s.Send(q, d)
		return now + int64(d.Span(typing, typingSigma))
	}
	s.Site.Ask(q, &v.client, site.Login, 0, 0)
	q.User, q.Referer, q.Cookie = name, origin, v.cookie
	if d.Chance(p.failure()) {
		q.Status = unauthentic
	}
	s.Send(q, d)
	if q.Status >= 200 && q.Status < 300 {
		v.known, v.fails, v.page = true, -1, v.wanted
		return now + int64(d.Wait(render))
	}
	v.fails++
	if v.fails < patience {
		return now + int64(d.Span(typing, typingSigma))
	}
	if d.Chance(resets) {
		v.reset = true
		s.Site.Ask(q, &v.client, site.Reset, 0, 0)
		q.User, q.Referer, q.Cookie = name, origin, v.cookie
		s.Send(q, d)
		return now + int64(d.Span(reads, readsSigma))
	}
	v.fails, v.left, v.todo = -1, 0, nil
	return p.rhythm.After(now, d.ExpFloat64()*p.every)
}

// confirm sets the new password by the link that came by mail.
func (p *person) confirm(s *scene.Scene, now int64) int64 {
	v, q := &p.visit, &p.crowd.request
	s.Site.Ask(q, &v.client, site.ResetConfirm, 0, 0)
	q.User, q.Cookie = p.crowd.name(p.account), v.cookie
	s.Send(q, p.d)
	v.reset, v.known, v.fails, v.page = false, true, -1, v.wanted
	return now + int64(p.d.Wait(render))
}

// failure is how likely the next attempt fails.
func (p *person) failure() float64 {
	switch {
	case p.visit.fails > 0:
		return again
	case p.careful:
		return outdated
	default:
		return mistypes
	}
}
