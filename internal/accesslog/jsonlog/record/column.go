package record

import (
	"unsafe"

	"gatewatch/internal/event"
)

// Column is a place in the event that a key's value goes to.
type Column uint8

// The columns. Those before SecretCredential take the text as it is.
const (
	Drop Column = iota // known, and of no use to anybody
	Method
	Scheme
	Host
	Path
	Query
	Route
	ClientHost
	XFF
	UserAgent
	Referrer
	HTTPVersion
	RequestID
	Principal
	TraceID
	SpanID
	Service
	TLSVersion
	SNI
	JA4
	ASOrg
	RequestLine
	// Below, the value is read first.

	// SecretCredential and SecretSession are event.Credential and event.Session with the secret itself in them: whoever
	// takes events from here must hash them before anything else sees the event.
	SecretCredential
	SecretSession
	Timestamp
	ClientIP
	PeerIP
	Status
	BytesIn
	BytesOut
	BodyBytesOut
	Duration
	Upstream
	ASN

	// The columns below are not the event's own: they fill several of its fields, or help a fix-up.

	Request          // a request line: method, target, protocol
	Target           // path and query, or an absolute URL
	Protocol         // HTTP/1.1
	RouteKey         // "GET /pets/{id}", "$default"
	Traceparent      // W3C trace context
	Cookies          // a Cookie header
	Country          // a country code in any case
	PercentUserAgent // a user agent with %HH in it
	TLSNumber        // the version of TLS as its number on the wire
	HTTPS            // "on" or "off"
	DurationPart     // one of the durations that add up to the whole; negative for none
	UpstreamPart     // the same, and the upstream's share
	StartTime        // the request's begin and end, where the duration is their difference
	EndTime
	DateText // a date and a time of day that stand apart
	ClockText
	Unmapped // kept under its own key although its neighbours are ignored
	Expected // the value must begin with the rule's Want; the record is of another kind otherwise
)

// fieldOf is where an event has the text of a text column: its offset in bytes.
func fieldOf(c Column) uint16 {
	if c >= SecretCredential {
		return 0
	}
	var e event.Event
	return uint16(uintptr(unsafe.Pointer(text(&e, c))) - uintptr(unsafe.Pointer(&e)))
}

// text is the event's field of a text column.
func text(e *event.Event, c Column) *string {
	switch c {
	case Method:
		return &e.Method
	case Scheme:
		return &e.Scheme
	case Host:
		return &e.Host
	case Path:
		return &e.Path
	case Query:
		return &e.Query
	case Route:
		return &e.Route
	case ClientHost:
		return &e.ClientHost
	case XFF:
		return &e.XFF
	case UserAgent:
		return &e.UserAgent
	case Referrer:
		return &e.Referrer
	case HTTPVersion:
		return &e.HTTPVersion
	case RequestID:
		return &e.RequestID
	default:
		return identityText(e, c)
	}
}

func identityText(e *event.Event, c Column) *string {
	switch c {
	case Principal:
		return &e.Principal
	case TraceID:
		return &e.TraceID
	case SpanID:
		return &e.SpanID
	case Service:
		return &e.Service
	case TLSVersion:
		return &e.TLSVersion
	case SNI:
		return &e.SNI
	case JA4:
		return &e.JA4
	case ASOrg:
		return &e.ASOrg
	default:
		return &e.RequestLine
	}
}

// Unit is how a number, time or duration is written.
type Unit uint8

// The units. Plain is the column's own: bytes, a status, an address.
const (
	Plain Unit = iota
	Seconds
	Millis
	Micros
	Nanos
	MillisOrUnset // -1 where there was none
	SecondsList   // nginx: one number for each upstream tried, parted by commas and colons
	Spelled       // with the unit behind it: 0.058927s, 12ms, 1m2.5s; seconds where there is none
	RFC3339
	CLF
	AnyTime // RFC 3339, the common log format, or a number of seconds, ms, µs or ns since the epoch by its size
)
