package detector

import (
	"context"
	"sync/atomic"
	"time"

	"gatewatch/internal/kafka"
)

const (
	// inboxBatches is how many batches fit, and inboxPause at how many the partition is paused. One Poll may still bring a
	// few before the pause is felt, and handing over never blocks.
	inboxBatches, inboxPause = 64, 32
	// inboxHigh and inboxLow are at how many records the partition is paused, and resumed.
	inboxHigh, inboxLow = 2 * pollLimit, pollLimit
	// inboxWait is how long the reader waits for a worker that is behind before it pauses the partition. What was fetched
	// of a paused partition is thrown away, so a pause is for trouble, not for every moment of high load.
	inboxWait = 50 * time.Millisecond
)

// inbox holds the batches that a worker has yet to fold. One goroutine puts, another takes.
type inbox struct {
	partition kafka.Partition
	consumer  Consumer
	queue     chan kafka.Batch
	low       chan struct{} // told when few are left
	records   atomic.Int64
	paused    atomic.Bool
}

func newInbox(p kafka.Partition, c Consumer) *inbox {
	return &inbox{partition: p, consumer: c, queue: make(chan kafka.Batch, inboxBatches), low: make(chan struct{}, 1)}
}

// put adds a batch, after a short wait when there are many, and pauses the partition when that did not help.
func (b *inbox) put(ctx context.Context, batch kafka.Batch) {
	if b.full() && !b.paused.Load() {
		b.await(ctx)
	}
	b.records.Add(int64(len(batch.Records)))
	b.queue <- batch
	if b.full() {
		b.consumer.Pause(b.partition)
		b.paused.Store(true)
		b.relieve() // the worker may have taken everything meanwhile
	}
}

func (b *inbox) full() bool { return b.records.Load() > inboxHigh || len(b.queue) >= inboxPause }

// await waits until few are left, but not long.
func (b *inbox) await(ctx context.Context) {
	select {
	case <-b.low: // of an earlier time
	default:
	}
	timer := time.NewTimer(inboxWait)
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

// folded tells that a batch taken has been folded.
func (b *inbox) folded(batch kafka.Batch) {
	b.records.Add(-int64(len(batch.Records)))
	b.relieve()
}

// relieve has the partition read on when few are left.
func (b *inbox) relieve() {
	if b.records.Load() > inboxLow || len(b.queue) >= inboxPause/2 {
		return
	}
	select {
	case b.low <- struct{}{}:
	default:
	}
	if b.paused.CompareAndSwap(true, false) {
		b.consumer.Resume(b.partition)
	}
}
