package text

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// combinedIO is combined and %I %O of Apache's mod_logio: everything read and sent, headers included.
type combinedIO struct{ clf }

func combinedIODefinition() format.Definition {
	return format.Definition{
		Name:  "combinedio",
		About: "Apache httpd's combinedio of mod_logio: combined with the bytes received and sent, headers included.",
		New:   func() format.Parser { return new(combinedIO) },
	}
}

// Parse implements format.Parser.
func (p *combinedIO) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.combined(e)
	if v, ok := p.NumberWord(); ok {
		e.SetBytesIn(v)
	}
	if v, ok := p.NumberWord(); ok {
		e.SetBytesOut(v)
	}
	return p.End()
}
