package scan

import (
	"bytes"

	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// Request sets what a request line says. One that is no HTTP is no fault: the line around it is sound, and whoever sends
// garbage must not become invisible by it. It is kept as it was logged, escapes and all, which is printable.
func (s *Scanner) Request(e *event.Event, b []byte) {
	method, target, version := lex.RequestLine(b)
	if method == nil {
		if !Absent(b) {
			e.RequestLine = lex.String(b)
		}
		return
	}
	e.Method = lex.String(method)
	e.HTTPVersion = lex.String(version)
	s.Target(e, method, target)
}

// Target sets the parts of a request target or a URL. Percent-encoding stays.
func (s *Scanner) Target(e *event.Event, method, target []byte) {
	if s.Escaped {
		target = s.Scratch.UnescapeBytes(target)
	}
	if len(target) > 0 && target[0] == '/' {
		if q := bytes.IndexByte(target, '?'); q >= 0 {
			e.Query, target = lex.String(target[q+1:]), target[:q]
		}
		e.Path = lex.String(target)
		return
	}
	t := lex.SplitTarget(method, target)
	e.Path, e.Query = lex.String(t.Path), lex.String(t.Query)
	if t.Scheme != nil {
		e.Scheme = lex.String(t.Scheme)
	}
	if t.Host != nil {
		e.Host = lex.String(t.Host)
	}
}
