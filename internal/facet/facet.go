// Package facet holds the small observations that the first stage of the detector makes of an event for the second: the
// same event looked at by another of its entities, such as the endpoint that was logged in to. It travels in the topic
// gatewatch.facets.v1 (schemas/facet/v1), keyed by that entity. It decides nothing.
package facet

import (
	"unicode/utf8"

	"gatewatch/internal/event"
	"gatewatch/internal/route"
)

// Facet is one event seen by one entity, or a tally of many.
type Facet struct {
	// Source is the position of the event in the topic of events, and as its ordinal which of the event's facets this is.
	// Facets of one source partition arrive in order in every partition of facets, so its high-water mark is the
	// deduplication. Whoever publishes the facet sets all but the ordinal.
	Source event.Origin
	// Kind is the kind of the entity: of the event, that of this kind.
	Kind event.Kind
	// Outcome is how the attempt to log in ended, as far as the first stage could tell, and Certain whether the answer
	// itself said so.
	Outcome route.Outcome
	Certain bool
	// Failed and Passed are how often the client's network failed to log in and got in before this event, as far as it is
	// remembered, at most 255.
	Failed, Passed uint8
	// Event is what matters of the event. Its Origin is where the line came from, as ever. In a facet of a principal, and
	// in any other whose log tells it, Principal is the account that was tried, in lower case.
	Event event.Event
	// Tally is set where the facet stands for many events; Tally.From is 0 otherwise.
	Tally Tally
}

// IsTally tells whether the facet stands for many events.
func (f *Facet) IsTally() bool { return f.Tally.From != 0 }

// Unnamed is the service of a log that names neither a service nor a host.
const Unnamed = "unnamed"

// Key is the key of the facet's record in Kafka: the entity's kind and value, so that every facet of one entity goes to
// one partition. A tally of an endpoint goes where those of its service go, which are looked at together. The key is empty
// when the event does not tell the entity.
func (f *Facet) Key() string {
	kind := f.Kind
	if f.IsTally() && kind == event.KindEndpoint {
		kind = event.KindService
	}
	ent, ok := f.Event.Entity(kind)
	switch {
	case ok:
	case f.IsTally() && kind == event.KindService:
		ent.Value = Unnamed
	default:
		return ""
	}
	return ent.Kind.String() + " " + ent.Value
}

// maxText is how many bytes of one text a facet keeps.
const maxText = 512

// Of sets the facet's event to what matters of another, whose memory it shares.
func (f *Facet) Of(e *event.Event) {
	pairs := f.Event.Unmapped[:0]
	f.Event = event.Event{
		Origin: e.Origin, Time: e.Time,
		Present: e.Present & (event.FieldStatus | event.FieldBytesOut | event.FieldBodyBytesOut | event.FieldASN),
		Status:  e.Status, BytesOut: e.BytesOut, BodyBytesOut: e.BodyBytesOut, ASN: e.ASN,
		Client: e.Client, ClientHost: cut(e.ClientHost),
		Method: cut(e.Method), Host: cut(e.Host), Path: cut(e.Path), Route: cut(e.Route), UserAgent: cut(e.UserAgent),
		Principal: cut(e.Principal), Service: cut(e.Service), JA4: cut(e.JA4), Country: cut(e.Country), ASOrg: cut(e.ASOrg),
		Unmapped: pairs,
	}
}

// cut is s without what exceeds maxText bytes, and without a rune that the limit would break.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	for end := maxText; end > maxText-utf8.UTFMax; end-- {
		if utf8.RuneStart(s[end]) {
			return s[:end]
		}
	}
	return s[:maxText]
}
