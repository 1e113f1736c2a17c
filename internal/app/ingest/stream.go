package ingest

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"gatewatch/internal/app/ingest/reading"
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
}

// flusher waits until everything produced has been acknowledged.
type flusher interface {
	Flush(ctx context.Context) error
	Buffered() int64
}

const (
	// defaultPatience is how long records of other partitions wait for those of one that is known to have more: longer
	// than a fetch takes, and no longer than anybody notices who is behind anyway.
	defaultPatience = 250 * time.Millisecond
	// behind is how old records are when the partitions are waited for to keep their order: what came lately is in order
	// as it comes, within the time that a producer and a fetch take, and an alert must not wait.
	behind = 2 * time.Second
	// period is how often positions are committed, and the clock is looked at for what may be believed.
	period = time.Second
	// sliceRecords is how many records are decoded before the consumer is asked for more.
	sliceRecords = 512
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

// stream reads the raw topics and merges their partitions by time. One goroutine owns a stream; the consumer calls
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
	turns    turns
	open     []*source    // with a parcel being filled
	assigned atomic.Int64 // partitions
	ticked   time.Time
	told     commit
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

// wait is how long to wait for records: 0 when there are some to decode and nobody is waited for.
func (s *stream) wait() time.Duration {
	now := time.Now()
	wait := period - now.Sub(s.ticked)
	if s.turns.len() > 0 && !s.catchesUp(now) {
		return 0
	}
	for _, src := range s.sources {
		if src.empty() && src.lags() {
			if left := s.patience - now.Sub(src.dry); left > 0 {
				wait = min(wait, left)
				return max(wait, time.Millisecond)
			}
		}
	}
	if s.turns.len() > 0 {
		return 0
	}
	return max(wait, time.Millisecond)
}

// catchesUp tells that the next record came some time ago.
func (s *stream) catchesUp(now time.Time) bool {
	return now.UnixMilli()-s.turns.due[0] > behind.Milliseconds()
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
	share := s.share()
	for _, b := range batches {
		src := s.sources[b.Partition]
		if src == nil {
			b.Release()
			continue
		}
		idle := src.empty()
		src.put(b)
		if idle {
			s.turns.push(src, src.due(now.UnixMilli()))
		}
		if src.held > share && !src.paused {
			src.paused = true
			s.consumer.Pause(src.partition)
		}
	}
}

// share is how much of the memory one partition may hold.
func (s *stream) share() int { return max(minShare, maxHeld/max(len(s.sources), 1)) }

// slice decodes some records in the order in which they came to Kafka.
func (s *stream) slice(ctx context.Context) {
	now := time.Now()
	s.lane.tick(now)
	share, millis := s.share(), now.UnixMilli()
	for n := 0; n < sliceRecords && s.turns.len() > 0 && ctx.Err() == nil; {
		src, until := s.turns.first()
		for n < sliceRecords && !src.empty() && src.due(millis) <= until {
			s.read(src)
			src.step(now)
			n++
		}
		if src.paused && src.held < share/2 {
			src.paused = false
			s.consumer.Resume(src.partition)
		}
		if !src.empty() {
			s.turns.fix(src.due(millis))
			continue
		}
		s.turns.pop()
		if src.lags() && s.turns.len() > 0 && s.catchesUp(now) {
			break
		}
	}
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
		if r.Headers[i].Key == headerService {
			serviceName = string(r.Headers[i].Value)
		}
	}
	s.metrics.bytes.Add(float64(len(r.Value)))
	s.lane.read(job{
		decoder: src.decoder, parcel: src.parcel, data: r.Value, at: r.Timestamp, service: serviceName,
		origin: event.Origin{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset},
	})
	src.parcel.next = r.Offset + 1
	if src.taken++; src.taken == parcelRecords {
		s.shut(src)
	}
}

// headerService is the header in which a record names the service of its lines.
const headerService = "service"

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
}

func (s *stream) count(src *source) {
	stats := src.decoder.Stats()
	s.metrics.count(&stats, &src.stats)
	src.stats = stats
}
