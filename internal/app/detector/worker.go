package detector

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gatewatch/internal/app/detector/inbox"
	"gatewatch/internal/app/detector/outbound"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// worker folds one partition. Its goroutine owns the engine, the marks, the position and the batch being filled; another
// stores batches, and a third waits for the sinks and saves.
type worker struct {
	stage    *stage
	detector *Detector
	near     *Neighbours
	source   checkpoint.Source
	inbox    *inbox.Inbox
	gauges   *gauges
	log      *slog.Logger

	placed   chan struct{} // closed when position is known
	draining chan struct{}
	changed  chan struct{} // the catalog has
	done     chan struct{} // closed at the end
	once     sync.Once     // closes draining
	abandon  func()        // ends everything at once
	rowsFrom atomic.Int64  // rows before it are stored, whatever the checkpoint says

	engine   *detect.Engine
	marks    *checkpoint.Marks
	topic    [16]byte    // identity of the topic that the position is one of, zero when not known
	name     string      // the topic with its identity, in the origins of facets
	again    bool        // the topic is to be read from its beginning, so what was read further on is not folded
	position int64       // offset to read next, -1 before anything is known
	begun    int64       // position of the checkpoint restored, -1 without one
	taken    int64       // position of the last checkpoint taken
	retake   atomic.Bool // it could not be saved, or the group does not know it
	noted    int64       // position that the group was told of since then
	stirred  bool        // since then, something has come that is no tick, or something came of one
	lost     atomic.Bool // something made will never arrive, so nothing is saved any more
	fresh    bool        // nothing has been folded since the start
	plans    []checkpoint.Plan
	state    state
	target   int64 // position at which it has caught up

	event   event.Event
	facet   facet.Facet
	at      *kafka.Record // being folded
	emit    func(*finding.Finding)
	yield   func(*facet.Facet)
	tally   tally
	horizon int64 // event times beyond it are ahead of the clock

	batch *batch // being filled, nil when none is
	free  chan *batch
	jobs  chan job
	seals chan *seal
	epoch *outbound.Epoch
	spare chan []byte // memory for a snapshot
	age   *time.Timer
	tick  *time.Timer
}

// Two batches: one is filled while the other is stored.
const batchesPerWorker = 2

func newWorker(s *stage, near *Neighbours, src checkpoint.Source) *worker {
	p := kafka.Partition{Topic: src.Topic, ID: src.Partition}
	w := &worker{
		stage: s, detector: s.detector, near: near, source: src, inbox: inbox.New(p, s.consumer, pollLimit),
		gauges: s.detector.metrics.partition(s.name, src.Partition),
		placed: make(chan struct{}), draining: make(chan struct{}), changed: make(chan struct{}, 1), done: make(chan struct{}),
		position: -1, begun: -1, taken: -1, noted: -1, fresh: true,
		free: make(chan *batch, batchesPerWorker), spare: make(chan []byte, 1), epoch: outbound.NewEpoch(),
		// Never full: two batches, a checkpoint on its way and the last one, and word of a topic made anew.
		jobs: make(chan job, batchesPerWorker+3), seals: make(chan *seal, 2),
		age: stopped(), tick: stopped(),
	}
	w.log = s.detector.log.With("stage", s.name, "partition", src.Partition)
	w.spare <- nil
	s.detector.metrics.arrived(s.name)
	for range batchesPerWorker {
		w.free <- nil
	}
	return w
}

func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// start starts the worker; done tells of its end.
func (w *worker) start(ctx context.Context) {
	ctx, w.abandon = context.WithCancel(ctx)
	w.emit = func(f *finding.Finding) {
		w.stirred = true
		w.tell(ctx, f)
	}
	w.yield = func(f *facet.Facet) {
		w.stirred = true
		w.pass(ctx, f)
	}
	go func() {
		defer close(w.done)
		defer w.abandon()
		w.run(ctx)
		w.enter(stateGone)
		if !w.stage.facets {
			w.detector.herald.Left(w.source.Partition)
		}
		w.gauges.forget()
	}()
}

// drain has the worker stop in order. It may be called again.
func (w *worker) drain() { w.once.Do(func() { close(w.draining) }) }

// begin waits until the position is known, and returns where to begin.
func (w *worker) begin(committed int64) (int64, bool) {
	select {
	case <-w.placed:
	case <-w.done:
		return 0, false
	}
	w.rowsFrom.Store(max(w.begun, committed, 0))
	if committed != w.begun {
		w.retake.Store(true) // so that the group hears of the position, even if nothing comes any more
	}
	return w.begun, w.begun >= 0
}

func (w *worker) run(ctx context.Context) {
	if err := w.restore(ctx); err != nil {
		if ctx.Err() == nil {
			w.detector.fail(err)
		}
		return
	}
	var g sync.WaitGroup
	g.Go(func() { w.store(ctx) })
	g.Go(func() { w.save(ctx) })
	w.loop(ctx)
	close(w.jobs)
	g.Wait()
}

func (w *worker) loop(ctx context.Context) {
	// Partitions save at different moments, so that they do not all stop for a snapshot at once.
	interval := w.detector.cfg.CheckpointInterval
	w.tick.Reset(interval/2 + interval/2*time.Duration(w.source.Partition%16)/16)
	defer w.tick.Stop()
	defer w.age.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.draining:
			w.enter(stateDraining)
			if w.cut() {
				w.checkpoint(true)
			}
			return
		default:
		}
		select {
		case <-ctx.Done():
		case <-w.draining:
		case b := <-w.inbox.Queue:
			w.fold(ctx, b)
			b.Release()
			w.inbox.Folded(b)
		case <-w.age.C:
			w.cut()
		case <-w.tick.C:
			w.tick.Reset(interval)
			w.measure()
			if w.cut() {
				w.checkpoint(false)
			}
		case <-w.changed:
			w.change()
		}
	}
}
