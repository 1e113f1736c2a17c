// Package inbox holds what was read of a partition until it is folded, and has the reader wait when that is much.
package inbox

import (
	"context"
	"sync/atomic"
	"time"

	"gatewatch/internal/kafka"
)

const (
	// room is how many batches fit, and crowd at how many the partition is paused. One Poll may still bring a few before
	// the pause is felt, and handing over never blocks.
	room, crowd = 64, 32
	// patience is how long the reader waits for a worker that is behind before it pauses the partition. What was fetched
	// of a paused partition is thrown away, so a pause is for trouble, not for every moment of high load.
	patience = 50 * time.Millisecond
)

// Reader is who reads the partition.
type Reader interface {
	Pause(p kafka.Partition)
	Resume(p kafka.Partition)
}

// Inbox holds the batches that have yet to be folded. One goroutine puts, another takes.
type Inbox struct {
	// Queue are the batches; who takes one calls Folded for it.
	Queue chan kafka.Batch

	partition kafka.Partition
	reader    Reader
	least     int64         // records at which it is resumed, and twice as many at which it is paused
	low       chan struct{} // told when few are left
	records   atomic.Int64
	paused    atomic.Bool
}

// New makes an empty inbox, for about so many records.
func New(p kafka.Partition, r Reader, records int) *Inbox {
	return &Inbox{
		Queue: make(chan kafka.Batch, room), partition: p, reader: r, least: int64(records), low: make(chan struct{}, 1),
	}
}

// Put adds a batch, after a short wait when there are many, and pauses the partition when that did not help.
func (b *Inbox) Put(ctx context.Context, batch kafka.Batch) {
	if b.full() && !b.paused.Load() {
		b.await(ctx)
	}
	b.records.Add(int64(len(batch.Records)))
	b.Queue <- batch
	if b.full() {
		b.reader.Pause(b.partition)
		b.paused.Store(true)
		b.relieve() // the worker may have taken everything meanwhile
	}
}

// Paused tells that the partition is.
func (b *Inbox) Paused() bool { return b.paused.Load() }

func (b *Inbox) full() bool { return b.records.Load() > 2*b.least || len(b.Queue) >= crowd }

// await waits until few are left, but not long.
func (b *Inbox) await(ctx context.Context) {
	select {
	case <-b.low: // of an earlier time
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for b.full() {
		select {
		case <-b.low:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// Folded tells that a batch taken has been folded.
func (b *Inbox) Folded(batch kafka.Batch) {
	b.records.Add(-int64(len(batch.Records)))
	b.relieve()
}

// relieve has the partition read on when few are left.
func (b *Inbox) relieve() {
	if b.records.Load() > b.least || len(b.Queue) >= crowd/2 {
		return
	}
	select {
	case b.low <- struct{}{}:
	default:
	}
	if b.paused.CompareAndSwap(true, false) {
		b.reader.Resume(b.partition)
	}
}
