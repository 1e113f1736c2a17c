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
	headerTime      = "time"   // when the record came to its source
	headerLength    = "length" // of the whole line, where it was cut
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
func (r *rejection) fill(o *outgoing, to topic) {
	line := r.line[:min(len(r.line), to.limit)]
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
			b = append(b, kafka.TopicOf(r.origin.Topic)...)
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
	o.record = kafka.Record{Topic: to.name, Value: b[:len(line):len(line)], Headers: headers}
}
