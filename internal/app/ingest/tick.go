package ingest

import (
	"context"
	"time"

	"gatewatch/internal/app/ingest/tick"
	"gatewatch/internal/kafka"
)

// watch makes what tells the time while nothing is logged, nil when nobody is to.
func (s *Service) watch(p *kafka.Producer) *tick.Watch {
	cfg := tick.Config{
		Topic: s.cfg.Kafka.Topics.Events, Interval: s.cfg.Kafka.TickInterval, Clock: &s.clock, Broker: p, Told: s.metrics.ticks,
	}
	if f := s.inputs.followed; f != nil {
		cfg.Busy = f.Busy
	}
	if cfg.Interval <= 0 {
		return nil
	}
	return tick.New(cfg)
}

// look has the watch know how far the partitions have been read. While one of them cannot be, there is no time to tell.
func (s *stream) look(ctx context.Context, now time.Time) {
	if s.watch == nil || s.consumer.Trouble() != nil {
		return
	}
	all := make([]tick.Reading, 0, len(s.sources))
	for p, src := range s.sources {
		r := tick.Reading{Partition: p, Next: -1}
		if src.high >= 0 {
			r.Next, _ = src.ledger.settle()
		}
		if src.idle() {
			r.Dry = src.dry
		}
		all = append(all, r)
	}
	s.watch.Look(ctx, s.lane.work, now, all)
}
