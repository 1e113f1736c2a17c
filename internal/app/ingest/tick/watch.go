package tick

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

const (
	// askTime is how long Kafka may take to say how much there is.
	askTime = 5 * time.Second
	// settle is how long nothing must have come of a partition before it counts as read to its end although it has offsets
	// that were not seen: those of transactions' markers, and all of one whose group has read them.
	settle = 3 * time.Second
	// slack is how many such offsets there may be behind the last record.
	slack = 100
)

// Broker is the part of a producer that a Watch needs.
type Broker interface {
	Spans(ctx context.Context, topics ...string) (map[kafka.Partition]kafka.Span, error)
	SendTo(ctx context.Context, partition int32, r *kafka.Record, done func(*kafka.Record, error))
}

// Config says whom a Watch tells the time.
type Config struct {
	// Topic is the topic of events.
	Topic string
	// Interval is for how long nothing must have been written to a partition.
	Interval time.Duration
	Clock    *Clock
	Broker   Broker
	// Busy tells that other inputs than partitions have more to give than they gave; nil without such inputs.
	Busy func() bool
	// Told counts the ticks.
	Told prometheus.Counter
}

// Reading is how far a partition of a raw topic has been read.
type Reading struct {
	Partition kafka.Partition
	// Next is the offset up to which all that came of its records has been acknowledged; -1 while none has come.
	Next int64
	// Dry is since when nothing has been at hand of it, zero while something is.
	Dry time.Time
}

// Watch tells the time. One goroutine owns it.
type Watch struct {
	cfg    Config
	asked  time.Time
	asking chan *answer    // nil when nothing has been asked
	answer *answer         // what is there to be read before its time may be told
	ends   map[int32]int64 // of the partitions of events, when they were looked at last
}

// answer is how much there was at some time.
type answer struct {
	asked time.Time
	at    int64 // by the log
	spans map[kafka.Partition]kafka.Span
}

// New makes a watch.
func New(cfg Config) *Watch { return &Watch{cfg: cfg} }

// Look is called about once a second. It asks how much there is, and when all that was there at that time has become events
// that Kafka has, it tells the time of asking to the partitions of events to which nothing was written meanwhile. So no
// event comes behind a tick that was there before it. What it sends is sent in the context of work.
func (w *Watch) Look(ctx, work context.Context, now time.Time, all []Reading) {
	if len(all) == 0 && w.cfg.Busy == nil {
		return // those read who have partitions
	}
	w.take(false)
	if a := w.answer; a != nil && a.reached(all) && (w.cfg.Busy == nil || !w.cfg.Busy()) {
		w.answer = nil
		w.tell(work, a)
	}
	if w.asking == nil && now.Sub(w.asked) >= w.cfg.Interval {
		w.asked = now
		if at, ok := w.cfg.Clock.At(now); ok {
			w.ask(ctx, &answer{asked: now, at: at}, all)
		}
	}
}

// ask asks how much there is. It does not wait for the answer, for nothing else is to wait.
func (w *Watch) ask(ctx context.Context, a *answer, all []Reading) {
	topics, named := []string{w.cfg.Topic}, map[string]bool{}
	for i := range all {
		if topic := all[i].Partition.Topic; !named[topic] {
			named[topic] = true
			topics = append(topics, topic)
		}
	}
	answers := make(chan *answer, 1)
	w.asking = answers
	go func() {
		ctx, cancel := context.WithTimeout(ctx, askTime)
		defer cancel()
		var err error
		if a.spans, err = w.cfg.Broker.Spans(ctx, topics...); err != nil {
			a = nil // it is asked again
		}
		answers <- a
	}()
}

// take takes the answer, if it is there, or waits for it.
func (w *Watch) take(wait bool) {
	if w.asking == nil {
		return
	}
	if wait {
		w.answer, w.asking = <-w.asking, nil
		return
	}
	select {
	case w.answer = <-w.asking:
		w.asking = nil
	default:
	}
}

// Close ends the watch; the context of the last Look must have ended.
func (w *Watch) Close() { w.take(true) }

// reached tells that all of the partitions have been read to where they ended then.
func (a *answer) reached(all []Reading) bool {
	for i := range all {
		r := &all[i]
		span, ok := a.spans[r.Partition]
		dry := !r.Dry.IsZero() && a.asked.Sub(r.Dry) >= settle
		switch {
		case !ok:
			return false
		case span.First == span.Next, r.Next >= span.Next, dry && (r.Next < 0 || r.Next >= span.Next-slack):
		default:
			return false
		}
	}
	return true
}

// tell tells the time to the partitions that end where they ended when they were looked at last.
func (w *Watch) tell(work context.Context, a *answer) {
	ends := map[int32]int64{}
	for p, span := range a.spans {
		if p.Topic != w.cfg.Topic {
			continue
		}
		ends[p.ID] = span.Next
		if before, known := w.ends[p.ID]; known && before == span.Next {
			ends[p.ID]++ // the tick's own; when others tell it as well, one of them goes on
			w.send(work, p.ID, a.at)
		}
	}
	w.ends = ends
}

// send tells one partition. One that cannot be told is told later.
func (w *Watch) send(work context.Context, partition int32, at int64) {
	r := &kafka.Record{
		Topic:   w.cfg.Topic,
		Headers: []kafka.Header{{Key: event.TickHeader, Value: event.AppendTick(nil, at)}},
	}
	w.cfg.Broker.SendTo(work, partition, r, func(_ *kafka.Record, err error) {
		if err == nil {
			w.cfg.Told.Inc()
		}
	})
}
