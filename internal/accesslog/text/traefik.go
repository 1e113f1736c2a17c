package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// traefik is Traefik's common log format: combined, then <request count> "<router>" "<server URL>" <duration>ms. A dash
// for a size means that it is not known.
type traefik struct{ clf }

func traefikDefinition() format.Definition {
	return format.Definition{
		Name:  "traefik-clf",
		About: "Traefik's default access log, its common format.",
		New:   func() format.Parser { return new(traefik) },
	}
}

// Parse implements format.Parser.
func (p *traefik) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	p.head(e)
	if v, ok := p.NumberWord(); ok {
		e.SetBodyBytesOut(v)
	}
	e.Referrer = p.Text(p.Value())
	e.UserAgent = p.Text(p.Value())
	count := p.Word()
	if _, ok := p.Number(count); ok {
		p.Unmapped(e, "request_count", count)
	}
	e.Service = p.Text(p.Value())
	p.Unmapped(e, "server_url", p.Value())
	took, ms := bytes.CutSuffix(p.Word(), []byte("ms"))
	if !ms {
		p.Fail(format.BadSyntax)
	}
	if v, ok := p.Duration(took, scan.Milliseconds); ok {
		e.SetDuration(v)
	}
	return p.End()
}
