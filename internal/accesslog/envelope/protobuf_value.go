package envelope

import (
	"encoding/base64"
	"math"
	"strconv"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// maxNested is how deep values may nest, as in JSON.
const maxNested = 32

// messageRequest makes an event of a record whose attributes describe a request in the semantic conventions for HTTP;
// false when they do not, and nothing was handed in.
func (l *level) messageRequest(m *message, in Inside) bool {
	if !m.attributes || !m.describesRequest() {
		return false
	}
	e := &l.event
	e.Reset()
	e.Time = m.time
	reason := format.ReasonNone
	for f := (fields{rest: m.raw}); f.next(); {
		if !f.at.is(recordAttributes) {
			continue
		}
		key, value := keyValue(f.at.bytes)
		if fault := l.attribute(e, key, l.text(value)); fault != format.ReasonNone {
			reason = fault
		}
	}
	reason = complete(e, reason)
	m.context.Fill(e)
	in.Event(e, reason, m.raw)
	return true
}

func (m *message) describesRequest() bool {
	var r requestKeys
	for f := (fields{rest: m.raw}); f.next(); {
		if f.at.is(recordAttributes) {
			key, _ := keyValue(f.at.bytes)
			r.see(key)
		}
	}
	return r.complete()
}

// text is the value of an attribute as text; of a list, which headers are, that of the first element.
func (l *level) text(v field) string {
	if v.is(valueArray) {
		elements := fields{rest: v.bytes}
		for v = (field{}); elements.next(); {
			if elements.at.is(listValues) {
				v = anyField(elements.at.bytes)
				break
			}
		}
	}
	if v.is(valueString) {
		return lex.String(v.bytes)
	}
	if v.is(valueArray) || v.is(valueList) || v.number == 0 {
		return ""
	}
	// Growth moves the buffer; texts made before keep the old one alive.
	start := len(l.buf)
	l.buf = appendScalar(l.buf, v)
	return lex.String(l.buf[start:])
}

// appendScalar appends a value that is neither text nor list, as OTLP/JSON writes it without the quotes.
func appendScalar(b []byte, v field) []byte {
	switch {
	case v.number == valueBool && v.kind == wireVarint:
		return strconv.AppendBool(b, v.value != 0)
	case v.number == valueInt && v.kind == wireVarint:
		return strconv.AppendInt(b, int64(v.value), 10)
	case v.number == valueDouble && v.kind == wireFixed64:
		d := math.Float64frombits(v.value)
		if a := math.Abs(d); a != 0 && (a < 1e-6 || a >= 1e21) {
			return strconv.AppendFloat(b, d, 'e', -1, 64)
		}
		return strconv.AppendFloat(b, d, 'f', -1, 64)
	case v.is(valueBytes):
		return base64.StdEncoding.AppendEncode(b, v.bytes)
	default:
		return b
	}
}

// appendFields appends the members that the attributes of a message stand for; number is that of the attributes' field.
func appendFields(b, list []byte, number uint64, depth int) ([]byte, format.Reason) {
	if depth >= maxNested {
		return b, format.TooDeep
	}
	f := fields{rest: list}
	for f.next() {
		if !f.at.is(number) {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		key, value := keyValue(f.at.bytes)
		b = append(event.AppendJSONString(b, key), ':')
		var reason format.Reason
		if b, reason = appendField(b, value, depth+1); reason != format.ReasonNone {
			return b, reason
		}
	}
	return b, wireReason(&f)
}

func appendField(b []byte, v field, depth int) ([]byte, format.Reason) {
	switch {
	case v.is(valueString):
		return event.AppendJSONString(b, lex.String(v.bytes)), format.ReasonNone
	case v.is(valueList):
		b, reason := appendFields(append(b, '{'), v.bytes, listValues, depth)
		return append(b, '}'), reason
	case v.is(valueArray):
		return appendElements(b, v.bytes, depth)
	case v.is(valueBytes), v.number == valueDouble && notFinite(v.value):
		return append(appendScalar(append(b, '"'), v), '"'), format.ReasonNone
	default:
		start := len(b)
		if b = appendScalar(b, v); len(b) == start {
			b = append(b, "null"...)
		}
		return b, format.ReasonNone
	}
}

func appendElements(b, list []byte, depth int) ([]byte, format.Reason) {
	if depth >= maxNested {
		return b, format.TooDeep
	}
	b = append(b, '[')
	f := fields{rest: list}
	for f.next() {
		if !f.at.is(listValues) {
			continue
		}
		if b[len(b)-1] != '[' {
			b = append(b, ',')
		}
		var reason format.Reason
		if b, reason = appendField(b, anyField(f.at.bytes), depth+1); reason != format.ReasonNone {
			return b, reason
		}
	}
	return append(b, ']'), wireReason(&f)
}

func wireReason(f *fields) format.Reason {
	if f.bad {
		return format.BadSyntax
	}
	return format.ReasonNone
}

func notFinite(bits uint64) bool {
	d := math.Float64frombits(bits)
	return math.IsNaN(d) || math.IsInf(d, 0)
}
