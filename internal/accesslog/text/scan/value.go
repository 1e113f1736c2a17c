package scan

import (
	"bytes"
	"net/netip"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// Units of durations, as factors to microseconds.
const (
	Seconds      = 1e6
	Milliseconds = 1e3
	Microseconds = 1
)

// unixPeer is how nginx and HAProxy name a peer on a Unix socket: not a host, but the only name there is.
const unixPeer = "unix:"

// Absent tells the two ways in which text formats say that there is nothing.
func Absent(b []byte) bool { return len(b) == 0 || len(b) == 1 && b[0] == '-' }

// Text is a field as a string, its escapes resolved; "" when it is absent.
func (s *Scanner) Text(b []byte) string {
	if Absent(b) {
		return ""
	}
	if s.Escaped {
		return s.Scratch.Unescape(b)
	}
	return lex.String(b)
}

// Unmapped keeps a field that the event has no place for, unless it is absent.
func (s *Scanner) Unmapped(e *event.Event, key string, b []byte) {
	if v := s.Text(b); v != "" {
		e.Unmapped = append(e.Unmapped, event.Pair{Key: key, Value: v})
	}
}

// Peer sets the address, or the name, of who the gateway talked to.
func (s *Scanner) Peer(e *event.Event, b []byte) {
	if a, ok := lex.Addr(b); ok {
		SetPeer(e, a)
		return
	}
	if lex.Host(b) || string(b) == unixPeer {
		e.ClientHost = lex.String(b)
		return
	}
	s.Fail(format.BadAddress)
}

// PeerPort is peer for an address that always has a port.
func (s *Scanner) PeerPort(e *event.Event, b []byte) {
	if a, ok := lex.AddrWithPort(b); ok {
		SetPeer(e, a)
		return
	}
	if bytes.HasPrefix(b, []byte(unixPeer)) {
		e.ClientHost = unixPeer
		return
	}
	if i := bytes.LastIndexByte(b, ':'); i > 0 && lex.Host(b[:i]) {
		e.ClientHost = lex.String(b[:i])
		return
	}
	s.Fail(format.BadAddress)
}

// SetPeer sets the peer, which is the client as far as the line tells.
func SetPeer(e *event.Event, a netip.Addr) { e.Peer, e.Client = a, a }

// Forwarded sets X-Forwarded-For.
func (s *Scanner) Forwarded(e *event.Event, b []byte) { e.XFF = s.Text(b) }

// LastForwarded takes the rightmost entry of X-Forwarded-For for the peer. It is what the gateway itself appended: the
// address it talked to. Only for formats that log no peer.
func LastForwarded(e *event.Event, b []byte) bool {
	if i := bytes.LastIndexByte(b, ','); i >= 0 {
		b = b[i+1:]
	}
	a, ok := lex.AddrPort(bytes.TrimSpace(b))
	if ok {
		SetPeer(e, a)
	}
	return ok
}

// Status sets the HTTP status. 0 is a status too: the client left before there was one.
func (s *Scanner) Status(e *event.Event, b []byte) {
	if Absent(b) {
		return
	}
	v, ok := lex.Int(b)
	if !ok || v > 999 || v > 0 && v < 100 {
		s.Fail(format.BadStatus)
		return
	}
	e.SetStatus(v)
}

// StatusWord is Status of the next word.
func (s *Scanner) StatusWord(e *event.Event) {
	if v, n := lex.IntPrefix(s.Rest); n == 3 && v >= 100 && len(s.Rest) > n && s.Rest[n] == ' ' {
		s.Rest = s.Rest[n+1:]
		e.SetStatus(v)
		return
	}
	s.Status(e, s.Word())
}

// NumberWord is Number of the next word.
func (s *Scanner) NumberWord() (int64, bool) {
	if v, n := lex.IntPrefix(s.Rest); n > 0 && n < len(s.Rest) && s.Rest[n] == ' ' {
		s.Rest = s.Rest[n+1:]
		return v, true
	}
	return s.Number(s.Word())
}

// Number reads a size; false when it is absent or, which is a fault, none.
func (s *Scanner) Number(b []byte) (int64, bool) {
	if Absent(b) {
		return 0, false
	}
	v, ok := lex.Int(b)
	if !ok {
		s.Fail(format.BadNumber)
	}
	return v, ok
}

// CLFBytes sets %b: Apache writes a dash in place of 0.
func (s *Scanner) CLFBytes(e *event.Event, b []byte) {
	if len(b) == 1 && b[0] == '-' {
		e.SetBodyBytesOut(0)
		return
	}
	if v, ok := s.Number(b); ok {
		e.SetBodyBytesOut(v)
	}
}

// CLFBytesWord is CLFBytes of the next word.
func (s *Scanner) CLFBytesWord(e *event.Event) {
	if len(s.Rest) > 0 && s.Rest[0] == '-' {
		s.CLFBytes(e, s.Word())
	} else if v, ok := s.NumberWord(); ok {
		e.SetBodyBytesOut(v)
	}
}

// Duration reads a duration in microseconds; false when it is absent (a dash, or -1 of a gateway that never got there)
// or, which is a fault, none.
func (s *Scanner) Duration(b []byte, unit int64) (int64, bool) {
	if Absent(b) || string(b) == "-1" {
		return 0, false
	}
	v, ok := lex.Decimal(b, unit)
	if !ok {
		s.Fail(format.BadNumber)
	}
	return v, ok
}

// Total adds up a list of durations, one per upstream tried.
func (s *Scanner) Total(b []byte, unit int64) (sum int64, ok bool) {
	for len(b) > 0 {
		n := bytes.IndexAny(b, ", ")
		if n < 0 {
			n = len(b)
		}
		part := b[:n]
		if b = bytes.TrimLeft(b[n:], ", "); string(part) == ":" {
			continue
		}
		if v, has := s.Duration(part, unit); has && sum+v >= 0 {
			sum, ok = sum+v, true
		}
	}
	return sum, ok
}

// CLFTime sets the time of the common log format.
func (s *Scanner) CLFTime(e *event.Event, b []byte) {
	t, ok := s.Clock.CLF(b)
	if !ok {
		s.Fail(format.BadTime)
	}
	e.Time = t
}

// ISOTime sets the time of RFC 3339.
func (s *Scanner) ISOTime(e *event.Event, b []byte) {
	t, ok := s.Clock.ISO(b)
	if !ok {
		s.Fail(format.BadTime)
	}
	e.Time = t
}
