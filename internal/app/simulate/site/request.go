package site

import (
	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
)

// Request is one request and, once it is answered, one line of the log.
type Request struct {
	At     int64 // when it was logged, nanoseconds since the Unix epoch
	From   *internet.Client
	Method string
	Host   string
	// Service is who answered.
	Service string
	Path    []byte
	Query   []byte
	Referer string
	User    string // as the gateway knows it; at a login, the name that was tried
	Key     uint64 // API key, 0: none; the same for the next two
	Bearer  uint64 // token
	Cookie  uint64 // session
	ID      uint64 // of the request

	Status   int
	In, Out  int64 // bodies, bytes
	Micros   int64
	Campaign *campaign.Campaign

	route *Route
	thing uint64
	scale float64
	cost  float64
}

// Site answers requests. One goroutine owns it.
type Site struct {
	routes     [routes]Route
	conditions []*Condition
	active     []*Condition
	next       int
}

// New makes a site where nothing goes wrong.
func New() *Site { return &Site{routes: compile()} }

// Route is a route of the site.
func (s *Site) Route(id ID) *Route { return &s.routes[id] }

// Ask begins a request: for the thing with a number, and a page or time in the query where the route has one. What was in
// q is gone, but for its memory.
func (s *Site) Ask(q *Request, from *internet.Client, route ID, thing, page uint64) {
	r := &s.routes[route]
	*q = Request{
		From: from, Method: r.Method, Host: r.Host, Service: r.Service, Path: q.Path[:0], Query: q.Query[:0],
		In: r.In, route: r, thing: thing, scale: 1, cost: 1,
	}
	q.Path = r.appendPath(q.Path, thing)
	q.Query = r.appendQuery(q.Query, thing, page)
}

// Stray begins a request for a path that no route has.
func (s *Site) Stray(q *Request, from *internet.Client, host, path string) {
	*q = Request{
		From: from, Method: "GET", Host: host, Service: "web", Path: append(q.Path[:0], path...), Query: q.Query[:0],
		Status: notFound, route: &s.routes[HelpPage], scale: 1, cost: 1,
	}
	if host != web {
		q.Service = "gateway"
	}
}

// Enlarge makes the answer larger and dearer than usual.
func (q *Request) Enlarge(size, cost float64) { q.scale, q.cost = size, cost }

// fresh tells whether a browser that asks has what it asks for already.
func (q *Request) fresh(d dice.Dice) bool {
	return q.route.Cached && q.From.Agent.Class == internet.Browser && d.Chance(stale)
}

// stale is the part of requests for cached files that only ask whether they have changed: within their time of validity
// browsers do not ask at all.
const stale = .12
