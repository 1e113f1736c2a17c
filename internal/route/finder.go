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
func (f *Finder) Find(e *event.Event) Object {
	var obj Object
	if e.Route == "" || e.Route != e.Path {
		var segs [maxSegments]segment
		n, _ := f.t.split(originForm(e.Path), &segs)
		obj = f.t.routed(e.Route, segs[:n])
	}
	if (obj.Kind == ObjectNone || obj.Kind == ObjectSlug) && e.Query != "" {
		// A name says less than an id: "/view.php" may have become a slug, and the id is in its query.
		if id := f.t.queryObject(e.Query); id.Found() {
			obj = id
		}
	}
	return obj
}
