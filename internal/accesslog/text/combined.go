package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// common is %h %l %u %t "%r" %>s %b and nothing more.
type common struct{ clf }

func commonDefinition() format.Definition {
	return format.Definition{
		Name:  "common",
		About: "Common log format of Apache httpd, Lighttpd, Jetty and many more, without referrer and user agent.",
		New:   func() format.Parser { return new(common) },
	}
}

// Parse implements format.Parser.
func (p *common) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.head(e)
	p.CLFBytesWord(e)
	return p.End()
}

// combined is common and "%{Referer}i" "%{User-Agent}i". Debian's Apache logs %O, the bytes with headers, in the place
// of %b; a line does not tell.
type combined struct{ clf }

func combinedDefinition() format.Definition {
	return format.Definition{
		Name:  "combined",
		About: "Combined log format: the default of nginx, Apache httpd's combined, Traefik's genericCLF, LiteSpeed.",
		New:   func() format.Parser { return new(combined) },
	}
}

// Parse implements format.Parser.
func (p *combined) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.combined(e)
	return p.End()
}

func (s *clf) combined(e *event.Event) {
	s.head(e)
	s.CLFBytesWord(e)
	e.Referrer = s.Text(s.Quoted())
	agent := s.Rest
	e.UserAgent = s.Text(s.Quoted())
	if len(s.Rest) > 0 {
		s.unbalanced(e, agent)
	}
}

// unbalanced reads a user agent with quotes of its own, by a server that does not escape them, to the end of the line. It
// does so only where the quotes left would not pair up, because then they cannot be fields of their own.
func (s *clf) unbalanced(e *event.Event, agent []byte) {
	n := len(agent)
	if agent[n-1] == '"' && bytes.Count(s.Rest, []byte(`"`))%2 == 1 && !s.Escaped {
		e.UserAgent, s.Rest = s.Text(agent[1:n-1]), nil
	}
}

// combinedPlus is combined and fields of the site's own behind it.
type combinedPlus struct{ clf }

func combinedPlusDefinition() format.Definition {
	return format.Definition{
		Name:  "combined-plus",
		About: "Combined log format with further fields behind it, which are kept as they are; a custom format reads them.",
		New:   func() format.Parser { return new(combinedPlus) },
	}
}

// Parse implements format.Parser.
func (p *combinedPlus) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.combined(e)
	if len(p.Rest) == 0 {
		p.Fail(format.Truncated)
	}
	return p.EndWithRest(e)
}
