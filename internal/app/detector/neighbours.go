package detector

import (
	"context"

	"gatewatch/internal/app/detector/archive"
	"gatewatch/internal/app/detector/herald"
	"gatewatch/internal/app/detector/outbound"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// Rows is a batch of rows being filled. One goroutine at a time owns it.
type Rows interface {
	// Append adds a row; nothing of the event is kept.
	Append(ev *event.Event)
	Rows() int
	// Bytes is the size before compression.
	Bytes() int
	// Reset empties the batch and keeps its memory.
	Reset()
}

// Store keeps events and findings.
type Store interface {
	NewRows() Rows
	// InsertEvents stores a batch once for its token, however often that takes.
	InsertEvents(ctx context.Context, rows Rows, token string) error
	archive.Store

	Ping(ctx context.Context) error
}

// Publisher tells findings to those who act on them.
type Publisher interface {
	// PublishFinding hands a finding over; it waits while too many are on their way. The finding may be reused.
	PublishFinding(ctx context.Context, f *finding.Finding) error
	// Flush waits until all that was handed over is acknowledged.
	Flush(ctx context.Context) error
	Ping(ctx context.Context) error
}

// Consumer reads the partitions of one topic.
type Consumer interface {
	Poll(ctx context.Context, limit int) ([]kafka.Batch, error)
	Handled()
	Pause(p kafka.Partition)
	Resume(p kafka.Partition)
	Commit(ctx context.Context, next map[kafka.Partition]int64) error
	Trouble() error
	Ping(ctx context.Context) error
	Close()
}

// Checkpoints keeps positions, states and plans. Of one source, one goroutine at a time saves, and one loads and plans.
type Checkpoints interface {
	Load(src checkpoint.Source) (checkpoint.Kept, error)
	Save(c checkpoint.Sealed) error
	// Plan keeps the bounds of a batch before it is stored, and Done that it has been.
	Plan(src checkpoint.Source, plan checkpoint.Plan) error
	Done(src checkpoint.Source, plan checkpoint.Plan) error
}

// Neighbours are all that a detector works with.
type Neighbours struct {
	Store     Store
	Publisher Publisher
	Producer  outbound.Producer
	// Herald tells the second stage the time; nil does not. It is the same as Producer.
	Herald      herald.Broker
	Checkpoints Checkpoints
	// Consume makes the consumer of a group; it joins at the first Poll.
	Consume func(g kafka.Group) (Consumer, error)
	// Close ends the connections, after everything else; nil does nothing.
	Close func()
}

func (n *Neighbours) close() {
	if n.Close != nil {
		n.Close()
	}
}

// Connect reaches the neighbours. It waits for those that are not there and reports what it waits for, with nil when it
// waits no more.
type Connect func(ctx context.Context, report func(what string, err error)) (*Neighbours, error)
