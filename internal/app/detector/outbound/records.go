// Package outbound sends records of partitions to Kafka, and tells when all of those between two checkpoints have arrived.
package outbound

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/kafka"
)

// Epoch is the records sent between two checkpoints of a partition. It ends when it is closed and all are acknowledged.
type Epoch struct {
	pending atomic.Int64 // records on their way, and 1 while it is open
	failure atomic.Pointer[error]
	done    chan struct{}
}

// NewEpoch begins an epoch.
func NewEpoch() *Epoch {
	e := &Epoch{done: make(chan struct{})}
	e.pending.Store(1)
	return e
}

// Fail notes that something made in the epoch will never arrive.
func (e *Epoch) Fail(err error) { e.failure.CompareAndSwap(nil, &err) }

// Finish closes the epoch: no other record will be sent in it.
func (e *Epoch) Finish() { e.finish(nil) }

func (e *Epoch) finish(err error) {
	if err != nil {
		e.Fail(err)
	}
	if e.pending.Add(-1) == 0 {
		close(e.done)
	}
}

// Wait waits for the end of an epoch that was closed, and tells what went wrong in it.
func (e *Epoch) Wait(ctx context.Context) error {
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

// Records are Kafka records with their memory, used again and again. Any goroutine may use them.
type Records struct {
	// TooLarge counts records that are larger than their topic takes.
	TooLarge prometheus.Counter

	pool sync.Pool
}

// Record is a record to send. Its done is made once, so that sending allocates nothing.
type Record struct {
	// Key and Value are to be filled; their memory may be appended to.
	Key, Value []byte
	Headers    []kafka.Header

	home   *Records
	record kafka.Record
	epoch  *Epoch
	done   func(*kafka.Record, error)
}

// maxKept is the largest value whose memory is kept for another.
const maxKept = 64 << 10

// Take gives a record for a topic, to be filled.
func (r *Records) Take(topic string) *Record {
	o, ok := r.pool.Get().(*Record)
	if !ok {
		o = &Record{home: r}
		o.done = o.acknowledged
	}
	o.record = kafka.Record{Topic: topic}
	o.Key, o.Value, o.Headers = o.Key[:0], o.Value[:0], nil
	return o
}

// Producer writes records to topics.
type Producer interface {
	// Send hands a record over; done is called once and must not block.
	Send(ctx context.Context, r *kafka.Record, done func(*kafka.Record, error))
}

// Send hands the record to the producer as one of an epoch.
func (o *Record) Send(ctx context.Context, p Producer, e *Epoch) {
	if len(o.Key) > 0 {
		o.record.Key = o.Key
	}
	o.record.Value, o.record.Headers = o.Value, o.Headers
	o.epoch = e
	e.pending.Add(1)
	p.Send(ctx, &o.record, o.done)
}

func (o *Record) acknowledged(_ *kafka.Record, err error) {
	e, home := o.epoch, o.home
	if kafka.IsTooLarge(err) {
		// No other attempt helps, and the partition must go on: it is counted, and lost to this topic only.
		home.TooLarge.Inc()
		err = nil
	}
	o.epoch, o.record = nil, kafka.Record{}
	if cap(o.Value) <= maxKept {
		home.pool.Put(o)
	}
	e.finish(err)
}
