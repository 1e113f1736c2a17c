package envelope

import (
	"encoding/hex"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/protowire"
)

// The fields of OTLP's messages, by its published schema (opentelemetry/proto/logs/v1).
const (
	requestResourceLogs = 1

	resourceLogsResource  = 1
	resourceLogsScopeLogs = 2
	resourceLogsSchemaURL = 3

	resourceAttributes = 1

	scopeLogsRecords = 2

	recordTime       = 1
	recordBody       = 5
	recordAttributes = 6
	recordTraceID    = 9
	recordSpanID     = 10
	recordObserved   = 11

	keyValueKey   = 1
	keyValueValue = 2

	valueString = 1
	valueBool   = 2
	valueInt    = 3
	valueDouble = 4
	valueArray  = 5
	valueList   = 6
	valueBytes  = 7

	listValues = 1 // of an array and of a list of attributes
)

// isProtobuf tells an OTLP export in protobuf: resource logs to the last byte, the first of which begins with one of its
// fields. These begin with control characters that no text has there, or with a resource.
func isProtobuf(text []byte) bool {
	if len(text) < 2 || text[0] != requestResourceLogs<<3|byte(protowire.Bytes) {
		return false
	}
	f := protowire.Walk(text)
	for first := true; f.Next(); first = false {
		if !f.At.Is(requestResourceLogs) || first && !isResourceLogs(f.At.Bytes) {
			return false
		}
	}
	return !f.Bad()
}

func isResourceLogs(message []byte) bool {
	f := protowire.Walk(message)
	for first := true; f.Next(); first = false {
		switch {
		case f.At.Is(resourceLogsResource):
			if !protowire.Valid(f.At.Bytes) {
				return false
			}
		case f.At.Is(resourceLogsScopeLogs), f.At.Is(resourceLogsSchemaURL):
		case first:
			return false
		}
	}
	return !f.Bad()
}

// openProtobuf hands in the log records of an OTLP export in protobuf, as openOTLP does those of OTLP/JSON.
func (l *level) openProtobuf(text []byte, in Inside) format.Reason {
	if !isProtobuf(text) {
		return format.UnknownFormat
	}
	found, sound := false, true
	for r := protowire.Walk(text); r.Next(); {
		service := messageService(r.At.Bytes)
		scopes := protowire.Walk(r.At.Bytes)
		for scopes.Next() {
			if scopes.At.Is(resourceLogsScopeLogs) {
				some, whole := l.openScope(scopes.At.Bytes, service, in)
				found, sound = found || some, sound && whole
			}
		}
		sound = sound && !scopes.Bad()
	}
	switch {
	case !sound:
		return format.BadSyntax
	case !found:
		return format.SkipLine
	default:
		return format.ReasonNone
	}
}

// openScope hands in the records of a scope; whole is false when they end in something else.
func (l *level) openScope(scope []byte, service string, in Inside) (found, whole bool) {
	f := protowire.Walk(scope)
	for f.Next() {
		if f.At.Is(scopeLogsRecords) {
			l.openMessage(f.At.Bytes, service, in)
			found = true
		}
	}
	return found, !f.Bad()
}

// messageService is the name of the service of some resource logs. The resource may come behind the records.
func messageService(resourceLogs []byte) string {
	for r := protowire.Walk(resourceLogs); r.Next(); {
		if !r.At.Is(resourceLogsResource) {
			continue
		}
		for a := protowire.Walk(r.At.Bytes); a.Next(); {
			if !a.At.Is(resourceAttributes) {
				continue
			}
			if key, value := keyValue(a.At.Bytes); key == "service.name" && value.Is(valueString) {
				return lex.String(value.Bytes)
			}
		}
	}
	return ""
}

// message is a log record in protobuf.
type message struct {
	raw        []byte
	time       int64
	body       protowire.Field
	attributes bool
	context    Context
}

// openMessage hands in one record: a request, the line in its body, or what a collector has parsed as a JSON object.
func (l *level) openMessage(raw []byte, service string, in Inside) {
	l.buf = l.buf[:0]
	m := message{raw: raw, context: Context{Service: service}}
	if !l.readMessage(&m) {
		l.event.Reset()
		in.Event(&l.event, format.BadSyntax, raw)
		return
	}
	switch {
	case l.messageRequest(&m, in):
	case m.body.Is(valueString), m.body.Is(valueBytes):
		in.Line(m.body.Bytes, m.context)
	case m.body.Is(valueList):
		l.rendered(&m, m.body.Bytes, listValues, in)
	case m.attributes:
		l.rendered(&m, raw, recordAttributes, in)
	default:
		in.Line(nil, m.context)
	}
}

// readMessage reads what a record says once; false when it is malformed.
func (l *level) readMessage(m *message) bool {
	var observed int64
	f := protowire.Walk(m.raw)
	for f.Next() {
		switch a := &f.At; {
		case a.Number == recordTime && a.Kind == protowire.Fixed64:
			m.time = int64(min(a.Value, 1<<63-1))
		case a.Number == recordObserved && a.Kind == protowire.Fixed64:
			observed = int64(min(a.Value, 1<<63-1))
		case a.Is(recordBody):
			m.body = anyField(a.Bytes)
		case a.Is(recordAttributes):
			m.attributes = true
		case a.Is(recordTraceID) && len(a.Bytes) == 16:
			m.context.TraceID = lex.String(hex.AppendEncode(l.ids[:0], a.Bytes))
		case a.Is(recordSpanID) && len(a.Bytes) == 8:
			m.context.SpanID = lex.String(hex.AppendEncode(l.ids[32:32], a.Bytes))
		}
	}
	if m.time == 0 {
		m.time = observed
	}
	return !f.Bad()
}

// rendered hands in attributes as a JSON object, the record's time in front, so that it can be recognised like any other
// JSON line.
func (l *level) rendered(m *message, list []byte, number uint64, in Inside) {
	b := append(l.buf[:0], '{')
	if m.time > 0 {
		b = append(b, `"@timestamp":"`...)
		b = append(time.Unix(0, m.time).UTC().AppendFormat(b, time.RFC3339Nano), '"')
	}
	b, reason := appendFields(b, list, number, 0)
	l.buf = append(b, '}')
	if reason != format.ReasonNone {
		l.event.Reset()
		in.Event(&l.event, reason, m.raw)
		return
	}
	in.Line(l.buf, m.context)
}

// keyValue takes an attribute apart.
func keyValue(attribute []byte) (string, protowire.Field) {
	var (
		key   string
		value protowire.Field
	)
	for f := protowire.Walk(attribute); f.Next(); {
		switch {
		case f.At.Is(keyValueKey):
			key = lex.String(f.At.Bytes)
		case f.At.Is(keyValueValue):
			value = anyField(f.At.Bytes)
		}
	}
	return key, value
}

// anyField is the one field of an AnyValue, the last if there are several; its number is 0 when there is none.
func anyField(message []byte) protowire.Field {
	var last protowire.Field
	for f := protowire.Walk(message); f.Next(); {
		if f.At.Number <= valueBytes {
			last = f.At
		}
	}
	return last
}
