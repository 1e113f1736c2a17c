package ingest

import (
	"context"
	"time"

	"gatewatch/internal/kafka"
)

// gained begins with partitions that are this member's now.
func (s *stream) gained(_ context.Context, ps []kafka.Partition) {
	s.used = s.reading.Load()
	for _, p := range ps {
		decoder, err := s.used.Decoder(s.lane.trust)
		if err != nil {
			s.fail(err)
			return
		}
		s.sources[p] = &source{
			partition: p, decoder: decoder, service: s.used.Service(p.Topic), high: -1, dry: time.Now(),
		}
	}
	s.counted()
	s.log.Info("partitions assigned", "count", len(ps), "total", len(s.sources))
}

// gone ends with partitions that are no longer this member's. Those given back are acknowledged and committed first;
// those lost belong to another member already.
func (s *stream) gone(ctx context.Context, ps []kafka.Partition, lost bool) {
	going := map[kafka.Partition]*source{}
	for _, p := range ps {
		src := s.sources[p]
		if src == nil {
			continue
		}
		s.shut(src)
		src.drop()
		if src.paused {
			s.consumer.Resume(p)
		}
		s.count(src)
		going[p] = src
		delete(s.sources, p)
	}
	s.line()
	if !lost {
		s.settle(ctx)
		s.told.finish(ctx, s, going)
	}
	s.counted()
	s.log.Info("partitions revoked", "count", len(ps), "total", len(s.sources), "lost", lost)
}

// settle waits until everything produced has been acknowledged.
func (s *stream) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if err := s.producer.Flush(ctx); err != nil {
		s.log.WarnContext(ctx, "not everything was acknowledged, it will be read again", "err", err)
	}
}

// line lets the sources with something to send queue anew.
func (s *stream) line() {
	now := time.Now().UnixNano()
	s.turns.Reset()
	for _, src := range s.sources {
		if !src.idle() {
			s.turns.Push(src, src.queue.Due(now))
		}
	}
}

// end acknowledges and commits what has been read.
func (s *stream) end(ctx context.Context) {
	for _, src := range s.sources {
		s.shut(src)
		src.drop()
	}
	s.turns.Reset()
	s.settle(ctx)
	s.told.finish(ctx, s, s.sources)
	if s.watch != nil {
		s.watch.Close()
	}
}

func (s *stream) counted() {
	s.assigned.Store(int64(len(s.sources)))
	s.metrics.partitions.Set(float64(len(s.sources)))
}

// renew has lines read by a configuration that was loaded anew. What the decoders remember of their sources is lost.
func (s *stream) renew() {
	r := s.reading.Load()
	if r == s.used || s.used == nil {
		return
	}
	s.used = r
	for _, src := range s.sources {
		decoder, err := r.Decoder(s.lane.trust)
		if err != nil {
			s.log.Error("configuration not taken over", "err", err)
			return
		}
		s.count(src)
		src.decoder, src.service = decoder, r.Service(src.partition.Topic)
		src.stats = decoder.Stats()
	}
}
