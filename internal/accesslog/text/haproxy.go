package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// haproxyLine reads what HAProxy's formats share.
type haproxyLine struct{ clf }

// haproxyHTTP is HAProxy's option httplog: %ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc
// %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r, with or without a syslog header. Timers are in milliseconds, -1 where the
// session did not get that far. Its time has no zone: it is HAProxy's local time.
type haproxyHTTP struct{ haproxyLine }

func haproxyHTTPDefinition(zone int64) format.Definition {
	return format.Definition{
		Name:  "haproxy-http",
		About: "HAProxy's option httplog.",
		New: func() format.Parser {
			p := new(haproxyHTTP)
			p.Clock.Zone = zone
			return p
		},
	}
}

// Parse implements format.Parser.
func (p *haproxyHTTP) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	if p.haproxy(e) {
		return format.SkipLine
	}
	return p.End()
}

// haproxyHTTPS is option httpslog: httplog and %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/
// %[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc.
type haproxyHTTPS struct{ haproxyLine }

func haproxyHTTPSDefinition(zone int64) format.Definition {
	return format.Definition{
		Name:  "haproxy-https",
		About: "HAProxy's option httpslog.",
		New: func() format.Parser {
			p := new(haproxyHTTPS)
			p.Clock.Zone = zone
			return p
		},
	}
}

// Parse implements format.Parser.
func (p *haproxyHTTPS) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	if p.haproxy(e) {
		return format.SkipLine
	}
	p.Unmapped(e, "ssl_errors", p.Word())
	sni, rest, _ := bytes.Cut(p.Word(), []byte("/"))
	version, cipher, ok := bytes.Cut(rest, []byte("/"))
	if !ok {
		p.Fail(format.BadSyntax)
	}
	e.SNI, e.TLSVersion = p.Text(sni), p.Text(version)
	p.Unmapped(e, "ssl_cipher", cipher)
	return p.End()
}

// haproxy reads what httplog and httpslog share. It tells whether the line is one of HAProxy's own that carries no
// request: of a TCP session, or of a connection that failed.
func (s *haproxyLine) haproxy(e *event.Event) (skip bool) {
	s.syslogHeader()
	if bytes.HasPrefix(s.Rest, []byte("Connect from ")) {
		return true
	}
	s.PeerPort(e, s.Word())
	s.CLFTime(e, s.Bracketed())
	frontend := s.Word()
	if bytes.HasSuffix(frontend, []byte(":")) && bytes.IndexByte(frontend, '/') >= 0 {
		return s.Fault == format.ReasonNone
	}
	s.Unmapped(e, "frontend", frontend)
	backend, server, _ := bytes.Cut(s.Word(), []byte("/"))
	e.Service = s.Text(backend)
	s.Unmapped(e, "server", server)
	if s.timers(e, s.Word()) {
		return s.Fault == format.ReasonNone
	}
	s.status(e, s.Word())
	s.size(e, s.Word())
	s.Word() // captured cookies may be sessions; they are not kept
	s.Word()
	s.Unmapped(e, "termination_state", s.Word())
	s.Unmapped(e, "connections", s.Word())
	s.Unmapped(e, "queues", s.Word())
	s.captured(e)
	s.Request(e, s.Quoted())
	return false
}

// syslogHeader drops all up to "haproxy[123]: ".
func (s *haproxyLine) syslogHeader() {
	const name, end = "haproxy[", "]: "
	i := bytes.Index(s.Rest, []byte(name))
	if quote := bytes.IndexByte(s.Rest, '"'); i < 0 || quote >= 0 && quote < i {
		return
	}
	if n := bytes.Index(s.Rest[i:], []byte(end)); n > 0 {
		s.Rest = s.Rest[i+n+len(end):]
	}
}

// timers sets the durations of TR/Tw/Tc/Tr/Ta; true for those of a TCP session, which are three.
func (s *haproxyLine) timers(e *event.Event, b []byte) (tcp bool) {
	var timer [5][]byte
	n := 0
	for found := true; found && n < len(timer); n++ {
		timer[n], b, found = bytes.Cut(b, []byte("/"))
	}
	if n == 3 {
		return true
	}
	if n != len(timer) || len(b) > 0 {
		s.Fail(format.BadSyntax)
		return false
	}
	if v, ok := s.Duration(timer[3], scan.Milliseconds); ok {
		e.SetUpstream(v)
	}
	if v, ok := s.Duration(unplus(timer[4]), scan.Milliseconds); ok {
		e.SetDuration(v)
	}
	return false
}

// unplus drops the sign that marks a value as one logged before the session ended (option logasap).
func unplus(b []byte) []byte {
	if len(b) > 1 && b[0] == '+' {
		return b[1:]
	}
	return b
}

// status sets the status; -1 says that there was none.
func (s *haproxyLine) status(e *event.Event, b []byte) {
	if string(b) == "-1" {
		e.SetStatus(0)
		return
	}
	s.Status(e, b)
}

// size sets %B: everything sent to the client, headers included.
func (s *haproxyLine) size(e *event.Event, b []byte) {
	if v, ok := s.Number(unplus(b)); ok {
		e.SetBytesOut(v)
	}
}

// captured reads the captured headers, {a|b} of the request, {c} of the response, where there are any.
func (s *haproxyLine) captured(e *event.Event) {
	for _, key := range []string{"captured_request_headers", "captured_response_headers"} {
		if len(s.Rest) == 0 || s.Rest[0] != '{' {
			return
		}
		i := bytes.IndexByte(s.Rest, '}') // one inside is logged as #7D
		if i < 0 {
			s.Fail(format.Truncated)
			return
		}
		s.Unmapped(e, key, s.Rest[1:i])
		s.Rest = s.Rest[i+1:]
		s.Space()
	}
}
