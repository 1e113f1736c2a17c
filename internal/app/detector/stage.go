package detector

import (
	"context"
	"sync"
	"time"

	"gatewatch/internal/app/service"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/kafka"
)

// pollLimit is how many records one Poll returns at most, so that no partition waits long for another.
const pollLimit = 8192

// fetchBytes is how much of a partition is fetched at once: what is folded should not have left the processor's caches
// since it was decompressed.
const fetchBytes = 256 << 10

// stage is one of the two folds: it reads one topic and has a worker for each of its partitions.
type stage struct {
	detector *Detector
	name     string // "events" or "facets"
	facets   bool
	topic    string
	group    string
	consumer Consumer // set before any worker is

	mu       sync.Mutex // guards workers and assigned
	workers  map[int32]*worker
	assigned bool
}

func newStage(d *Detector, name, topic, group string) *stage {
	return &stage{detector: d, name: name, topic: topic, group: group, workers: map[int32]*worker{}}
}

// run reads until the context ends, and then drains.
func (s *stage) run(ctx context.Context, near *Neighbours) error {
	// Workers outlive the context: what they have begun is finished first.
	base := context.WithoutCancel(ctx)
	consumer, err := near.Consume(kafka.Group{
		Name: s.group, Topics: []string{s.topic}, MaxPartitionBytes: fetchBytes,
		Begin:    s.begin,
		Assigned: func(_ context.Context, ps []kafka.Partition) { s.gain(base, near, ps) },
		Revoked:  func(_ context.Context, ps []kafka.Partition, lost bool) { s.lose(ps, lost) },
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.consumer = consumer
	s.mu.Unlock()
	defer consumer.Close()
	for ctx.Err() == nil {
		batches, err := consumer.Poll(ctx, pollLimit)
		for _, b := range batches {
			s.hand(ctx, b)
		}
		consumer.Handled()
		if err != nil && ctx.Err() == nil {
			s.drain()
			return err
		}
	}
	s.drain()
	return nil
}

// hand gives a batch to its worker.
func (s *stage) hand(ctx context.Context, b kafka.Batch) {
	if w := s.worker(b.Partition.ID); w != nil {
		w.inbox.Put(ctx, b)
		return
	}
	b.Release()
}

func (s *stage) worker(id int32) *worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.workers[id]
}

// all are the workers there are.
func (s *stage) all() []*worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*worker, 0, len(s.workers))
	for _, w := range s.workers {
		all = append(all, w)
	}
	return all
}

// gain starts workers for partitions assigned.
func (s *stage) gain(ctx context.Context, near *Neighbours, ps []kafka.Partition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assigned = true
	for _, p := range ps {
		if p.Topic != s.topic || s.workers[p.ID] != nil {
			continue
		}
		w := newWorker(s, near, checkpoint.Source{Topic: p.Topic, Partition: p.ID})
		s.workers[p.ID] = w
		w.start(ctx)
	}
}

// begin tells where to begin with a partition just assigned. The checkpoint is the truth; the group's offset is for who
// measures lag, and for partitions whose checkpoint is not here.
func (s *stage) begin(p kafka.Partition, committed int64) (int64, bool) {
	w := s.worker(p.ID)
	if w == nil {
		return 0, false
	}
	return w.begin(committed)
}

// lose ends the workers of partitions that are given back, or that are lost.
func (s *stage) lose(ps []kafka.Partition, lost bool) {
	s.mu.Lock()
	var gone []*worker
	for _, p := range ps {
		if w := s.workers[p.ID]; w != nil && p.Topic == s.topic {
			gone = append(gone, w)
		}
	}
	s.mu.Unlock()
	if lost {
		for _, w := range gone {
			w.abandon()
		}
	}
	s.end(gone)
}

// drain ends all workers.
func (s *stage) drain() { s.end(s.all()) }

// end has workers finish what they have begun, save and commit. Those whose sinks take too long are abandoned: they are
// replayed from their last checkpoint.
func (s *stage) end(workers []*worker) {
	for _, w := range workers {
		w.drain()
	}
	timer := time.NewTimer(s.detector.cfg.Patience)
	defer timer.Stop()
	for _, w := range workers {
		select {
		case <-w.done:
			continue
		case <-timer.C:
			timer.Reset(0)
		}
		s.detector.log.Warn("sinks did not take everything in time, it will be sent again",
			"stage", s.name, "partition", w.source.Partition)
		w.abandon()
		<-w.done
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range workers {
		if s.workers[w.source.Partition] == w {
			delete(s.workers, w.source.Partition)
		}
	}
}

// reload has every worker change over to the current catalog.
func (s *stage) reload() {
	for _, w := range s.all() {
		select {
		case w.changed <- struct{}{}:
		default: // it has yet to look at an earlier one
		}
	}
}

// persist does what must not be left undone, until it succeeds or the context ends.
func (s *stage) persist(ctx context.Context, check, what string, f func(context.Context) error) error {
	d := s.detector
	return service.Retry(ctx, d.log, what, func(ctx context.Context) error {
		err := service.Advise(f(ctx))
		if ctx.Err() == nil {
			d.faults.Set(check, s.name+" "+what, err)
		}
		return err
	})
}
