package detect

import (
	"fmt"
	"reflect"
	"unsafe"

	"gatewatch/internal/event"
)

// Definition is a detector in the catalog, its state's type forgotten.
type Definition struct {
	spec     Spec
	validate func() error
	start    func(cfg *Config) runner

	// Of a detector with thresholds; see Tune.
	thresholds func() any
	with       func(thresholds any) (Definition, bool)
}

// Define makes a detector a definition. It panics when the detector's state is no plain memory, which any test of the
// catalog shows.
func Define[S any](d Detector[S]) Definition {
	if err := checkState(reflect.TypeFor[S]()); err != nil {
		panic(fmt.Sprintf("detector %s: %v", d.Spec().Name, err))
	}
	return Definition{
		spec:     d.Spec(),
		validate: d.Validate,
		start: func(cfg *Config) runner {
			return &run[S]{detector: d, spec: d.Spec(), slab: slab[S]{limit: stateLimit(cfg, reflect.TypeFor[S]().Size())}}
		},
	}
}

// Spec is the detector's statement.
func (d Definition) Spec() Spec { return d.spec }

// Split parts a catalog by stage: the detectors of events, which belong to one engine, and those of facets, which belong
// to another.
func Split(catalog []Definition) (events, facets []Definition) {
	for _, d := range catalog {
		if d.spec.Facets {
			facets = append(facets, d)
		} else {
			events = append(events, d)
		}
	}
	return events, facets
}

// Validate checks the detector's configuration.
func (d Definition) Validate() error {
	if err := d.validate(); err != nil {
		return fmt.Errorf("detector %s: %w", d.spec.Name, err)
	}
	return nil
}

// A detector whose states are larger than usualState may have fewer than MaxStates, so that none takes more memory than these
// would, but for leastStates; both in bytes.
const (
	usualState  = 640
	leastStates = 160 << 20
)

// stateLimit is how many states of a size a detector may have: more than episodes, so that one can be evicted.
func stateLimit(cfg *Config, size uintptr) int {
	return min(cfg.MaxStates, max(max(cfg.MaxStates*usualState, leastStates)/int(max(size, 1)), cfg.MaxEpisodes+1))
}

// runner is one detector at work in one engine.
type runner interface {
	concerns(o *Observation) bool
	// observe sets the evidence if there is some. It does not return it: so much would be copied from call to call, and
	// nearly all of it says nothing.
	observe(slot uint32, o *Observation, ev *Evidence) bool
	take(o owner, evict func(owner)) uint32
	fetch(slot uint32)
	owner(slot uint32) *owner
	owners() []owner
	drop(slot uint32)
	clear()
	states() (n int, bytes int)
	footprint() int
	appendTo(w *writer)
	readFrom(r *reader) error
}

type run[S any] struct {
	detector Detector[S]
	spec     Spec
	slab     slab[S]
}

func (r *run[S]) concerns(o *Observation) bool { return r.detector.Concerns(o) }

func (r *run[S]) observe(slot uint32, o *Observation, ev *Evidence) bool {
	found, so := r.detector.Observe(r.slab.at(slot), o)
	if so {
		*ev = found
	}
	return so
}

func (r *run[S]) take(o owner, evict func(owner)) uint32 { return r.slab.take(o, evict) }
func (r *run[S]) owner(slot uint32) *owner               { return &r.slab.owners[slot] }
func (r *run[S]) drop(slot uint32)                       { r.slab.drop(slot) }

func (r *run[S]) fetch(slot uint32) {
	prefetch(unsafe.Pointer(&r.slab.owners[slot]))
	prefetch(unsafe.Pointer(r.slab.at(slot)))
}

func (r *run[S]) clear() { r.slab = slab[S]{limit: r.slab.limit} }

func (r *run[S]) states() (n, bytes int) {
	return len(r.slab.owners) - len(r.slab.free), len(r.slab.chunks) * int(perChunk[S]()) * int(reflect.TypeFor[S]().Size())
}

// kindOf is the narrowest of the kinds that the event tells.
func kindOf(kinds []event.Kind, keys *[event.Kinds]event.Key) (event.Kind, bool) {
	for _, k := range kinds {
		if !keys[k].IsZero() {
			return k, true
		}
	}
	return event.KindUnknown, false
}
