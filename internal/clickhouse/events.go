package clickhouse

import (
	"gatewatch/internal/event"
)

// A block is as large as caches like it; a batch of many blocks is still one insert.
const (
	blockRows  = 16 << 10
	blockBytes = 8 << 20
)

// Events is a batch of events in the columns of the table, ready for the wire. It keeps nothing of the events appended,
// and after some use it allocates nothing. One goroutine owns it; once it has been inserted nothing can be
// appended before Reset.
type Events struct {
	blocks []*eventBlock // those beyond used keep their memory for later
	used   int
	rows   int
	bytes  int
}

// NewEvents makes an empty batch.
func NewEvents() *Events { return &Events{} }

// Append adds an event. Its strings are copied.
func (e *Events) Append(ev *event.Event) {
	b := e.last()
	size := b.append(ev)
	e.bytes += size
	e.rows++
}

// last is the block that has room.
func (e *Events) last() *eventBlock {
	if e.used > 0 {
		if b := e.blocks[e.used-1]; b.rows() < blockRows && b.bytes < blockBytes {
			return b
		}
	}
	if e.used == len(e.blocks) {
		b := newEventBlock()
		if e.used > 0 {
			b.fit(e.blocks[e.used-1])
		}
		e.blocks = append(e.blocks, b)
	}
	e.used++
	return e.blocks[e.used-1]
}

// Rows is the number of events.
func (e *Events) Rows() int { return e.rows }

// Bytes is about the size of the batch before compression, were no value repeated.
func (e *Events) Bytes() int { return e.bytes }

// Reset empties the batch and keeps its memory.
func (e *Events) Reset() {
	for _, b := range e.blocks[:e.used] {
		b.reset()
	}
	e.used, e.rows, e.bytes = 0, 0, 0
}
