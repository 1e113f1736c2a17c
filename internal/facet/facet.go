// Package facet holds the small observations that the first stage of the detector makes of an event for the second: the
// same event looked at by another of its entities, such as the endpoint that was logged in to. It travels in the topic
// gatewatch.facets.v1, keyed by that entity.
package facet

import (
	"gatewatch/internal/event"
	"gatewatch/internal/route"
)

// Facet is one event seen by one entity.
type Facet struct {
	// Source is the position of the event in the topic of events, and which of its facets this is. Facets of one source
	// partition arrive in order in every partition of facets, so its high-water mark is the deduplication.
	Source event.Origin
	// Kind is the kind of the entity: of the event, that of this kind.
	Kind event.Kind
	// Outcome is how the attempt to log in ended, as far as the first stage could tell, and Certain whether the answer
	// itself said so.
	Outcome route.Outcome
	Certain bool
	// Event is what matters of the event. Its Origin is where the line came from, as ever.
	Event event.Event
}
