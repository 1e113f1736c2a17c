package crowd

import (
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// person visits the shop with a browser.
type person struct {
	d        dice.Dice
	crowd    *Crowd
	rhythm   *calendar.Rhythm
	every    float64 // average hours between visits
	account  uint64
	gone     int64           // when the person is seen no more
	home     internet.Client // where most visits come from
	phone    internet.Agent  // what others come from, through a carrier's gateways
	roams    float64         // part of the visits by phone
	careful  bool            // has a password manager
	returned bool            // has been here before: the cache is warm
	visit    visit
}

// visit is what a person is in the middle of.
type visit struct {
	client  internet.Client
	cookie  uint64
	left    int // pages
	page    pageID
	wanted  pageID // after the login
	known   bool
	fails   int  // at the login; -1 outside of it
	fresh   bool // nothing has been looked at yet
	ways    int  // to the login: 1 led there, 2 sees it
	reset   bool
	product uint64
	order   uint64
	todo    []errand
	referer string
}

// errand is a request that a page still needs.
type errand struct {
	route site.ID
	thing uint64
}

// Think times are log-normal: half of the pages are left within the median, some stay open over lunch.
const (
	think       = 14 * time.Second
	thinkSigma  = 1.15
	typing      = 9 * time.Second
	typingSigma = .6
	render      = 160 * time.Millisecond // from a page to what it brings with it
	between     = 30 * time.Millisecond
)

// glances are the visits that are one picture, which another site or a search engine shows.
const glances = .35

// detours are the visits that begin at an address of the shop before this one, and icons those in which the browser asks
// for the icon of its tab.
const (
	detours = .025
	icons   = .3
)

// first is the part of those not known yet who log in before anything else.
const first = .3

// touches is how often a phone asks for an icon for its home screen when a visit begins.
const touches = .3

// leaves is the part of those done with something who do not begin something else: how long a visit is depends on the
// person more than on the page.
const leaves = .2

// Act implements scene.Actor.
func (p *person) Act(s *scene.Scene, now int64) int64 {
	v := &p.visit
	if v.left == 0 && len(v.todo) == 0 {
		if now >= p.gone {
			return calendar.Never
		}
		p.begin()
	}
	if v.fails >= 0 {
		return p.login(s, now)
	}
	if len(v.todo) == 0 {
		p.open()
	}
	p.fetch(s)
	if len(v.todo) > 0 {
		return now + int64(between) + int64(p.d.Wait(between))
	}
	return p.proceed(now)
}

// begin begins a visit.
func (p *person) begin() {
	d := p.d
	p.visit = visit{client: p.home, cookie: d.Uint64() | 1, fails: -1, fresh: true, page: entries.Draw(d), todo: p.visit.todo[:0]}
	v := &p.visit
	if d.Chance(p.roams) {
		v.client = p.crowd.roam(d, p.phone)
	} else {
		v.client.Move(d)
	}
	v.left = int(d.Pareto(1, 1.2, 250))
	v.known = p.returned && d.Chance(.5)
	v.product = p.crowd.product(d)
	v.referer = referers.Draw(d)
	if d.Chance(glances) {
		v.left, v.todo = 1, append(v.todo, errand{site.Image, v.product})
		return
	}
	if !v.known && (p.crowd.shop[v.page].known || d.Chance(first)) {
		v.wanted, v.fails = v.page, 0
	}
}

var referers = dice.NewTable(
	dice.Entry[string]{Weight: 46, Value: ""},
	dice.Entry[string]{Weight: 38, Value: "https://www.google.com/"},
	dice.Entry[string]{Weight: 5, Value: "https://www.bing.com/"},
	dice.Entry[string]{Weight: 4, Value: "https://duckduckgo.com/"},
	dice.Entry[string]{Weight: 7, Value: "https://mail.example/"},
)

// open lists what a page needs: itself, the shop's scripts the first time, its images and calls.
func (p *person) open() {
	v, d := &p.visit, p.d
	pg := &p.crowd.shop[v.page]
	if v.page == detail && d.Chance(.8) || v.product == 0 {
		v.product = p.crowd.product(d)
	}
	v.order = site.OrderOf(p.account, d.Rank(9))
	if v.fresh && d.Chance(detours) {
		v.todo = append(v.todo, errand{site.Moved, v.product})
	}
	v.todo = append(v.todo, errand{pg.doc, p.thing(pg.thing)})
	cold := .015
	if v.referer == "" || v.left > 0 && !p.returned {
		cold = .4
	}
	for _, asset := range assets {
		if d.Chance(cold) {
			v.todo = append(v.todo, errand{asset, p.thing(release)})
		}
	}
	if v.fresh && v.client.Agent.Name == p.phone.Name && d.Chance(touches) {
		v.todo = append(v.todo, errand{site.TouchIcon, 0})
	}
	if v.fresh && d.Chance(icons) {
		v.todo = append(v.todo, errand{site.Favicon, 0})
	}
	v.fresh = false
	for _, c := range pg.calls {
		for range c.times {
			if d.Chance(c.chance) {
				v.todo = append(v.todo, errand{c.route, p.thing(c.thing)})
			}
		}
	}
	p.returned = true
}

var assets = [...]site.ID{site.Script, site.Style, site.Font, site.Logo, site.Favicon}

func (p *person) thing(t thing) uint64 {
	switch t {
	case product:
		return p.visit.product
	case products:
		return p.crowd.product(p.d)
	case category:
		return uint64(p.d.Rank(site.Categories) + 1) //nolint:gosec // ranks count from 0
	case article:
		return uint64(p.d.Rank(site.Articles) + 1) //nolint:gosec // ranks count from 0
	case ownOrder:
		return p.visit.order
	case release:
		return 42
	case account:
		return p.account
	default:
		return 0
	}
}

// fetch makes the next request of the page.
func (p *person) fetch(s *scene.Scene) {
	v := &p.visit
	e := v.todo[0]
	v.todo = v.todo[:copy(v.todo, v.todo[1:])]
	q := &p.crowd.request
	s.Site.Ask(q, &v.client, e.route, e.thing, 1)
	switch {
	case q.Host == site.Web:
		q.Referer, q.Cookie = v.referer, v.cookie
	case e.route == site.Coupon && p.d.Chance(.2):
		q.Status = 422
	case e.route == site.Payment && p.d.Chance(.04):
		q.Status = 402
	default:
		q.Referer = origin
	}
	if q.Service != "static" && q.Host != site.Web {
		q.Cookie = v.cookie
	}
	if v.known && q.Service != "static" {
		q.User = p.crowd.name(p.account)
	}
	s.Send(q, p.d)
	if len(v.todo) == 0 || q.Host == site.Web {
		v.referer = origin
	}
}

const origin = "https://www.kiosk.example/"

// proceed decides what comes after a page, and when.
func (p *person) proceed(now int64) int64 {
	v := &p.visit
	v.left--
	next := p.crowd.shop[v.page].next.Draw(p.d)
	if next == away && !p.d.Chance(leaves) {
		next = entries.Draw(p.d)
	}
	if v.left <= 0 || next == away {
		v.left = 0
		v.todo = nil // most people are not here: their memory is for those who are
		return p.rhythm.After(now, p.d.ExpFloat64()*p.every)
	}
	v.page = next
	if p.crowd.shop[next].known && !v.known {
		v.wanted, v.fails = next, 0
	}
	return now + int64(p.d.Span(think, thinkSigma)) + int64(render)
}
