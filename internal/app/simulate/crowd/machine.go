package crowd

import (
	"net/netip"
	"strconv"
	"time"

	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// watched are the hosts that probes ask.
var watched = [...]string{site.Web, site.API, site.Auth}

// probe watches the site from one place, every thirty seconds, and logs in every five minutes.
type probe struct {
	d      dice.Dice
	crowd  *Crowd
	client internet.Client
	step   int
	rounds int
	begun  int64
}

const round = 30 * time.Second

// Act implements scene.Actor.
func (p *probe) Act(s *scene.Scene, now int64) int64 {
	if p.step == 0 {
		p.begun = now
	}
	q := &p.crowd.request
	if p.step < len(watched) {
		s.Site.Ask(q, &p.client, site.Health, 0, 0)
		q.Host = watched[p.step]
	} else {
		s.Site.Ask(q, &p.client, site.Login, 0, 0)
		q.User = "probe@kiosk.example"
	}
	s.Send(q, p.d)
	p.step++
	if p.step < len(watched) || p.step == len(watched) && p.rounds%10 == 0 {
		return now + int64(p.d.Span(40*time.Millisecond, .3))
	}
	p.step = 0
	p.rounds++
	return p.begun + int64(round) + int64(p.d.Wait(15*time.Millisecond))
}

// crawler reads the shop for a search engine or a model.
type crawler struct {
	d      dice.Dice
	crowd  *Crowd
	robot  internet.Robot
	client internet.Client
	left   int // pages of the present round
}

// reading is what crawlers read.
var reading = dice.NewTable(
	dice.Entry[site.ID]{Weight: 70, Value: site.Product}, dice.Entry[site.ID]{Weight: 12, Value: site.Category},
	dice.Entry[site.ID]{Weight: 8, Value: site.BlogPage}, dice.Entry[site.ID]{Weight: 3, Value: site.HelpPage},
	dice.Entry[site.ID]{Weight: 5, Value: site.Image}, dice.Entry[site.ID]{Weight: 2, Value: site.Sitemap},
)

const (
	roundPages = 40
	deadLinks  = .03
	movedLinks = .03
	heads      = .015 // only asks whether the page is still there
)

// Act implements scene.Actor.
func (c *crawler) Act(s *scene.Scene, now int64) int64 {
	q := &c.crowd.request
	opens := c.left == 0
	if opens {
		c.left = 1 + int(c.d.Wait(roundPages))
		c.client.Addr = c.address()
	}
	c.left--
	switch {
	case c.robot.Polite && opens:
		s.Site.Ask(q, &c.client, site.Robots, 0, 0)
	case c.d.Chance(movedLinks):
		s.Site.Ask(q, &c.client, site.Moved, c.thing(site.Product), 0)
	case c.d.Chance(deadLinks): // a page that was there years ago, and that others still link to
		s.Site.Stray(q, &c.client, site.Web, "/shop/item-"+strconv.Itoa(c.d.Rank(900))+".html")
	default:
		route := reading.Draw(c.d)
		s.Site.Ask(q, &c.client, route, c.thing(route), 1)
		if c.d.Chance(heads) {
			q.Method = "HEAD"
		}
	}
	s.Send(q, c.d)
	average := time.Duration(float64(24*time.Hour) / c.robot.PerDay)
	if c.left > 0 {
		return now + int64(c.d.Span(average/3, .5))
	}
	return now + int64(c.d.Wait(average*roundPages*2/3)) + int64(average)
}

func (c *crawler) thing(route site.ID) uint64 {
	n := map[site.ID]int{site.Category: site.Categories, site.BlogPage: site.Articles, site.HelpPage: site.Articles, site.Sitemap: 9}[route]
	if n == 0 {
		n = site.Products
	}
	return uint64(c.d.IntN(n)) + 1 //nolint:gosec // not negative
}

func (c *crawler) address() netip.Addr {
	b := c.robot.Network.Addr().As4()
	b[3] += byte(c.d.IntN(c.robot.Hosts)) + 1 //nolint:gosec // there are few hosts
	return netip.AddrFrom4(b)
}

// reader is a program that looks for news of the shop's blog, by the clock, for somebody or for many.
type reader struct {
	d      dice.Dice
	crowd  *Crowd
	client internet.Client
	every  time.Duration
	knows  bool // asks whether there is anything new
}

// periods are how long readers wait between two looks.
var periods = dice.NewTable(
	dice.Entry[time.Duration]{Weight: 3, Value: 15 * time.Minute}, dice.Entry[time.Duration]{Weight: 5, Value: 30 * time.Minute},
	dice.Entry[time.Duration]{Weight: 5, Value: time.Hour}, dice.Entry[time.Duration]{Weight: 2, Value: 6 * time.Hour},
)

// noNews is the part of the looks of those who ask for what is new that find nothing.
const noNews = .97

// Act implements scene.Actor.
func (r *reader) Act(s *scene.Scene, now int64) int64 {
	q := &r.crowd.request
	s.Site.Ask(q, &r.client, site.News, 0, 0)
	if r.knows && r.d.Chance(noNews) {
		q.Status = 304
	}
	s.Send(q, r.d)
	return now + int64(r.every) + int64(r.d.Wait(r.every/40))
}
