package push

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"gatewatch/internal/protowire"
)

// protobufPath are the fields from an OTLP request to its log records: resource_logs, scope_logs, log_records. A list may
// be cut between any two of its elements, as long as what is around it goes with both parts.
func protobufPath() []uint64 { return []uint64{1, 2, 2} }

// jsonPath is protobufPath in JSON; the other name is that of collectors that keep to the schema's spelling.
func jsonPath() [][2]string {
	return [][2]string{{"resourceLogs", "resource_logs"}, {"scopeLogs", "scope_logs"}, {"logRecords", "log_records"}}
}

// protobufSplitter cuts an OTLP request in protobuf into as few requests as fit.
type protobufSplitter struct {
	add     func([]byte)
	dropped int // log records that fit in none
}

// wrapping is the most that a field's tag and length take.
const wrapping = 11

// split cuts a message at the lists that the path goes along.
func (p *protobufSplitter) split(message []byte, path []uint64, limit int) {
	if len(message) <= limit {
		p.add(message)
		return
	}
	if len(path) == 0 {
		p.dropped++
		return
	}
	around, elements := apart(message, path[0])
	part := bytes.Clone(around)
	for _, e := range elements {
		if len(part)+len(e.Raw) > limit && len(part) > len(around) {
			p.add(part)
			part = bytes.Clone(around)
		}
		if len(part)+len(e.Raw) <= limit {
			part = append(part, e.Raw...)
			continue
		}
		inner := protobufSplitter{add: func(b []byte) { p.add(protowire.AppendBytes(bytes.Clone(around), path[0], b)) }}
		inner.split(e.Bytes, path[1:], limit-len(around)-wrapping)
		p.dropped += inner.dropped
	}
	if len(part) > len(around) {
		p.add(part)
	}
}

// apart takes the elements of a list out of a message.
func apart(message []byte, number uint64) (around []byte, elements []protowire.Field) {
	for f := protowire.Walk(message); f.Next(); {
		if f.At.Is(number) {
			elements = append(elements, f.At)
		} else {
			around = append(around, f.At.Raw...)
		}
	}
	return around, elements
}

// jsonSplitter cuts an OTLP request in JSON into as few requests as fit.
type jsonSplitter struct {
	add     func([]byte)
	dropped int  // log records that fit in none
	alien   bool // what is too large is no OTLP
}

// split cuts an object at the lists that the path goes along. The object is valid JSON.
func (p *jsonSplitter) split(object []byte, path [][2]string, limit int) {
	if len(object) <= limit {
		p.add(object)
		return
	}
	if len(path) == 0 {
		p.dropped++
		return
	}
	var members map[string]json.RawMessage
	var list []json.RawMessage
	name := path[0][0]
	if json.Unmarshal(object, &members) == nil && members[name] == nil {
		name = path[0][1]
	}
	if json.Unmarshal(members[name], &list) != nil {
		p.alien = true
		return
	}
	delete(members, name)
	around := appendMembers(members)
	front := append(around, `"`+name+`":[`...)
	p.pack(list, path[1:], limit, [2]string{string(front), "]}"})
}

// splitList cuts an array, whose elements are records of their own.
func (p *jsonSplitter) splitList(array []byte, limit int) {
	if len(array) <= limit {
		p.add(array)
		return
	}
	var list []json.RawMessage
	if json.Unmarshal(array, &list) != nil {
		p.alien = true
		return
	}
	p.pack(list, nil, limit, [2]string{"[", "]"})
	p.alien = p.dropped > 0
}

// pack puts as many elements together as fit between front and back.
func (p *jsonSplitter) pack(list []json.RawMessage, path [][2]string, limit int, around [2]string) {
	front, back := around[0], around[1]
	part := []byte(front)
	for _, e := range list {
		if len(part)+1+len(e)+len(back) > limit && len(part) > len(front) {
			p.add(append(part, back...))
			part = []byte(front)
		}
		if len(part)+len(e)+1+len(back) <= limit {
			if len(part) > len(front) {
				part = append(part, ',')
			}
			part = append(part, e...)
			continue
		}
		inner := jsonSplitter{add: func(b []byte) { p.add([]byte(front + string(b) + back)) }}
		inner.split(e, path, limit-len(front)-len(back))
		p.dropped += inner.dropped
		p.alien = p.alien || inner.alien
	}
	if len(part) > len(front) {
		p.add(append(part, back...))
	}
}

// appendMembers begins an object with the members given, ready for one more.
func appendMembers(members map[string]json.RawMessage) []byte {
	b := []byte{'{'}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		quoted, err := json.Marshal(name)
		if err != nil {
			continue // never: a name is text
		}
		b = append(append(append(append(b, quoted...), ':'), members[name]...), ',')
	}
	return b
}
