package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

// maxColumns bounds what a header line can make a parser remember.
const maxColumns = 128

// w3c is the W3C extended log file format: lines of fields that a #Fields line names, separated by tabs or spaces. Which
// dialect it is, and with it the unit of time-taken, is told by the names. The columns hold for the source until the
// next #Fields line.
type w3c struct {
	scan.Scanner
	accepts  dialect
	speaks   dialect
	columns  []column
	presumed bool   // no header named the columns
	iis      bool   // a #Software line named IIS
	day      []byte // of a #Date line, for sources that log the time of day only
}

// Parse implements format.Parser.
func (p *w3c) Parse(line []byte, e *event.Event) error {
	p.BeginPlain(line)
	if len(p.Rest) > 0 && p.Rest[0] == '#' {
		return p.directive(p.Rest)
	}
	if p.columns == nil {
		p.presume()
	}
	if p.columns == nil {
		return format.UnknownFormat
	}
	p.row(e)
	if p.presumed && p.Fault != format.ReasonNone {
		p.columns = nil // what one line looked like does not bind the next
	}
	return p.Result()
}

// directive reads a line about the log. A parser of one dialect refuses what it cannot tell to be its own.
func (p *w3c) directive(b []byte) error {
	name, value, ok := bytes.Cut(b[1:], []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case !ok:
		return format.UnknownFormat
	case string(name) == "Software":
		p.iis = bytes.HasPrefix(value, []byte("Microsoft Internet Information Services"))
	case string(name) == "Date":
		p.day = append(p.day[:0], value[:min(len(value), len("2006-01-02"))]...)
	case string(name) == "Fields":
		return p.fields(value)
	default:
	}
	if p.columns == nil && (p.accepts == cloudFront || p.accepts == iis && !p.iis) {
		return format.UnknownFormat
	}
	return format.SkipLine
}

func (p *w3c) fields(value []byte) error {
	var names [][]byte
	for name := range bytes.FieldsSeq(value) {
		if len(names) == maxColumns {
			return format.BadSyntax
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return format.BadSyntax
	}
	speaks := dialectOf(names)
	if p.accepts != extended && p.accepts != speaks {
		return format.UnknownFormat
	}
	p.speaks, p.presumed = speaks, false
	p.columns = make([]column, len(names))
	for i, name := range names {
		p.columns[i] = columnOf(speaks, string(name))
	}
	return format.SkipLine
}

// presume takes the columns that a dialect has by default, for a line that came without its header.
func (p *w3c) presume() {
	var names string
	switch {
	case p.accepts == cloudFront && bytes.Count(p.Rest, []byte("\t"))+1 >= minCloudFront:
		names = cloudFrontFields
	case p.accepts == iis:
		names = iisLayouts[bytes.Count(p.Rest, []byte(" "))+1]
	default:
	}
	if names == "" {
		return
	}
	_ = p.fields([]byte(names))
	p.presumed = true
}

// row reads a line of fields.
func (p *w3c) row(e *event.Event) {
	day, clock := p.day, []byte(nil)
	sep := p.separator()
	for i := range p.columns {
		c := &p.columns[i]
		if len(p.Rest) == 0 && p.speaks == cloudFront && i >= minCloudFront {
			break // a line of before the last columns were added
		}
		b := p.cell(sep)
		switch {
		case c.to == slotDate:
			day = b
		case c.to == slotClock:
			clock = b
		case scan.Absent(b) && c.to != scan.Peer:
		case c.decode:
			*scan.TextOf(e, c.to) = p.decoded(b)
		default:
			p.Assign(e, c.to, c.name, b)
		}
	}
	if len(p.Rest) > 0 {
		p.Fail(format.BadSyntax)
	}
	p.stamp(e, day, clock)
}

// stamp sets the time from its two halves, unless a column had it whole.
func (p *w3c) stamp(e *event.Event, day, clock []byte) {
	if e.Time != 0 || p.Fault != format.ReasonNone {
		return
	}
	t, ok := p.Clock.Date(day, clock)
	if !ok {
		p.Fail(format.BadTime)
	}
	e.Time = t
}

// separator is what stands behind the first field, which is the server's own.
func (p *w3c) separator() byte {
	if i := bytes.IndexAny(p.Rest, " \t"); i >= 0 {
		return p.Rest[i]
	}
	return ' '
}

// cell reads one field. Fields of the plain format may be quoted, a quote inside doubled; CloudFront and IIS encode.
func (p *w3c) cell(sep byte) []byte {
	b := p.Rest
	if len(b) == 0 {
		p.Fail(format.Truncated)
		return nil
	}
	if b[0] == '"' && p.speaks == extended && sep == ' ' {
		return p.Quoted()
	}
	i := bytes.IndexByte(b, sep)
	if i < 0 {
		p.Rest = nil
		return b
	}
	p.Rest = b[i+1:]
	return b[:i]
}

// decoded undoes what the dialect does to spaces in headers: CloudFront percent-encodes them, in some fields twice; IIS
// writes a plus.
func (p *w3c) decoded(b []byte) string {
	if scan.Absent(b) {
		return ""
	}
	v := p.Scratch.UnescapePercent(b, p.speaks == iis)
	if p.speaks == cloudFront && bytes.Contains(b, []byte("%2520")) {
		v = p.Scratch.UnescapePercent(lex.Bytes(v), false)
	}
	return v
}
