package push

import (
	"context"
	"sync"
	"sync/atomic"
)

// recordOverhead is about what a record takes in memory beside its value, in bytes.
const recordOverhead = 256

// budget is how many bytes may be in memory at a time. Any goroutine may use it.
type budget struct {
	limit int64
	taken atomic.Int64
}

// take takes n bytes, or nothing when they are not to be had.
func (b *budget) take(n int64) bool {
	if b.taken.Add(n) > b.limit {
		b.taken.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.taken.Add(-n) }

// delivery waits for the records of one request.
type delivery struct {
	settled chan struct{} // closed when every record is safe or given up
	release func()

	mu   sync.Mutex // guards left and err
	left int
	err  error
}

func newDelivery(records int, release func()) *delivery {
	return &delivery{settled: make(chan struct{}), release: release, left: records}
}

// done tells what became of one record.
func (d *delivery) done(err error) {
	d.mu.Lock()
	if d.err == nil {
		d.err = err
	}
	d.left--
	last := d.left == 0
	d.mu.Unlock()
	if last {
		d.release()
		close(d.settled)
	}
}

// wait waits until every record is settled, or for as long as the context allows.
func (d *delivery) wait(ctx context.Context) error {
	select {
	case <-d.settled:
		return d.err
	default:
	}
	select {
	case <-d.settled:
		return d.err
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // it is told apart by its identity
	}
}
