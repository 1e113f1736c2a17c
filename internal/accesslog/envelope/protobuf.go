package envelope

import (
	"encoding/hex"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
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
	if len(text) < 2 || text[0] != requestResourceLogs<<3|wireBytes {
		return false
	}
	f := fields{rest: text}
	for first := true; f.next(); first = false {
		if !f.at.is(requestResourceLogs) || first && !isResourceLogs(f.at.bytes) {
			return false
		}
	}
	return !f.bad
}

func isResourceLogs(message []byte) bool {
	f := fields{rest: message}
	for first := true; f.next(); first = false {
		switch {
		case f.at.is(resourceLogsResource):
			if !wellFormed(f.at.bytes) {
				return false
			}
		case f.at.is(resourceLogsScopeLogs), f.at.is(resourceLogsSchemaURL):
		case first:
			return false
		}
	}
	return !f.bad
}

// openProtobuf hands in the log records of an OTLP export in protobuf, as openOTLP does those of OTLP/JSON.
func (l *level) openProtobuf(text []byte, in Inside) format.Reason {
	if !isProtobuf(text) {
		return format.UnknownFormat
	}
	found, sound := false, true
	for r := (fields{rest: text}); r.next(); {
		service := messageService(r.at.bytes)
		scopes := fields{rest: r.at.bytes}
		for scopes.next() {
			if scopes.at.is(resourceLogsScopeLogs) {
				some, whole := l.openScope(scopes.at.bytes, service, in)
				found, sound = found || some, sound && whole
			}
		}
		sound = sound && !scopes.bad
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
	f := fields{rest: scope}
	for f.next() {
		if f.at.is(scopeLogsRecords) {
			l.openMessage(f.at.bytes, service, in)
			found = true
		}
	}
	return found, !f.bad
}

// messageService is the name of the service of some resource logs. The resource may come behind the records.
func messageService(resourceLogs []byte) string {
	for r := (fields{rest: resourceLogs}); r.next(); {
		if !r.at.is(resourceLogsResource) {
			continue
		}
		for a := (fields{rest: r.at.bytes}); a.next(); {
			if !a.at.is(resourceAttributes) {
				continue
			}
			if key, value := keyValue(a.at.bytes); key == "service.name" && value.is(valueString) {
				return lex.String(value.bytes)
			}
		}
	}
	return ""
}

// message is a log record in protobuf.
type message struct {
	raw        []byte
	time       int64
	body       field
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
	case m.body.is(valueString), m.body.is(valueBytes):
		in.Line(m.body.bytes, m.context)
	case m.body.is(valueList):
		l.rendered(&m, m.body.bytes, listValues, in)
	case m.attributes:
		l.rendered(&m, raw, recordAttributes, in)
	default:
		in.Line(nil, m.context)
	}
}

// readMessage reads what a record says once; false when it is malformed.
func (l *level) readMessage(m *message) bool {
	var observed int64
	f := fields{rest: m.raw}
	for f.next() {
		switch a := &f.at; {
		case a.number == recordTime && a.kind == wireFixed64:
			m.time = int64(min(a.value, 1<<63-1))
		case a.number == recordObserved && a.kind == wireFixed64:
			observed = int64(min(a.value, 1<<63-1))
		case a.is(recordBody):
			m.body = anyField(a.bytes)
		case a.is(recordAttributes):
			m.attributes = true
		case a.is(recordTraceID) && len(a.bytes) == 16:
			m.context.TraceID = lex.String(hex.AppendEncode(l.ids[:0], a.bytes))
		case a.is(recordSpanID) && len(a.bytes) == 8:
			m.context.SpanID = lex.String(hex.AppendEncode(l.ids[32:32], a.bytes))
		}
	}
	if m.time == 0 {
		m.time = observed
	}
	return !f.bad
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
func keyValue(attribute []byte) (string, field) {
	var (
		key   string
		value field
	)
	for f := (fields{rest: attribute}); f.next(); {
		switch {
		case f.at.is(keyValueKey):
			key = lex.String(f.at.bytes)
		case f.at.is(keyValueValue):
			value = anyField(f.at.bytes)
		}
	}
	return key, value
}

// anyField is the one field of an AnyValue, the last if there are several; its number is 0 when there is none.
func anyField(message []byte) field {
	var last field
	for f := (fields{rest: message}); f.next(); {
		if f.at.number <= valueBytes {
			last = f.at
		}
	}
	return last
}
