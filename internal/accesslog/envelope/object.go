package envelope

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
)

// slot is a member of an object in which a line may be, best first.
type slot int

const (
	slotMessage  slot = iota // Vector, Filebeat, Logstash
	slotLog                  // Docker, Fluent Bit
	slotOriginal             // event.original of ECS
	slotJournal              // MESSAGE of journald
	slotFull                 // full_message of GELF, then short_message
	slotShort
	slotBody
	slotRaw // raw, _raw
	slotLine
	slotEvent // Splunk's HTTP event collector
	slotText  // text, msg; textPayload of Google Cloud
	slotData  // CloudEvents; jsonPayload of Google Cloud
	slots
)

// slotOf tells which slot a member is for; slots for none.
func slotOf(key string) slot {
	switch key {
	case "message":
		return slotMessage
	case "log":
		return slotLog
	case "event.original":
		return slotOriginal
	case "MESSAGE":
		return slotJournal
	case "full_message":
		return slotFull
	case "short_message":
		return slotShort
	case "body":
		return slotBody
	case "raw", "_raw":
		return slotRaw
	case "line":
		return slotLine
	case "event":
		return slotEvent
	case "text", "msg", "textPayload":
		return slotText
	case "data", "jsonPayload":
		return slotData
	default:
		return slots
	}
}

// object is what one pass over an object found.
type object struct {
	lines      [slots]jsonwalk.Value
	kubernetes jsonwalk.Value
	records    jsonwalk.Value
	logEvents  jsonwalk.Value
	resources  jsonwalk.Value
	kind       jsonwalk.Value // messageType of CloudWatch
}

func (o *object) read(text []byte) format.Reason {
	c := jsonwalk.Open(text)
	var scratch lex.Scratch // for escaped keys, which nobody writes
	for c.Next() {
		key, value := c.Key().Text(&scratch), c.Value()
		if s := slotOf(key); s < slots {
			o.lines[s] = value
			continue
		}
		switch key {
		case "kubernetes":
			o.kubernetes = value
		case "records":
			o.records = value
		case "logEvents":
			o.logEvents = value
		case "resourceLogs", "resource_logs":
			o.resources = value
		case "messageType":
			o.kind = value
		}
	}
	return c.Reason()
}

func (l *level) openObject(text []byte, in Inside) format.Reason {
	var o object
	if reason := o.read(text); reason != format.ReasonNone {
		return reason
	}
	switch {
	case o.resources.Kind == jsonwalk.Array:
		return l.openOTLP(o.resources.Raw, in)
	case o.logEvents.Kind == jsonwalk.Array:
		if string(o.kind.Raw) == "CONTROL_MESSAGE" {
			return format.SkipLine
		}
		return l.openLogEvents(o.logEvents.Raw, in)
	case o.records.Kind == jsonwalk.Array:
		return openList(o.records.Raw, in)
	}
	c := Context{Service: l.container(o.kubernetes)}
	if e := o.lines[slotEvent]; e.Kind == jsonwalk.Object && o.lines[slotOriginal].Kind == jsonwalk.None {
		o.lines[slotOriginal] = member(e.Raw, "original")
	}
	found := format.UnknownFormat
	for s, v := range o.lines {
		line, ok := l.line(slot(s), v)
		if !ok {
			continue
		}
		if line = trimSpace(line); len(line) == 0 {
			found = format.SkipLine // the envelope of an empty line, unless another member has one
			continue
		}
		in.Line(line, c)
		return format.ReasonNone
	}
	return found
}

// line is the text of a member that may hold a line. Only where writers put parsed records is an object taken for one:
// ECS has objects called log and event that say something else.
func (l *level) line(s slot, v jsonwalk.Value) ([]byte, bool) {
	switch v.Kind {
	case jsonwalk.String:
		return v.Raw, true
	case jsonwalk.Escaped:
		return bytesOf(v.Text(&l.scratch)), true
	case jsonwalk.Object:
		return v.Raw, s == slotMessage || s == slotBody || s == slotData || s == slotEvent
	case jsonwalk.Array:
		if s == slotJournal {
			return l.byteList(v.Raw)
		}
	default:
	}
	return nil, false
}

// byteList reads [71,69,84]: so journald exports a message that is not UTF-8, as a request with odd bytes is not.
func (l *level) byteList(raw []byte) ([]byte, bool) {
	l.buf = l.buf[:0]
	c := jsonwalk.Open(raw)
	for c.Next() {
		n, ok := lex.Int(c.Value().Raw)
		if !ok || n > 255 || c.Value().Kind != jsonwalk.Number {
			return nil, false
		}
		l.buf = append(l.buf, byte(n))
	}
	return l.buf, c.Reason() == format.ReasonNone
}

// container is the name of the Kubernetes container that wrote the line.
func (l *level) container(kubernetes jsonwalk.Value) string {
	if kubernetes.Kind != jsonwalk.Object {
		return ""
	}
	if v := member(kubernetes.Raw, "container_name"); v.IsString() {
		return v.Text(&l.scratch)
	}
	if v := member(kubernetes.Raw, "container"); v.Kind == jsonwalk.Object {
		return member(v.Raw, "name").Text(&l.scratch)
	}
	return ""
}

// openList hands in the elements of an array, each a record of its own.
func openList(raw []byte, in Inside) format.Reason {
	found := format.SkipLine
	c := jsonwalk.Open(raw)
	for c.Next() {
		found = format.ReasonNone
		in.Line(c.Value().Raw, Context{})
	}
	if c.Reason() != format.ReasonNone {
		return c.Reason()
	}
	return found
}

// openLogEvents hands in the messages of a CloudWatch subscription.
func (l *level) openLogEvents(raw []byte, in Inside) format.Reason {
	found := format.SkipLine
	for c := jsonwalk.Open(raw); c.Next(); {
		v := member(c.Value().Raw, "message")
		if !v.IsString() {
			continue
		}
		found = format.ReasonNone
		l.scratch.Reset()
		in.Line(bytesOf(v.Text(&l.scratch)), Context{})
	}
	return found
}

// member is one member of an object, the last of that name; absent where raw is no object.
func member(raw []byte, name string) jsonwalk.Value {
	var found jsonwalk.Value
	if len(raw) == 0 || raw[0] != '{' {
		return found
	}
	for c := jsonwalk.Open(raw); c.Next(); {
		if c.KeyIs(name) {
			found = c.Value()
		}
	}
	return found
}
