package jsonlog

import "gatewatch/internal/event"

// column is a place in the event that a key's value goes to.
type column uint8

// The columns. Those before secretCredential take the text as it is.
const (
	drop column = iota // known, and of no use to anybody
	method
	scheme
	host
	path
	query
	route
	clientHost
	xff
	userAgent
	referrer
	httpVersion
	requestID
	principal
	traceID
	spanID
	service
	tlsVersion
	sni
	ja4
	country
	asOrg
	requestLine
	// Below, the value is read first.

	// secretCredential and secretSession are event.Credential and event.Session with the secret itself in them: whoever
	// takes events from here must hash them before anything else sees the event.
	secretCredential
	secretSession
	timestamp
	clientIP
	peerIP
	status
	bytesIn
	bytesOut
	bodyBytesOut
	duration
	upstream
	asn

	// The columns below are not the event's own: they fill several of its fields, or help a fix-up.

	request          // a request line: method, target, protocol
	target           // path and query, or an absolute URL
	protocol         // HTTP/1.1
	routeKey         // "GET /pets/{id}", "$default"
	traceparent      // W3C trace context
	cookies          // a Cookie header
	country2         // a country code in any case
	percentUserAgent // a user agent with %HH in it
	tlsNumber        // the version of TLS as its number on the wire
	https            // "on" or "off"
	durationPart     // one of the durations that add up to the whole; negative for none
	upstreamPart     // the same, and the upstream's share
	startTime        // the request's begin and end, where the duration is their difference
	endTime
	dateText // a date and a time of day that stand apart
	clockText
	unmapped // kept under its own key although its neighbours are ignored
	expected // the value must begin with the rule's want; the record is of another kind otherwise
)

// text is the event's field of a text column.
func text(e *event.Event, c column) *string {
	switch c {
	case method:
		return &e.Method
	case scheme:
		return &e.Scheme
	case host:
		return &e.Host
	case path:
		return &e.Path
	case query:
		return &e.Query
	case route:
		return &e.Route
	case clientHost:
		return &e.ClientHost
	case xff:
		return &e.XFF
	case userAgent:
		return &e.UserAgent
	case referrer:
		return &e.Referrer
	case httpVersion:
		return &e.HTTPVersion
	case requestID:
		return &e.RequestID
	default:
		return identityText(e, c)
	}
}

func identityText(e *event.Event, c column) *string {
	switch c {
	case principal:
		return &e.Principal
	case traceID:
		return &e.TraceID
	case spanID:
		return &e.SpanID
	case service:
		return &e.Service
	case tlsVersion:
		return &e.TLSVersion
	case sni:
		return &e.SNI
	case ja4:
		return &e.JA4
	case country:
		return &e.Country
	case asOrg:
		return &e.ASOrg
	default:
		return &e.RequestLine
	}
}

// unit is how a number, time or duration is written.
type unit uint8

// The units. plain is the column's own: bytes, a status, an address.
const (
	plain unit = iota
	seconds
	millis
	micros
	nanos
	millisOrUnset // -1 where there was none
	secondsList   // nginx: one number for each upstream tried, parted by commas and colons
	spelled       // with the unit behind it: 0.058927s, 12ms, 1m2.5s; seconds where there is none
	rfc3339
	clf
	anyTime // RFC 3339, the common log format, or a number of seconds, ms, µs or ns since the epoch by its size
)
