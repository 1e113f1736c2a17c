// Package detect holds the detectors and the engine that runs them: a pure fold over events in their own time. A
// detector says that something is so; the engine decides whether it is news. Nothing here reads a clock, a file or a
// random number: the same events in the same order give the same findings.
package detect

import (
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// Detector asks one question about every entity of one kind. It is an immutable value shared by all of them; S is what
// it remembers about one: a fixed-size value without pointers or padding, so that a snapshot is a copy. Observe depends
// on its arguments only, of which an observation's habits are knowledge that all share and some detectors add to.
type Detector[S any] interface {
	Spec() Spec
	Validate() error
	// Concerns tells whether the event bears on the question at all. The engine makes and touches no state for an event
	// that does not, which is what keeps quiet entities small and ordinary events fast.
	Concerns(o *Observation) bool
	// Observe folds one event that concerns the detector into the entity's state, and tells whether the statement holds
	// now, with the evidence. It is called in order of arrival, which need not be the order of event time.
	Observe(s *S, o *Observation) (Evidence, bool)
}

// Spec states a detector to people and to the engine.
type Spec struct {
	Name    string // lower case with underscores; a subject token, a metric label, a configuration key
	Version uint16 // of the state's meaning; a snapshot of another version is dropped
	// Entity lists the kinds of entity asked about, narrowest first: the state belongs to the first that the event tells.
	Entity []event.Kind
	// When are the signs of which an observation has one or more if it concerns the detector. With none here, the detector
	// is asked about every event.
	When Sign
	// Whole tells that Observe gets every event of an entity from the first one that concerns the detector on, and not
	// only those that do: for shares, whose denominator is ordinary.
	Whole bool
	// Everyone tells that every entity has a state sooner or later. It then makes nobody suspicious: it does not keep an
	// entity from being evicted before others, and the states of those that come often are kept longer than those of
	// entities that came once.
	Everyone bool
	// Facets tells that the detector belongs to the second stage: it is asked about the facets of events whose kind is one
	// of Entity, and not about the events themselves.
	Facets      bool
	Quiet       time.Duration // an episode ends when it has no evidence for so long
	Title       string        // what happened, as a headline
	Description string        // what it means and what to do first, in a sentence or two
	Attack      []string      // ATT&CK techniques
	OWASP       []string      // OWASP API Security Top 10, 2023
	OAT         []string      // OWASP Automated Threats
}

// Evidence is why a detector's statement holds at this moment.
type Evidence struct {
	Severity   finding.Severity
	Score      float64 // 0–100
	Confidence float64 // 0–1
	// Count is how many events speak for it, those before this one included. The engine adds later ones.
	Count int64
	// Since is the event time of the first of them; 0 means this event.
	Since    int64
	Numbers  []finding.Number // at most MaxNumbers; not within the evidence, because most that is observed has none
	Baseline finding.Baseline
	// Compared tells that Baseline is set.
	Compared bool
	// More tells that nothing is new but one more event that speaks for it: what an open episode said stays as it is, and
	// none is opened.
	More bool
}

// MaxNumbers is the most numbers a detector can give.
const MaxNumbers = 8

// With returns the evidence with one more number; more than MaxNumbers are dropped.
func (e Evidence) With(name string, value float64) Evidence {
	if e.Numbers == nil {
		e.Numbers = make([]finding.Number, 0, MaxNumbers)
	}
	if len(e.Numbers) < MaxNumbers {
		e.Numbers = append(e.Numbers, finding.Number{Name: name, Value: value})
	}
	return e
}
