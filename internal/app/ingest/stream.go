package ingest

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"gatewatch/internal/app/ingest/order"
	"gatewatch/internal/app/ingest/posted"
	"gatewatch/internal/app/ingest/reading"
	"gatewatch/internal/app/ingest/tick"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// consumer is the part of a group's member that a stream needs.
type consumer interface {
	PollFor(ctx context.Context, limit int, wait time.Duration) ([]kafka.Batch, error)
	Handled()
	Pause(p kafka.Partition)
	Resume(p kafka.Partition)
	Commit(ctx context.Context, next map[kafka.Partition]int64) error
	Trouble() error
}

// flusher waits until everything produced has been acknowledged.
type flusher interface {
	Flush(ctx context.Context) error
	Buffered() int64
}

const (
	// period is how often positions are committed, and the clock is looked at for what may be believed.
	period = time.Second
	// sliceEvents is how many events are sent before the consumer is asked for more.
	sliceEvents = 512
	// parcelRecords is how many records of a source are acknowledged together at most.
	parcelRecords = 256
	// maxHeld bounds the bytes of records at hand, over all partitions.
	maxHeld = 64 << 20
	// minShare is the least that one partition may hold of it.
	minShare = 1 << 20
	// settleTime is how long partitions given back may take to be acknowledged, well below the group's patience.
	settleTime = 15 * time.Second
	// commitTime is how long a commit may take.
	commitTime = 5 * time.Second
)

// stream reads the raw topics and merges their partitions by the time of events. One goroutine owns a stream; the consumer calls
// assigned and revoked only while that one is in PollFor.
type stream struct {
	lane     *lane
	consumer consumer
	producer flusher
	reading  *atomic.Pointer[reading.Reading]
	used     *reading.Reading // what the decoders were made of
	log      *slog.Logger
	metrics  *metrics

	patience time.Duration
	sources  map[kafka.Partition]*source
	turns    order.Turns[*source]
	pace     order.Pace
	open     []*source    // with a parcel being filled
	assigned atomic.Int64 // partitions
	ticked   time.Time
	told     commit
	watch    *tick.Watch // nil when nobody is told the time
	fail     func(error)
}

// run reads until the context ends.
func (s *stream) run(ctx context.Context) error {
	// Partitions may be assigned as soon as there is a consumer, and while nothing has been polled nobody waits.
	batches, err := s.consumer.PollFor(ctx, 0, 0)
	if err != nil {
		return err
	}
	s.put(batches)
	for ctx.Err() == nil {
		s.tick(ctx)
		wait := s.wait()
		if wait > 0 || s.little() {
			s.consumer.Handled()
			batches, err := s.consumer.PollFor(ctx, 0, wait)
			if err != nil {
				return err
			}
			s.put(batches)
		}
		if s.wait() == 0 {
			s.slice(ctx)
		}
	}
	return nil
}

// little tells that so little is at hand that more may be taken in.
func (s *stream) little() bool {
	for _, src := range s.sources {
		if src.empty() {
			return true
		}
	}
	return false
}

// put takes batches in.
func (s *stream) put(batches []kafka.Batch) {
	if len(batches) == 0 {
		return
	}
	now := time.Now()
	s.lane.tick(now)
	share := s.share()
	for _, b := range batches {
		src := s.sources[b.Partition]
		if src == nil {
			b.Release()
			continue
		}
		idle := src.idle()
		src.put(b, now)
		if idle {
			if s.fill(src); src.idle() {
				src.dry = now // nothing came of its records
			} else {
				s.turns.Push(src, src.queue.Due(now.UnixNano()))
			}
		}
		if src.held > share && !src.paused {
			src.paused = true
			s.consumer.Pause(src.partition)
		}
	}
	s.shutAll()
}

// share is how much of the memory one partition may hold.
func (s *stream) share() int { return max(minShare, maxHeld/max(len(s.sources), 1)) }

// slice sends some events in the order of their time.
func (s *stream) slice(ctx context.Context) {
	now := time.Now()
	s.lane.tick(now)
	share, nanos := s.share(), now.UnixNano()
	hurried := s.pace.Hurries(now)
	for n := 0; n < sliceEvents && s.turns.Len() > 0 && ctx.Err() == nil; {
		src, due, until := s.turns.First()
		if s.pace.See(due, now); !hurried && s.pace.Hurries(now) {
			break // from here on others are waited for
		}
		for ; n < sliceEvents && due <= until && !src.idle(); n++ {
			s.lane.release(src.queue.Take())
			s.fill(src)
			due = src.queue.Due(nanos)
		}
		if src.paused && src.held < share/2 {
			src.paused = false
			s.consumer.Resume(src.partition)
		}
		if !src.idle() {
			s.turns.Fix(due)
			continue
		}
		src.dry = now
		s.turns.Pop()
		if s.turns.Len() > 0 && s.hold(now) > 0 {
			break
		}
	}
	s.shutAll()
}

// fill decodes what comes next of a source.
func (s *stream) fill(src *source) {
	for src.queue.Short() && !src.empty() {
		s.read(src)
		src.step()
	}
}

// shutAll ends the parcels that are being filled.
func (s *stream) shutAll() {
	for _, src := range s.open {
		s.shut(src)
	}
	s.open = s.open[:0]
}

// read decodes the next record of a source.
func (s *stream) read(src *source) {
	r := src.head()
	if src.parcel == nil {
		src.parcel = &parcel{arrived: r.Timestamp.UnixNano(), acked: s.metrics.parcel}
		src.parcel.add()
		src.ledger.append(src.parcel)
		s.open = append(s.open, src)
	}
	serviceName := src.service
	for i := range r.Headers {
		if r.Headers[i].Key == posted.HeaderService {
			serviceName = string(r.Headers[i].Value)
		}
	}
	s.metrics.bytes.Add(float64(len(r.Value)))
	s.lane.read(job{
		decoder: src.decoder, parcel: src.parcel, data: r.Value, at: r.Timestamp, service: serviceName,
		queue: &src.queue, came: src.batches[0].came,
		origin: event.Origin{Topic: src.name, Partition: r.Partition, Offset: r.Offset},
	})
	src.parcel.next = r.Offset + 1
	if src.taken++; src.taken == parcelRecords {
		s.shut(src)
	}
}

// shut ends the parcel that a source fills.
func (s *stream) shut(src *source) {
	if p := src.parcel; p != nil {
		src.parcel, src.taken = nil, 0
		p.done()
	}
}

// tick commits and counts, once a period.
func (s *stream) tick(ctx context.Context) {
	now := time.Now()
	if now.Sub(s.ticked) < period {
		return
	}
	s.ticked = now
	s.lane.tick(now)
	s.renew()
	held := 0
	for _, src := range s.sources {
		held += src.held
		s.count(src)
	}
	s.metrics.held.Set(float64(held))
	s.metrics.inFlight.Set(float64(s.producer.Buffered()))
	s.told.take(s, false)
	s.told.begin(ctx, s)
	s.look(ctx, now)
}

func (s *stream) count(src *source) {
	stats := src.decoder.Stats()
	s.metrics.count(&stats, &src.stats)
	src.stats = stats
}
