package record

import (
	"unsafe"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// parser reads the records of one source in one format. It first finds the values, by a remembered shape or by the walk,
// and then applies the format's rules in their own order, so that the order of a record's keys never matters; of
// duplicate keys the last one counts.
type parser struct {
	table  *compiled
	memory memory
	walker jsonwalk.Walker
	spans  []jsonwalk.Span // by slot
	slots  []uint16        // by rule, while a shape is learned
	hashes []uint64        // of the unmapped keys, while a shape is learned

	line    []byte
	event   *event.Event
	clock   lex.Clock
	scratch lex.Scratch
	record
}

// record is what a parser knows of one record beside the event.
type record struct {
	timed      bool
	start, end int64 // of the request, where the format tells both; 0 for not
	date       []byte
	clockText  []byte
}

func newParser(t *compiled) *parser {
	return &parser{
		table: t,
		spans: make([]jsonwalk.Span, 1+len(t.Rules)+MaxUnmapped),
		slots: make([]uint16, len(t.Rules)),
	}
}

// Parse implements format.Parser.
func (p *parser) Parse(line []byte, e *event.Event) error {
	p.line, p.event, p.record = line, e, record{}
	p.scratch.Reset()
	if len(line) > jsonwalk.MaxLen {
		return format.TooLong
	}
	s := p.memory.match(line, p.spans)
	if s == nil {
		var reason format.Reason
		if s, reason = p.learn(); reason != format.ReasonNone {
			return reason
		}
	}
	for i := range s.ops {
		if reason := p.do(s, &s.ops[i]); reason != format.ReasonNone {
			return reason
		}
	}
	if reason := p.complete(); reason != format.ReasonNone {
		return reason
	}
	return nil
}

func (p *parser) do(s *shape, o *op) format.Reason {
	v := p.spans[o.slot]
	raw := p.line[v.Start:v.End]
	if v.Kind != jsonwalk.String && v.Kind != jsonwalk.Number {
		raw = p.resolve(v.Kind, raw, o.to)
	}
	if len(raw) == 0 || len(raw) == 1 && raw[0] == '-' {
		p.keepEmpty(s, o, v.Kind)
		return format.ReasonNone
	}
	if o.to < SecretCredential {
		// A switch over the column would be an indirect jump for each of a record's fields, and most of those mispredicted.
		*(*string)(unsafe.Add(unsafe.Pointer(p.event), o.field)) = lex.String(raw)
		return format.ReasonNone
	}
	if o.to == Unmapped {
		p.event.Unmapped = append(p.event.Unmapped, event.Pair{Key: s.name(o), Value: lex.String(raw)})
		return format.ReasonNone
	}
	return p.convert(o, raw)
}

// resolve is the text of a value that does not stand in the line as it is meant.
func (p *parser) resolve(kind jsonwalk.Kind, raw []byte, to Column) []byte {
	switch kind {
	case jsonwalk.Null:
		return nil
	case jsonwalk.Escaped:
		text, _ := p.scratch.UnescapeJSON(raw) // the walk has checked the escapes
		return bytesOf(text)
	case jsonwalk.Array:
		if to == Unmapped {
			return raw
		}
		return p.element(raw, to == XFF)
	default:
		return raw
	}
}

// keepEmpty keeps a value that says nothing, where it is one of the event's own unmapped fields.
func (p *parser) keepEmpty(s *shape, o *op, kind jsonwalk.Kind) {
	if o.to != Unmapped || p.table.Own == "" || kind == jsonwalk.Null {
		return
	}
	v := p.spans[o.slot]
	p.event.Unmapped = append(p.event.Unmapped, event.Pair{Key: s.name(o), Value: lex.String(p.line[v.Start:v.End])})
}

// bytesOf is the text's bytes without a copy, to be read only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// absent tells a value that says nothing.
func absent(raw []byte) bool { return len(raw) == 0 || len(raw) == 1 && raw[0] == '-' }

// isRedacted tells a credential that its writer has blanked already: it is the same for everybody.
func isRedacted(raw []byte) bool {
	switch string(raw) {
	case "REDACTED", "[REDACTED]", "<redacted>", "***", "********":
		return true
	default:
		return false
	}
}

// element is the text of an array: its first element, or all of them as one list, as repeated headers are.
func (p *parser) element(raw []byte, all bool) []byte {
	list := ""
	for c := jsonwalk.Open(raw); c.Next(); {
		v := c.Value()
		if v.Kind == jsonwalk.Array || v.Kind == jsonwalk.Object {
			continue
		}
		value := v.Text(&p.scratch)
		switch {
		case list == "":
			list = value
		case value != "":
			list = p.scratch.Concat(list, ',', value)
		}
		if !all && list != "" {
			break
		}
	}
	return bytesOf(list)
}
