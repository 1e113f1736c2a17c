package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// alb is the access log of AWS Application Load Balancers: type time elb client:port target:port
// request_processing_time target_processing_time response_processing_time elb_status_code target_status_code
// received_bytes sent_bytes "request" "user_agent" ssl_cipher ssl_protocol target_group_arn "trace_id" "domain_name"
// "chosen_cert_arn" matched_rule_priority request_creation_time "actions_executed" "redirect_url" "error_reason"
// "target:port_list" "target_status_code_list" "classification" "classification_reason", and more in newer ones.
// Durations are in seconds, -1 where the request did not get that far.
type alb struct{ scan.Scanner }

func albDefinition() format.Definition {
	return format.Definition{
		Name:  "aws-alb",
		About: "AWS Application Load Balancer access logs.",
		New:   func() format.Parser { return new(alb) },
	}
}

// Parse implements format.Parser.
func (p *alb) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.kind(e)
	p.ISOTime(e, p.Word())
	p.Unmapped(e, "elb", p.Word())
	p.PeerPort(e, p.Word())
	p.Unmapped(e, "target", p.Word())
	p.processingTimes(e)
	p.StatusWord(e)
	p.Unmapped(e, "target_status_code", p.Word())
	if v, ok := p.NumberWord(); ok {
		e.SetBytesIn(v)
	}
	if v, ok := p.NumberWord(); ok {
		e.SetBytesOut(v)
	}
	p.Request(e, p.Quoted())
	e.UserAgent = p.Text(p.Quoted())
	p.Unmapped(e, "ssl_cipher", p.Word())
	e.TLSVersion = p.Text(p.Word())
	p.Unmapped(e, "target_group_arn", p.Word())
	p.trace(e, p.Quoted())
	p.domain(e, p.Quoted())
	p.routing(e)
	return p.EndWithRest(e)
}

// kind reads the type of the connection, which for WebSocket and plain HTTP is the scheme too.
func (p *alb) kind(e *event.Event) {
	switch b := p.Word(); string(b) {
	case "http", "https", "ws", "wss":
		e.Scheme = lex.String(b)
	case "h2", "grpcs":
		e.Scheme = "https"
	default:
		p.Fail(format.BadSyntax)
	}
}

// processingTimes sets the duration, the sum of three parts where all are there, and the target's part.
func (p *alb) processingTimes(e *event.Event) {
	request, ok1 := p.Duration(p.Word(), scan.Seconds)
	target, ok2 := p.Duration(p.Word(), scan.Seconds)
	response, ok3 := p.Duration(p.Word(), scan.Seconds)
	if ok2 {
		e.SetUpstream(target)
	}
	if sum := request + target + response; ok1 && ok2 && ok3 && sum >= 0 {
		e.SetDuration(sum)
	}
}

// trace reads Root=1-67891233-abcdef012345678912345678;Self=….
func (p *alb) trace(e *event.Event, b []byte) {
	if i := bytes.Index(b, []byte("Root=")); i >= 0 {
		b = b[i+len("Root="):]
	}
	id, _, _ := bytes.Cut(b, []byte(";"))
	e.TraceID = p.Text(id)
}

// domain reads the name that the client asked for in TLS.
func (p *alb) domain(e *event.Event, b []byte) {
	e.SNI = p.Text(b)
	if e.Host == "" {
		e.Host = e.SNI
	}
}

// routing reads what the balancer did with the request; older lines end earlier.
func (p *alb) routing(e *event.Event) {
	for _, key := range []string{
		"chosen_cert_arn", "matched_rule_priority", "request_creation_time", "actions_executed", "redirect_url",
		"error_reason", "target_list", "target_status_code_list", "classification", "classification_reason",
		"conn_trace_id",
	} {
		if len(p.Rest) == 0 {
			return
		}
		p.Unmapped(e, key, p.Value())
	}
}
