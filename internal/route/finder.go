package route

import (
	"gatewatch/internal/event"
)

// Finder finds the object that a request names when its route is known already, as downstream of a Templater. It learns
// nothing: equal events give equal objects. One goroutine owns a Finder.
type Finder struct{ t Templater }

// NewFinder makes a Finder; the seed must be that of every other Finder whose objects are compared with its own.
func NewFinder(seed uint64) *Finder { return &Finder{Templater{cfg: Config{Seed: seed}}} }

// Find returns the object that the request names.
func (f *Finder) Find(e *event.Event) Object { return f.Complete(f.InPath(e), e) }

// InPath is the object that the path names, by path and route alone: who sees both again knows it.
func (f *Finder) InPath(e *event.Event) Object {
	if e.Route != "" && e.Route == e.Path {
		return Object{}
	}
	var segs [maxSegments]segment
	n, _ := f.t.split(originForm(e.Path), &segs)
	return f.t.routed(e.Route, segs[:n])
}

// Complete is the object that the request names, given what InPath found.
func (f *Finder) Complete(obj Object, e *event.Event) Object {
	if e.Query == "" || obj.Kind != ObjectNone && obj.Kind != ObjectSlug {
		return obj
	}
	// A name says less than an id: "/view.php" may have become a slug, and the id is in its query.
	if id := f.t.queryObject(e.Query); id.Found() {
		return id
	}
	return obj
}
