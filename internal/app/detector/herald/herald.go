// Package herald tells the second stage of the detector the time. Facets come of few events, so that hours may pass in which
// a partition of theirs gets none; and what time it is, the first stage knows.
package herald

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

const (
	// patience is how far a partition may be behind another and still be waited for, in event time. One that is further
	// behind has nothing to tell.
	patience = 10 * time.Minute
	// period is how often the herald looks what time it is.
	period = time.Second
	// askTime is how long Kafka may take to say which partitions there are.
	askTime = 5 * time.Second
)

// Broker is the part of a producer that a herald needs. It is the one that facets are sent by, so that a time comes behind
// all that came of the events before it.
type Broker interface {
	Spans(ctx context.Context, topics ...string) (map[kafka.Partition]kafka.Span, error)
	SendTo(ctx context.Context, partition int32, r *kafka.Record, done func(*kafka.Record, error))
}

// Herald knows how far the partitions of the first stage have got that this process folds. Any goroutine may use it.
type Herald struct {
	topic    string
	interval time.Duration
	told     prometheus.Counter

	mu      sync.Mutex // guards reached
	reached map[int32]progress
}

// progress is how far a partition has got.
type progress struct {
	at   int64 // 0 when it cannot tell
	live bool
}

// New makes a herald for the partitions of a topic. It tells them the time when so much of it has passed, in event time, and
// counts how often.
func New(topic string, interval time.Duration, told prometheus.Counter) *Herald {
	return &Herald{topic: topic, interval: interval, told: told, reached: map[int32]progress{}}
}

// Reached takes in up to what time a partition of the first stage has passed its facets on, and whether it is live: while
// one folds a past, nobody is told the time.
func (h *Herald) Reached(partition int32, at int64, live bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reached[partition] = progress{at, live}
}

// Left is for a partition that is another's now.
func (h *Herald) Left(partition int32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.reached, partition)
}

// now is the time up to which every partition has got that is not far behind, 0 when that cannot be told.
func (h *Herald) now() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	var newest int64
	for _, p := range h.reached {
		if !p.live {
			return 0
		}
		newest = max(newest, p.at)
	}
	now := newest
	for _, p := range h.reached {
		if p.at > 0 && newest-p.at <= int64(patience) {
			now = min(now, p.at)
		}
	}
	return now
}

// Run tells the time until the context ends. A herald without an interval or a broker tells nobody.
func (h *Herald) Run(ctx context.Context, b Broker) {
	if h.interval <= 0 || b == nil {
		return
	}
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	var told int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if at := h.now(); at > 0 && at-told >= int64(h.interval) && h.tell(ctx, b, at) {
			told = at
		}
	}
}

// tell tells every partition, false when it is not known which there are.
func (h *Herald) tell(ctx context.Context, b Broker, at int64) bool {
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	spans, err := b.Spans(asking, h.topic)
	if err != nil {
		return false // it is asked again
	}
	for p := range spans {
		r := &kafka.Record{Topic: h.topic, Headers: []kafka.Header{{Key: event.TickHeader, Value: event.AppendTick(nil, at)}}}
		b.SendTo(ctx, p.ID, r, func(_ *kafka.Record, err error) {
			if err == nil {
				h.told.Inc()
			}
		})
	}
	return true
}
