package scan

import (
	"bytes"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// Slot is a place in the event, together with the unit or notation of what goes there, for formats whose fields are
// named: custom ones and W3C extended.
type Slot uint8

// The slots.
const (
	Unmapped Slot = iota // kept under the field's own name
	Drop                 // read over

	// Text.
	Method
	Scheme
	Host
	Path
	Query
	UserAgent
	Referrer
	XFF
	RequestID
	Principal
	TraceID
	Service
	TLSVersion
	SNI
	JA4
	Country

	// Compounds.
	Request  // METHOD target HTTP/version
	URI      // path?query, or a URL
	Args     // ?query
	Protocol // HTTP/version
	Peer
	PeerPort

	// Times.
	TimeCLF
	TimeISO
	EpochS
	EpochMS
	EpochUS

	// Numbers.
	Status
	BytesIn
	BytesOut
	Body    // a dash is absent
	BodyCLF // a dash is 0
	ASN
	TookS
	TookMS
	TookUS
	UpstreamS // a list, of which the sum counts
	UpstreamMS
)

// Assign puts a field into its place.
func (s *Scanner) Assign(e *event.Event, to Slot, key string, b []byte) {
	switch to { // first what nearly every line has
	case Peer:
		s.Peer(e, b)
	case TimeCLF:
		s.CLFTime(e, b)
	case Request:
		s.Request(e, b)
	case Status:
		s.Status(e, b)
	case Referrer:
		e.Referrer = s.Text(b)
	case UserAgent:
		e.UserAgent = s.Text(b)
	case Principal:
		e.Principal = s.Text(b)
	case Unmapped:
		s.Unmapped(e, key, b)
	case Drop:
	default:
		s.assignRare(e, to, b)
	}
}

func (s *Scanner) assignRare(e *event.Event, to Slot, b []byte) {
	switch {
	case to < Request:
		*TextOf(e, to) = s.Text(b)
	case to < TimeCLF:
		s.assignCompound(e, to, b)
	case to < Status:
		s.assignTime(e, to, b)
	case to < TookS:
		s.assignNumber(e, to, b)
	default:
		s.assignDuration(e, to, b)
	}
}

// TextOf is the string that a slot of the text kind stands for.
func TextOf(e *event.Event, to Slot) *string {
	switch to {
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
	case UserAgent:
		return &e.UserAgent
	case Referrer:
		return &e.Referrer
	case XFF:
		return &e.XFF
	case RequestID:
		return &e.RequestID
	case Principal:
		return &e.Principal
	case TraceID:
		return &e.TraceID
	case Service:
		return &e.Service
	case TLSVersion:
		return &e.TLSVersion
	case SNI:
		return &e.SNI
	case JA4:
		return &e.JA4
	default:
		return &e.Country
	}
}

func (s *Scanner) assignCompound(e *event.Event, to Slot, b []byte) {
	switch to {
	case URI:
		if !Absent(b) {
			s.Target(e, lex.Bytes(e.Method), b)
		}
	case Args:
		e.Query = s.Text(bytes.TrimPrefix(b, []byte("?")))
	case Protocol:
		s.protocol(e, b)
	default:
		s.PeerPort(e, b)
	}
}

// protocol sets the version of HTTP/1.1; what is no HTTP stays as it is.
func (s *Scanner) protocol(e *event.Event, b []byte) {
	if v, ok := lex.Version(b); ok {
		b = v
	}
	e.HTTPVersion = s.Text(b)
}

func (s *Scanner) assignTime(e *event.Event, to Slot, b []byte) {
	var ok bool
	switch to {
	case TimeISO:
		e.Time, ok = s.Clock.ISO(b)
	case EpochS:
		e.Time, ok = lex.Epoch(b, time.Second)
	case EpochMS:
		e.Time, ok = lex.Epoch(b, time.Millisecond)
	default:
		e.Time, ok = lex.Epoch(b, time.Microsecond)
	}
	if !ok {
		s.Fail(format.BadTime)
	}
}

func (s *Scanner) assignNumber(e *event.Event, to Slot, b []byte) {
	if to == BodyCLF {
		s.CLFBytes(e, b)
		return
	}
	v, ok := s.Number(b)
	switch {
	case !ok:
	case to == BytesIn:
		e.SetBytesIn(v)
	case to == BytesOut:
		e.SetBytesOut(v)
	case to == Body:
		e.SetBodyBytesOut(v)
	case v <= 1<<32-1:
		e.SetASN(uint32(v))
	}
}

func (s *Scanner) assignDuration(e *event.Event, to Slot, b []byte) {
	unit := int64(Microseconds)
	switch to {
	case TookS, UpstreamS:
		unit = Seconds
	case TookMS, UpstreamMS:
		unit = Milliseconds
	default:
	}
	if to < UpstreamS {
		if v, ok := s.Duration(b, unit); ok {
			e.SetDuration(v)
		}
		return
	}
	if v, ok := s.Total(b, unit); ok {
		e.SetUpstream(v)
	}
}
