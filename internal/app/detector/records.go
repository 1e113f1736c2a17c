package detector

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/kafka"
)

// epoch is the records sent between two checkpoints of a partition. It ends when it is closed and all are acknowledged.
type epoch struct {
	pending atomic.Int64 // records on their way, and 1 while it is open
	failure atomic.Pointer[error]
	done    chan struct{}
}

func newEpoch() *epoch {
	e := &epoch{done: make(chan struct{})}
	e.pending.Store(1)
	return e
}

// fail notes that something made in the epoch will never arrive.
func (e *epoch) fail(err error) { e.failure.CompareAndSwap(nil, &err) }

func (e *epoch) finish(err error) {
	if err != nil {
		e.fail(err)
	}
	if e.pending.Add(-1) == 0 {
		close(e.done)
	}
}

// wait waits for the end of an epoch that was closed, and tells what went wrong in it.
func (e *epoch) wait(ctx context.Context) error {
	select {
	case <-e.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := e.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// records are Kafka records with their memory, used again and again.
type records struct {
	pool     sync.Pool
	tooLarge prometheus.Counter
}

// outgoing is a record on its way. Its done is made once, so that sending allocates nothing.
type outgoing struct {
	home   *records
	record kafka.Record
	key    []byte
	value  []byte
	epoch  *epoch
	done   func(*kafka.Record, error)
}

// maxKept is the largest value whose memory is kept for another.
const maxKept = 64 << 10

// take gives a record to fill: Topic, key and value.
func (r *records) take(topic string) *outgoing {
	o, ok := r.pool.Get().(*outgoing)
	if !ok {
		o = &outgoing{home: r}
		o.done = o.acknowledged
	}
	o.record = kafka.Record{Topic: topic}
	o.key, o.value = o.key[:0], o.value[:0]
	return o
}

// send hands the record to the producer as one of an epoch.
func (o *outgoing) send(ctx context.Context, p Producer, e *epoch) {
	if len(o.key) > 0 {
		o.record.Key = o.key
	}
	o.record.Value = o.value
	o.epoch = e
	e.pending.Add(1)
	p.Send(ctx, &o.record, o.done)
}

func (o *outgoing) acknowledged(_ *kafka.Record, err error) {
	e, home := o.epoch, o.home
	if kafka.IsTooLarge(err) {
		// No other attempt helps, and the partition must go on: it is counted, and lost to this topic only.
		home.tooLarge.Inc()
		err = nil
	}
	o.epoch, o.record = nil, kafka.Record{}
	if cap(o.value) <= maxKept {
		home.pool.Put(o)
	}
	e.finish(err)
}
