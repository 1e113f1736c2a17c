package envelope

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
)

// partial is the beginning of a container's line that was split because it exceeded the runtime's buffer.
type partial struct {
	text []byte
	full bool // beyond the limit: the line is lost, its end is still to come
}

// criLine is a line as the container runtime interface writes it: 2016-10-06T00:17:09.669794202Z stdout P text.
type criLine struct {
	stream int // 0 standard output, 1 standard error
	last   bool
	text   []byte
}

func isCRI(text []byte) bool {
	_, ok := parseCRI(text)
	return ok
}

func parseCRI(text []byte) (criLine, bool) {
	end := isoTime(text)
	if end == 0 || end >= len(text) {
		return criLine{}, false
	}
	var c criLine
	rest := text[end+1:]
	switch {
	case bytes.HasPrefix(rest, []byte("stdout ")):
	case bytes.HasPrefix(rest, []byte("stderr ")):
		c.stream = 1
	default:
		return criLine{}, false
	}
	rest = rest[len("stdout "):]
	tags, line, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		tags = rest
	}
	first, _, _ := bytes.Cut(tags, []byte(":")) // further tags may follow a colon
	c.last, c.text = string(first) == "F", line
	return c, c.last || string(first) == "P"
}

func (o *Opener) openCRI(text []byte, in Inside) format.Reason {
	c, ok := parseCRI(text)
	if !ok {
		return format.UnknownFormat
	}
	p := &o.partial[c.stream]
	if c.last && len(p.text) == 0 && !p.full {
		in.Line(c.text, Context{})
		return format.ReasonNone
	}
	if len(p.text)+len(c.text) > o.limit {
		p.text, p.full = p.text[:0], true
	}
	if !p.full {
		p.text = append(p.text, c.text...)
	}
	if !c.last {
		return format.SkipLine
	}
	lost := p.full
	joined := p.text
	p.text, p.full = p.text[:0], false
	if lost {
		return format.TooLong
	}
	in.Line(joined, Context{})
	return format.ReasonNone
}
