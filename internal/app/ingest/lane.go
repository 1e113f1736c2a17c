package ingest

import (
	"context"
	"sync"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/app/ingest/ahead"
	"gatewatch/internal/app/ingest/limit"
	"gatewatch/internal/app/ingest/order"
	"gatewatch/internal/app/ingest/tick"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
	"gatewatch/internal/route"
)

// sender is the part of a producer that a lane needs.
type sender interface {
	Send(ctx context.Context, r *kafka.Record, done func(*kafka.Record, error))
}

// topic is where records go.
type topic struct {
	name string
	// limit is the largest value that is produced to it.
	limit int
}

// Enricher adds what is known of an event's client beyond the line. It is called from several goroutines.
type Enricher interface {
	Enrich(e *event.Event)
}

// lane is the way of records from their decoder to Kafka. One goroutine owns a lane; what the producer calls may be
// called from any.
type lane struct {
	events, rejected topic
	sender           sender
	enrich           []Enricher
	metrics          *metrics
	ahead            *ahead.Memory
	// fail ends the service: something was not acknowledged and never will be.
	fail func(error)

	templates *route.Templater
	trust     event.Trust
	now       time.Time
	sight     tick.Sight

	// work is the context of what is produced: it outlives that of the service, so that what has begun is finished.
	work context.Context //nolint:containedctx // it is the lane's, and not that of whoever calls

	// What is being decoded.
	decoder *accesslog.Decoder
	parcel  *parcel
	record  []byte
	at      time.Time // when the record came to its source
	came    time.Time // when it came here
	service string
	queue   *order.Queue[*outgoing] // for what comes of it, nil to send that at once

	pool sync.Pool
}

var _ accesslog.Sink = (*lane)(nil)

func (l *lane) tick(now time.Time) {
	l.now, l.trust = now, event.TrustUntil(now.UnixNano())
	l.sight.Tick(now)
}

// job is a record to be read.
type job struct {
	decoder *accesslog.Decoder
	parcel  *parcel
	origin  event.Origin
	data    []byte
	at      time.Time
	service string
	// queue takes what comes of the record until it is released; nil is for what is sent at once.
	queue *order.Queue[*outgoing]
	came  time.Time
}

// read decodes a record, and sends what came of it or queues it. The record's memory is free when it returns.
func (l *lane) read(j job) {
	l.decoder, l.parcel, l.record, l.at, l.service = j.decoder, j.parcel, j.data, j.at, j.service
	l.queue, l.came = j.queue, j.came
	j.decoder.Trust, j.decoder.Origin = l.trust, j.origin
	j.decoder.Decode(j.data, l)
	l.record = nil
}

// Event implements accesslog.Sink.
func (l *lane) Event(e *event.Event) {
	if e.Service == "" && e.Host == "" {
		e.Service = l.service
	}
	for _, by := range l.enrich {
		by.Enrich(e)
	}
	l.templates.Template(e)
	o := l.take()
	o.buf = appendKey(o.buf, e)
	key := len(o.buf)
	o.buf = e.AppendProto(o.buf)
	if len(o.buf) > l.events.limit {
		l.metrics.tooLarge.Inc()
		o.reset()
		l.rejectAs(o, rejection{reason: format.TooLong.String(), ordinal: e.Origin.Ordinal, line: l.record})
		return
	}
	o.record.Topic, o.record.Key, o.record.Value = l.events.name, o.buf[:key:key], o.buf[key:]
	o.record.Timestamp = l.stamp()
	l.parcel.happened = e.Time
	l.sight.See(e.Time)
	l.send(o, e.Time)
}

// Reject implements accesslog.Sink.
func (l *lane) Reject(reason format.Reason, line []byte) {
	if reason == format.TimeFuture {
		l.ahead.Note(l.now)
	}
	// The decoder has counted the line already.
	l.rejectAs(l.take(), rejection{reason: reason.String(), ordinal: l.decoder.Origin.Ordinal - 1, line: line})
}

func (l *lane) rejectAs(o *outgoing, r rejection) {
	r.origin, r.at = l.decoder.Origin, l.at
	r.fill(o, l.rejected)
	l.send(o, order.Timeless)
}

// maxAge is how old a record may be to keep its time in our topics. An older one, of a shipper that takes the lines' time,
// would count as expired by a topic's retention as soon as it is written.
const maxAge = time.Hour

// stamp is the time of an event's record: when the line came to Kafka, so that latency can be told from there.
func (l *lane) stamp() time.Time {
	if age := l.now.Sub(l.at); age > maxAge || age < 0 {
		return l.now
	}
	return l.at
}

func (l *lane) take() *outgoing {
	if o, ok := l.pool.Get().(*outgoing); ok {
		return o
	}
	o := new(outgoing)
	o.done = func(_ *kafka.Record, err error) { l.done(o, err) }
	return o
}

// send sends what happened at a time, or queues it.
func (l *lane) send(o *outgoing, at int64) {
	o.parcel = l.parcel
	o.parcel.add()
	if l.queue == nil {
		l.release(o)
		return
	}
	o.came = l.came
	l.queue.Put(o, at, len(o.buf))
}

// release sends what has been queued.
func (l *lane) release(o *outgoing) { l.sender.Send(l.work, &o.record, o.done) }

// done is called by the producer, once for each record sent.
func (l *lane) done(o *outgoing, err error) {
	switch {
	case err == nil:
		p := o.parcel
		o.reset()
		l.pool.Put(o)
		p.done()
	case kafka.IsTooLarge(err):
		l.fail(&limit.Error{Topic: o.record.Topic, Err: err})
	default:
		l.fail(err)
	}
}
