package envelope

import (
	"time"
	"unsafe"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
)

// openOTLP hands in the log records of an OTLP/JSON export. A record is, in this order: a request described by its
// attributes; the text of its body; the body or the attributes, where a collector has parsed the line, as a JSON object.
func (l *level) openOTLP(resources []byte, in Inside) format.Reason {
	found := format.SkipLine
	for r := jsonwalk.Open(resources); r.Next(); {
		resource := r.Value().Raw
		var service serviceScratch
		name := service.name(member(member(resource, "resource").Raw, "attributes"))
		for s := jsonwalk.Open(either(resource, "scopeLogs", "scope_logs").Raw); s.Next(); {
			for c := jsonwalk.Open(either(s.Value().Raw, "logRecords", "log_records").Raw); c.Next(); {
				l.scratch.Reset()
				l.buf = l.buf[:0]
				l.openRecord(c.Value().Raw, name, in)
				found = format.ReasonNone
			}
		}
	}
	return found
}

// serviceScratch keeps the name of a resource's service for all its records.
type serviceScratch struct{ scratch lex.Scratch }

func (s *serviceScratch) name(attributes jsonwalk.Value) string {
	if attributes.Kind != jsonwalk.Array {
		return ""
	}
	for c := jsonwalk.Open(attributes.Raw); c.Next(); {
		if key := member(c.Value().Raw, "key"); key.Text(&s.scratch) == "service.name" {
			_, v := anyValue(member(c.Value().Raw, "value"))
			return v.Text(&s.scratch)
		}
	}
	return ""
}

// logRecord is a record of OTLP.
type logRecord struct {
	time, observed   int64
	body, attributes jsonwalk.Value
	context          Context
}

func (l *level) openRecord(raw []byte, service string, in Inside) {
	r := logRecord{context: Context{Service: service}}
	if len(raw) == 0 || raw[0] != '{' {
		in.Line(raw, r.context)
		return
	}
	for c := jsonwalk.Open(raw); c.Next(); {
		l.recordMember(&r, c.Key().Text(&l.scratch), c.Value())
	}
	if r.time == 0 {
		r.time = r.observed
	}
	kind, body := anyValue(r.body)
	switch {
	case l.request(&r, raw, in):
	case kind == "stringValue":
		in.Line(bytesOf(body.Text(&l.scratch)), r.context)
	case kind == "kvlistValue":
		in.Line(l.render(&r, member(body.Raw, "values")), r.context)
	case r.attributes.Kind == jsonwalk.Array:
		in.Line(l.render(&r, r.attributes), r.context)
	default:
		in.Line(nil, r.context)
	}
}

func (l *level) recordMember(r *logRecord, key string, v jsonwalk.Value) {
	switch key {
	case "timeUnixNano", "time_unix_nano":
		r.time, _ = lex.Epoch(v.Raw, time.Nanosecond)
	case "observedTimeUnixNano", "observed_time_unix_nano":
		r.observed, _ = lex.Epoch(v.Raw, time.Nanosecond)
	case "body":
		r.body = v
	case "attributes":
		r.attributes = v
	case "traceId", "trace_id":
		r.context.TraceID = v.Text(&l.scratch)
	case "spanId", "span_id":
		r.context.SpanID = v.Text(&l.scratch)
	}
}

// render writes a list of attributes as a JSON object into the level's buffer, the record's time in front, so that it
// can be recognised like any other JSON line.
func (l *level) render(r *logRecord, list jsonwalk.Value) []byte {
	l.buf = append(l.buf[:0], '{')
	if r.time > 0 {
		l.buf = append(l.buf, `"@timestamp":"`...)
		l.buf = append(time.Unix(0, r.time).UTC().AppendFormat(l.buf, time.RFC3339Nano), '"')
	}
	l.buf = append(appendAttributes(l.buf, list), '}')
	return l.buf
}

// appendAttributes appends the members of a list of attributes. Strings are copied as they are: they are JSON already.
// It recurses no deeper than the text nests, which jsonwalk bounds.
func appendAttributes(b []byte, list jsonwalk.Value) []byte {
	if list.Kind != jsonwalk.Array {
		return b
	}
	for c := jsonwalk.Open(list.Raw); c.Next(); {
		key := member(c.Value().Raw, "key")
		if !key.IsString() {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), key.Raw...), '"', ':')
		b = appendAny(b, member(c.Value().Raw, "value"))
	}
	return b
}

func appendAny(b []byte, value jsonwalk.Value) []byte {
	kind, v := anyValue(value)
	switch {
	case kind == "kvlistValue":
		return append(appendAttributes(append(b, '{'), member(v.Raw, "values")), '}')
	case kind == "arrayValue":
		b = append(b, '[')
		for c := jsonwalk.Open(member(v.Raw, "values").Raw); c.Next(); {
			if b[len(b)-1] != '[' {
				b = append(b, ',')
			}
			b = appendAny(b, c.Value())
		}
		return append(b, ']')
	case v.IsString() && kind == "intValue": // a 64-bit integer, which JSON has to write as a string
		return append(append(append(b, '"'), v.Raw...), '"')
	case v.IsString():
		return append(append(append(b, '"'), v.Raw...), '"')
	case v.Kind == jsonwalk.None:
		return append(b, "null"...)
	default:
		return append(b, v.Raw...)
	}
}

// anyValue is the one member of an AnyValue: its kind and what it holds.
func anyValue(v jsonwalk.Value) (string, jsonwalk.Value) {
	if v.Kind != jsonwalk.Object {
		return "", jsonwalk.Value{}
	}
	c := jsonwalk.Open(v.Raw)
	if !c.Next() {
		return "", jsonwalk.Value{}
	}
	return lex.String(c.Key().Raw), c.Value()
}

func either(raw []byte, name, other string) jsonwalk.Value {
	v := member(raw, name)
	if v.Kind == jsonwalk.None {
		v = member(raw, other)
	}
	return v
}

// bytesOf is the text's bytes without a copy, to be read only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

func trimSpace(b []byte) []byte {
	b = skipSpace(b)
	for len(b) > 0 {
		switch b[len(b)-1] {
		case ' ', '\t', '\n', '\r':
			b = b[:len(b)-1]
		default:
			return b
		}
	}
	return b
}
