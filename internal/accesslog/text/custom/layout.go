package custom

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// layout is a custom format, compiled: literal text and fields in turn. It is immutable and shared by its parsers.
type layout struct {
	head      string // literal text before the first field
	steps     []step
	forwarded bool // no field is the peer: the rightmost entry of X-Forwarded-For stands in
}

// step reads one field and the literal text behind it.
type step struct {
	to   scan.Slot
	key  string // the field's name, for what the event has no place for
	stop string // the literal behind the field; "" at the end of the line
	keep bool   // the stop is the beginning of the next field
	list bool   // the field may be a list with spaces, one part per upstream tried
	time bool   // a common-log time and a bracket follow: what does not, is not the stop
}

// custom reads lines of a layout.
type custom struct {
	scan.Scanner
	layout *layout
}

func (l *layout) definition(name, about string) format.Definition {
	return format.Definition{Name: name, About: about, New: func() format.Parser { return &custom{layout: l} }}
}

// Parse implements format.Parser.
func (p *custom) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	p.Literal(p.layout.head)
	for i := range p.layout.steps {
		st := &p.layout.steps[i]
		b := p.until(st)
		if p.Fault != format.ReasonNone {
			return p.Fault
		}
		p.Assign(e, st.to, st.key, b)
	}
	if p.layout.forwarded && !scan.LastForwarded(e, lex.Bytes(e.XFF)) {
		p.Fail(format.BadAddress)
	}
	return p.End()
}

// until reads a field and swallows the literal behind it.
func (p *custom) until(st *step) []byte {
	b := p.Rest
	i := len(b)
	switch {
	case st.stop == "":
	case st.stop[0] == '"':
		i = p.quote(b, st)
	default:
		i = find(b, st)
	}
	if i < 0 {
		p.Fail(format.Truncated)
		return nil
	}
	p.Rest = b[i:]
	if !st.keep {
		p.Rest = b[i+len(st.stop):]
	}
	return b[:i]
}

// quote finds the stop of a quoted field.
func (p *custom) quote(b []byte, st *step) int {
	fallback := -1
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			return fallback
		}
		i += from
		from = i + 1
		if !st.stopsAt(b[i:]) || len(st.stop) == 1 && from < len(b) {
			continue
		}
		if !p.Escaped || !scan.EscapedAt(b, i) {
			return i
		}
		fallback = i
	}
}

// find finds the stop of a bare field.
func find(b []byte, st *step) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], st.stop[0])
		if i < 0 {
			return -1
		}
		i += from
		from = i + 1
		switch {
		case !st.stopsAt(b[i:]):
		case st.list && amidList(b, i):
		case st.time && !timeFollows(b[i+len(st.stop):]):
		default:
			return i
		}
	}
}

// stopsAt tells whether b, which begins with the first byte of the stop, begins with all of it.
func (st *step) stopsAt(b []byte) bool {
	n := len(st.stop)
	switch {
	case n == 1:
		return true
	case n > len(b) || b[1] != st.stop[1]:
		return false
	default:
		return n == 2 || string(b[:n]) == st.stop
	}
}

// amidList tells whether the space at b[i] is one of a list, "a, b : c".
func amidList(b []byte, i int) bool {
	return b[i] == ' ' && i > 0 && (b[i-1] == ',' || b[i-1] == ':' || i+2 < len(b) && b[i+1] == ':' && b[i+2] == ' ')
}

// timeFollows tells whether a time of the common log format and a bracket stand at the beginning of b.
func timeFollows(b []byte) bool {
	const n = len("02/Jan/2006:15:04:05 -0700")
	return len(b) > n && b[n] == ']' && b[2] == '/'
}
