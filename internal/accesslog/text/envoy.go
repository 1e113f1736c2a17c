package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// envoyLine reads what Envoy's and Istio's formats share.
type envoyLine struct{ scan.Scanner }

// envoy is Envoy's default: [%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%"
// %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%
// "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%". Durations are
// in milliseconds. The line has no peer address, but Envoy appends its peer to X-Forwarded-For: the rightmost entry is
// the peer. Envoy does not escape quotes in headers, so a field too many may be a forged one and the line is refused.
type envoy struct{ envoyLine }

func envoyDefinition() format.Definition {
	return format.Definition{
		Name:  "envoy",
		About: "Envoy's default text format.",
		New:   func() format.Parser { return new(envoy) },
	}
}

// Parse implements format.Parser.
func (p *envoy) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	p.head(e)
	p.sizes(e)
	forwarded := p.headers(e)
	if p.Fault == format.ReasonNone {
		scan.LastForwarded(e, forwarded)
	}
	return p.finish(e)
}

// istio is Istio's default: Envoy's up to the response flags, then %RESPONSE_CODE_DETAILS%
// %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%", the rest of Envoy's and %UPSTREAM_CLUSTER%
// %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%.
type istio struct{ envoyLine }

func istioDefinition() format.Definition {
	return format.Definition{
		Name:  "istio",
		About: "Istio's default text format, of gateways and sidecars.",
		New:   func() format.Parser { return new(istio) },
	}
}

// Parse implements format.Parser.
func (p *istio) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	p.head(e)
	p.Unmapped(e, "response_code_details", p.Word())
	p.Unmapped(e, "connection_termination_details", p.Word())
	p.Unmapped(e, "upstream_transport_failure_reason", p.Quoted())
	p.sizes(e)
	forwarded := p.headers(e)
	p.Unmapped(e, "upstream_cluster", p.Word())
	p.Unmapped(e, "upstream_local_address", p.Word())
	p.Unmapped(e, "downstream_local_address", p.Word())
	p.remote(e, p.Word(), forwarded)
	e.SNI = p.Text(p.Word())
	p.Unmapped(e, "route_name", p.Word())
	return p.finish(e)
}

// remote sets the peer. A request that reached Envoy through a listener of its own has none but what was forwarded.
func (p *istio) remote(e *event.Event, b, forwarded []byte) {
	if scan.Absent(b) || bytes.Contains(b, []byte("://")) {
		scan.LastForwarded(e, forwarded)
		return
	}
	p.PeerPort(e, b)
}

// head reads time, request, status and flags.
func (s *envoyLine) head(e *event.Event) {
	s.ISOTime(e, s.Bracketed())
	request := s.Quoted()
	if !bytes.HasPrefix(request, []byte("- - ")) { // a TCP connection, or a request that Envoy could not read
		s.Request(e, request)
	}
	s.StatusWord(e)
	s.Unmapped(e, "response_flags", s.Word())
}

// sizes reads the bodies' sizes and the durations.
func (s *envoyLine) sizes(e *event.Event) {
	if v, ok := s.NumberWord(); ok {
		e.SetBytesIn(v)
	}
	if v, ok := s.NumberWord(); ok {
		e.SetBodyBytesOut(v)
	}
	if v, ok := s.Duration(s.Word(), scan.Milliseconds); ok {
		e.SetDuration(v)
	}
	if v, ok := s.Duration(s.Word(), scan.Milliseconds); ok {
		e.SetUpstream(v)
	}
}

// headers reads the five quoted fields and returns X-Forwarded-For.
func (s *envoyLine) headers(e *event.Event) []byte {
	forwarded := s.Quoted()
	s.Forwarded(e, forwarded)
	e.UserAgent = s.Text(s.Quoted())
	e.RequestID = s.Text(s.Quoted())
	e.Host = s.Text(s.Quoted())
	s.Unmapped(e, "upstream_host", s.Quoted())
	return forwarded
}

// finish is the outcome of a line. A status of 0 without a method is that of a TCP connection.
func (s *envoyLine) finish(e *event.Event) error {
	err := s.End()
	if err == nil && e.Status == 0 && e.Method == "" && e.RequestLine == "" {
		return format.SkipLine
	}
	return err
}
