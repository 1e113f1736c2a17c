package ingest

import (
	"strconv"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// The headers of a rejected record.
const (
	headerReason    = "reason"
	headerTopic     = "topic"
	headerPartition = "partition"
	headerOffset    = "offset"
	headerOrdinal   = "ordinal"
	headerTime      = "time"    // when the record came to its source
	headerLength    = "length"  // of the whole line, where it was cut
	headerContent   = "content" // what the value is, where it is not the line
)

// rejection is a line that gave no event.
type rejection struct {
	reason  string
	origin  event.Origin
	ordinal int32
	at      time.Time
	line    []byte
}

// fill makes the record of a rejection: the line's own bytes, and in headers why it was rejected and where it was.
func (r *rejection) fill(o *outgoing, topic string) {
	line := r.line[:min(len(r.line), maxValue)]
	o.event = false
	b := append(o.buf[:0], line...)
	var ends [7]int
	names := [...]string{
		headerReason, headerTopic, headerPartition, headerOffset, headerOrdinal, headerTime, headerLength,
	}
	count := len(names)
	for i := range names {
		switch names[i] {
		case headerReason:
			b = append(b, r.reason...)
		case headerTopic:
			b = append(b, r.origin.Topic...)
		case headerPartition:
			b = strconv.AppendInt(b, int64(r.origin.Partition), 10)
		case headerOffset:
			b = strconv.AppendInt(b, r.origin.Offset, 10)
		case headerOrdinal:
			b = strconv.AppendInt(b, int64(r.ordinal), 10)
		case headerTime:
			b = r.at.UTC().AppendFormat(b, time.RFC3339Nano)
		default:
			b = strconv.AppendInt(b, int64(len(r.line)), 10)
		}
		ends[i] = len(b)
	}
	if len(line) == len(r.line) {
		count-- // the length tells of a cut
	}
	o.buf = b
	from := len(line)
	headers := o.record.Headers[:0]
	for i := range count {
		headers = append(headers, kafka.Header{Key: names[i], Value: b[from:ends[i]:ends[i]]})
		from = ends[i]
	}
	o.record = kafka.Record{Topic: topic, Value: b[:len(line):len(line)], Headers: headers}
}

// contentEvent is the content of a rejected record that was an event already when its topic refused it.
const contentEvent = "gatewatch.event.v1"

// shrink makes of a record that was too large for its topic a rejected one that is smaller; false when nothing is left
// to cut.
func (o *outgoing) shrink(topic string) bool {
	headers := o.record.Headers
	if o.event {
		var e event.Event
		if err := e.UnmarshalProto(o.record.Value); err != nil {
			return false
		}
		value := o.record.Value
		r := rejection{reason: "too_long", origin: e.Origin, ordinal: e.Origin.Ordinal, at: o.record.Timestamp}
		var made outgoing
		r.fill(&made, topic)
		o.event, headers = false, append(made.record.Headers, kafka.Header{Key: headerContent, Value: []byte(contentEvent)})
		o.record = kafka.Record{Value: value}
	}
	length := len(o.record.Value)
	if length == 0 {
		return false
	}
	if last := len(headers) - 1; last < 0 || headers[last].Key != headerLength {
		headers = append(headers, kafka.Header{Key: headerLength, Value: strconv.AppendInt(nil, int64(length), 10)})
	}
	o.record = kafka.Record{Topic: topic, Value: o.record.Value[:length/4], Headers: headers}
	return true
}
