package ingest

import (
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// outgoing is a record on its way to Kafka, with the memory that it is made of. It is used again once acknowledged.
type outgoing struct {
	record kafka.Record
	buf    []byte
	parcel *parcel
	came   time.Time // when its record came here
	// done is what the producer calls; it is made once, so that a record costs no closure.
	done func(*kafka.Record, error)
}

// maxKept is the largest buffer that is kept for the next record: one long line must not be remembered for ever.
const maxKept = 64 << 10

// reset empties the record and keeps its buffer.
func (o *outgoing) reset() {
	headers := o.record.Headers[:0]
	if cap(o.buf) > maxKept {
		o.buf = nil
	}
	o.record, o.buf, o.parcel = kafka.Record{Headers: headers}, o.buf[:0], nil
}

// appendKey appends the key of an event: its network entity as findings name it. Events without one share the empty key,
// so that the events of a source stay in order whatever they are.
func appendKey(b []byte, e *event.Event) []byte {
	a := e.Client.Unmap()
	switch {
	case !a.IsValid():
		return append(b, e.ClientHost...)
	case a.Is4():
		return a.AppendTo(b)
	default:
		return event.Network(a).AppendTo(b)
	}
}
