package text

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// maxCaptured bounds the captured headers that are read one by one.
const maxCaptured = 16

// haproxyCLF is HAProxy's option httplog clf: the common log format with two empty strings, then %cp %ms %ft %b %s %TR
// %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl, strings in quotes.
type haproxyCLF struct{ haproxyLine }

func haproxyCLFDefinition() format.Definition {
	return format.Definition{
		Name:  "haproxy-clf",
		About: "HAProxy's option httplog clf.",
		New:   func() format.Parser { return new(haproxyCLF) },
	}
}

// Parse implements format.Parser.
func (p *haproxyCLF) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	p.syslogHeader()
	p.client(e)
	p.bracketTime(e)
	p.Request(e, p.requestField())
	p.status(e, p.Word())
	p.size(e, p.Word())
	p.Literal(`"" "" `)
	p.Value() // the client's port
	p.Value() // the time's milliseconds
	p.Unmapped(e, "frontend", p.Value())
	e.Service = p.Text(p.Value())
	p.Unmapped(e, "server", p.Value())
	p.clfTimers(e)
	p.Unmapped(e, "termination_state", p.Value())
	for range 7 { // connections and queues, a number each
		p.Number(p.Value())
	}
	p.Value() // captured cookies may be sessions; they are not kept
	p.Value()
	for n := 0; n < maxCaptured && len(p.Rest) > 0; n++ {
		p.Unmapped(e, "captured_headers", p.Value())
	}
	return p.EndWithRest(e)
}

func (p *haproxyCLF) clfTimers(e *event.Event) {
	for range 3 {
		p.Value()
	}
	if v, ok := p.Duration(p.Value(), scan.Milliseconds); ok {
		e.SetUpstream(v)
	}
	if v, ok := p.Duration(unplus(p.Value()), scan.Milliseconds); ok {
		e.SetDuration(v)
	}
}
