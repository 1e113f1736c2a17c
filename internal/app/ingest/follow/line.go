package follow

import (
	"context"

	"gatewatch/internal/event"
)

// Line is a line that came another way than Kafka, such as one of a file.
type Line struct {
	// Origin is where it is from; its Ordinal is set by the decoder. Lines of one topic and partition come in order.
	Origin event.Origin
	// Data is the line, or any record that a decoder opens.
	Data []byte
	// Service is the service of its events when they name neither service nor host; "" is none.
	Service string
}

// Intake takes lines that came another way than Kafka.
type Intake interface {
	// Take reads lines and produces their events. Their memory is the caller's again when it returns. It waits while
	// Kafka does not keep up. acked is called once, from another goroutine, when everything that came of the lines has
	// been acknowledged; it must not block. An error means that the service ends, and acked is not called.
	Take(ctx context.Context, lines []Line, acked func()) error
}
