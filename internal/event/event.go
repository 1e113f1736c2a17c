// Package event holds the canonical event, one HTTP request as a gateway or service logged it, the entities that take
// part in it, and its codecs. It knows no log format, no detector and no storage.
package event

import (
	"net/netip"
	"time"
)

// Event is one HTTP request, flat and normalised: times in nanoseconds since the Unix epoch (UTC), durations in
// microseconds, sizes in bytes, addresses parsed. The string fields may alias the buffer of the line they came from and
// are then valid only until the next line is parsed; Clone before keeping one. The zero value is an empty event; Reset
// makes one reusable without giving up its memory.
type Event struct {
	Origin Origin
	// Time is when the request was received or logged, as the line says, in nanoseconds since the Unix epoch.
	Time int64
	// Present tells which of the numeric fields below the line carried, so that 0 and "not logged" stay apart.
	Present Fields

	Status       int32 // HTTP status code, 100–999; 0 with FieldStatus set means the client left before an answer
	BytesIn      int64 // request, headers and body
	BytesOut     int64 // response, headers and body
	BodyBytesOut int64 // response body
	DurationUS   int64 // first byte of the request to last byte of the response
	UpstreamUS   int64 // the part of it that the upstream took
	ASN          uint32

	Client netip.Addr // the client behind trusted proxies; before Resolver.Resolve, the peer
	Peer   netip.Addr // the TCP peer that the gateway saw

	ClientHost string // the client's name, only where the log has a name in place of an address
	XFF        string // X-Forwarded-For (or the for= list of Forwarded), as logged

	Method      string // as sent, upper or lower case kept; "" when the request line was no HTTP
	Scheme      string
	Host        string
	Path        string // raw, before any decoding, without the query
	Query       string // raw, without the question mark; secret-looking values replaced
	Route       string // template, low cardinality: the gateway's own, or made by package route
	HTTPVersion string // "1.1", "2", …
	UserAgent   string
	Referrer    string

	RequestID   string
	Principal   string // authenticated user or consumer, as the gateway names it
	Credential  string // keyed hash of an API key or token, never the secret
	Session     string // keyed hash of a session cookie or id
	TraceID     string
	SpanID      string
	Service     string
	TLSVersion  string
	SNI         string
	JA4         string
	Country     string // ISO 3166-1 alpha-2
	ASOrg       string
	RequestLine string // the raw request, only when it was no HTTP (TLS bytes, garbage)

	// Unmapped are the fields of the line that have no place above, in the line's order.
	Unmapped []Pair
}

// Pair is one named value that the schema has no field for.
type Pair struct{ Key, Value string }

// Origin says where a record came from: every consumer remembers how far it has heard each source, which is the
// deduplication. Ordinal counts the events of one record (an OTLP request, a records array).
type Origin struct {
	Topic     string
	Partition int32
	Ordinal   int32
	Offset    int64
}

// Fields is a set of numeric fields.
type Fields uint32

// The numeric fields whose zero is a value of its own.
const (
	FieldStatus Fields = 1 << iota
	FieldBytesIn
	FieldBytesOut
	FieldBodyBytesOut
	FieldDuration
	FieldUpstream
	FieldASN
)

// Has tells whether every field of f was in the line.
func (e *Event) Has(f Fields) bool { return e.Present&f == f }

// SetStatus sets the HTTP status.
func (e *Event) SetStatus(v int64) { e.Status, e.Present = int32(v), e.Present|FieldStatus }

// SetBytesIn sets the size of the request in bytes.
func (e *Event) SetBytesIn(v int64) { e.BytesIn, e.Present = v, e.Present|FieldBytesIn }

// SetBytesOut sets the size of the whole response in bytes.
func (e *Event) SetBytesOut(v int64) { e.BytesOut, e.Present = v, e.Present|FieldBytesOut }

// SetBodyBytesOut sets the size of the response body in bytes.
func (e *Event) SetBodyBytesOut(v int64) { e.BodyBytesOut, e.Present = v, e.Present|FieldBodyBytesOut }

// SetDuration sets the duration of the request in microseconds.
func (e *Event) SetDuration(us int64) { e.DurationUS, e.Present = us, e.Present|FieldDuration }

// SetUpstream sets the upstream's part of the duration in microseconds.
func (e *Event) SetUpstream(us int64) { e.UpstreamUS, e.Present = us, e.Present|FieldUpstream }

// SetASN sets the client's autonomous system number.
func (e *Event) SetASN(n uint32) { e.ASN, e.Present = n, e.Present|FieldASN }

// Size is the response's size in bytes: the body where it is known, else everything sent; false when neither was logged.
func (e *Event) Size() (int64, bool) {
	switch {
	case e.Has(FieldBodyBytesOut):
		return e.BodyBytesOut, true
	case e.Has(FieldBytesOut):
		return e.BytesOut, true
	default:
		return 0, false
	}
}

// When is Time as a time.Time in UTC.
func (e *Event) When() time.Time { return time.Unix(0, e.Time).UTC() }

// Reset empties the event and keeps the capacity of Unmapped.
func (e *Event) Reset() {
	pairs := e.Unmapped[:0]
	*e = Event{}
	e.Unmapped = pairs
}
