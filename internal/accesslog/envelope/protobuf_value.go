package envelope

import (
	"encoding/base64"
	"math"
	"strconv"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
	"gatewatch/internal/protowire"
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
	for f := protowire.Walk(m.raw); f.Next(); {
		if !f.At.Is(recordAttributes) {
			continue
		}
		key, value := keyValue(f.At.Bytes)
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
	for f := protowire.Walk(m.raw); f.Next(); {
		if f.At.Is(recordAttributes) {
			key, _ := keyValue(f.At.Bytes)
			r.see(key)
		}
	}
	return r.complete()
}

// text is the value of an attribute as text; of a list, which headers are, that of the first element.
func (l *level) text(v protowire.Field) string {
	if v.Is(valueArray) {
		elements := protowire.Walk(v.Bytes)
		for v = (protowire.Field{}); elements.Next(); {
			if elements.At.Is(listValues) {
				v = anyField(elements.At.Bytes)
				break
			}
		}
	}
	if v.Is(valueString) {
		return lex.String(v.Bytes)
	}
	if v.Is(valueArray) || v.Is(valueList) || v.Number == 0 {
		return ""
	}
	// Growth moves the buffer; texts made before keep the old one alive.
	start := len(l.buf)
	l.buf = appendScalar(l.buf, v)
	return lex.String(l.buf[start:])
}

// appendScalar appends a value that is neither text nor list, as OTLP/JSON writes it without the quotes.
func appendScalar(b []byte, v protowire.Field) []byte {
	switch {
	case v.Number == valueBool && v.Kind == protowire.Varint:
		return strconv.AppendBool(b, v.Value != 0)
	case v.Number == valueInt && v.Kind == protowire.Varint:
		return strconv.AppendInt(b, int64(v.Value), 10)
	case v.Number == valueDouble && v.Kind == protowire.Fixed64:
		d := math.Float64frombits(v.Value)
		if a := math.Abs(d); a != 0 && (a < 1e-6 || a >= 1e21) {
			return strconv.AppendFloat(b, d, 'e', -1, 64)
		}
		return strconv.AppendFloat(b, d, 'f', -1, 64)
	case v.Is(valueBytes):
		return base64.StdEncoding.AppendEncode(b, v.Bytes)
	default:
		return b
	}
}

// appendFields appends the members that the attributes of a message stand for; number is that of the attributes' field.
func appendFields(b, list []byte, number uint64, depth int) ([]byte, format.Reason) {
	if depth >= maxNested {
		return b, format.TooDeep
	}
	f := protowire.Walk(list)
	for f.Next() {
		if !f.At.Is(number) {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		key, value := keyValue(f.At.Bytes)
		b = append(event.AppendJSONString(b, key), ':')
		var reason format.Reason
		if b, reason = appendField(b, value, depth+1); reason != format.ReasonNone {
			return b, reason
		}
	}
	return b, wireReason(&f)
}

func appendField(b []byte, v protowire.Field, depth int) ([]byte, format.Reason) {
	switch {
	case v.Is(valueString):
		return event.AppendJSONString(b, lex.String(v.Bytes)), format.ReasonNone
	case v.Is(valueList):
		b, reason := appendFields(append(b, '{'), v.Bytes, listValues, depth)
		return append(b, '}'), reason
	case v.Is(valueArray):
		return appendElements(b, v.Bytes, depth)
	case v.Is(valueBytes), v.Number == valueDouble && notFinite(v.Value):
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
	f := protowire.Walk(list)
	for f.Next() {
		if !f.At.Is(listValues) {
			continue
		}
		if b[len(b)-1] != '[' {
			b = append(b, ',')
		}
		var reason format.Reason
		if b, reason = appendField(b, anyField(f.At.Bytes), depth+1); reason != format.ReasonNone {
			return b, reason
		}
	}
	return append(b, ']'), wireReason(&f)
}

func wireReason(f *protowire.Fields) format.Reason {
	if f.Bad() {
		return format.BadSyntax
	}
	return format.ReasonNone
}

func notFinite(bits uint64) bool {
	d := math.Float64frombits(bits)
	return math.IsNaN(d) || math.IsInf(d, 0)
}
