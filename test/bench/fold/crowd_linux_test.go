package fold

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"gatewatch/internal/event"
)

// begun is how far apart visits begin: a million of them fill most of a day.
const begun = 80 * time.Millisecond

// step is a request of a visit.
type step struct {
	after        time.Duration // since the visit began
	method, path string        // a %d in the path is a number of the person's own
	route        string
	status, size int64
	knows        bool // the log tells who it is
}

// visits are what people do: two in ten look at one page, five at several, one of them at something that is not there; two
// log in and look at an order of theirs, one of them at the second try; one uses the app.
func visits() [][]step {
	glance := browse(1)[:1]
	missed := append(browse(3), step{after: 40 * time.Second, path: "/old/lamp", status: 404, size: 500})
	login := step{after: 50 * time.Second, method: "POST", path: "/login", status: 302}
	clumsy := step{after: 45 * time.Second, method: "POST", path: "/login", status: 401, size: 300}
	member := append(append(browse(2), login), account()...)
	again := append(append(browse(2), clumsy, login), account()...)
	var app []step
	for i := range 9 {
		app = append(app, step{after: time.Duration(i) * 4 * time.Second, method: "POST", path: "/graphql", size: 3_000, knows: true})
	}
	app[6].method, app[6].path, app[6].route = "GET", "/api/orders/%d", "/api/orders/{int}"
	return [][]step{glance, glance, browse(5), browse(5), browse(4), browse(12), missed, member, again, app}
}

// browse is a visit of some pages, each with its images and a call.
func browse(pages int) []step {
	var all []step
	for i := range pages {
		at := time.Duration(i) * 14 * time.Second
		all = append(all,
			step{after: at, path: fmt.Sprintf("/product/lamp-%d", i*31), route: "/product/{slug}", size: 16_000},
			step{after: at + 200*time.Millisecond, path: "/static/app.4f2a.js", size: 60_000},
			step{after: at + 300*time.Millisecond, path: fmt.Sprintf("/images/%d.png", i*31), route: "/images/{int}.png", size: 30_000},
			step{after: at + 400*time.Millisecond, path: fmt.Sprintf("/api/stock/%d", i*31), route: "/api/stock/{int}", size: 400})
	}
	return all
}

// account is what somebody does who has logged in.
func account() []step {
	at := time.Minute
	return []step{
		{after: at, path: "/account", size: 9_000, knows: true},
		{after: at + 15*time.Second, path: "/account/orders", size: 9_000, knows: true},
		{after: at + 30*time.Second, path: "/account/orders/%d", route: "/account/orders/{int}", size: 8_000, knows: true},
		{after: at + 45*time.Second, path: "/checkout", size: 12_000, knows: true},
	}
}

// crowd makes the events of people who come once or twice.
type crowd struct {
	now   int64
	event event.Event
}

// come lets so many people visit; who tells which one a visit is of. Visits overlap as those of a busy site do.
func (c *crowd) come(visitors int, who func(visit int) int, yield func(*event.Event)) {
	type turn struct {
		kind, lag int
		step      step
	}
	all, last := visits(), 0
	var turns []turn
	for kind, steps := range all {
		for _, s := range steps {
			turns = append(turns, turn{kind, int(s.after / begun), s})
			last = max(last, int(s.after/begun))
		}
	}
	for tick := range visitors + last {
		c.now += int64(begun)
		for i := range turns {
			t := &turns[i]
			if visit := tick - t.lag; visit >= 0 && visit < visitors {
				if person := who(visit); person%len(all) == t.kind {
					c.fill(&t.step, person)
					yield(&c.event)
				}
			}
		}
	}
}

// stay has regulars come all day, thirty requests an hour each. A third are partners' jobs that read orders one by one and a
// list now and then, a third are apps, and a third gateways behind which many people browse, log in, fail to, and ask for what
// is not there.
func (c *crowd) stay(regulars int, long time.Duration, yield func(*event.Event)) {
	const hourly = 30
	begin := c.now
	rounds := int(long.Hours() * hourly)
	for round := range rounds {
		for i := range regulars {
			c.now = begin + int64(time.Hour)/hourly*int64(round) + int64(time.Hour)/hourly*int64(i)/int64(regulars)
			s, person := regular(i, round), 1<<23+i
			c.fill(&s, person)
			e := &c.event
			switch i % 3 {
			case 0:
				e.Principal, e.UserAgent = fmt.Sprintf("partner-%d", i), "partner-sync/2.1"
			case 1:
				e.Principal = fmt.Sprintf("app-%d@mail.example", i)
			default: // whoever of twenty people it is
				e.Principal = ""
			}
			yield(e)
		}
	}
}

// regular is a request of somebody who comes all day.
func regular(i, round int) step {
	thing := round*97 + i
	switch kind := i % 3; {
	case kind == 0 && round%5 == 0:
		return step{path: "/v2/orders", size: 74_000}
	case kind == 0:
		return step{path: fmt.Sprintf("/v2/orders/%d", thing), route: "/v2/orders/{int}", size: 2_000}
	case kind == 1 && round%4 == 0:
		return step{path: fmt.Sprintf("/api/orders/%d", thing%9), route: "/api/orders/{int}", size: 2_000}
	case kind == 1:
		return step{method: "POST", path: "/graphql", size: 3_000}
	case round%40 == 7:
		return step{path: fmt.Sprintf("/gone/%d", thing), route: "/gone/{int}", status: 404, size: 500}
	case round%40 == 17:
		return step{method: "POST", path: "/login", status: 401, size: 300}
	case round%40 == 18:
		return step{method: "POST", path: "/login", status: 302}
	default:
		return step{path: fmt.Sprintf("/product/lamp-%d", thing), route: "/product/{slug}", size: 16_000}
	}
}

func (c *crowd) fill(s *step, person int) {
	path, method, status := s.path, s.method, s.status
	if strings.Contains(path, "%d") {
		path = fmt.Sprintf(path, 1_000_000+person)
	}
	if method == "" {
		method = "GET"
	}
	if status == 0 {
		status = 200
	}
	e := &c.event
	*e = event.Event{
		Time: c.now, Client: addressOf(person), Method: method, Host: "shop.example", Service: "shop", Path: path, Route: s.route,
		HTTPVersion: "2", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
	}
	if s.route == "" {
		e.Route = path
	}
	if s.knows {
		e.Principal = fmt.Sprintf("person%d@mail.example", person)
	}
	e.SetStatus(status)
	e.SetBodyBytesOut(s.size)
}

// addressOf is the address of a person, from 16 million of them.
func addressOf(person int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(person >> 16), byte(person >> 8), byte(person)})
}
