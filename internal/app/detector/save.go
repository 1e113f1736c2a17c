package detector

import (
	"context"
	"fmt"
	"time"

	"gatewatch/internal/app/detector/outbound"
	"gatewatch/internal/app/service"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/kafka"
)

// seal is a checkpoint on its way: taken, but not kept before everything made until then has arrived.
type seal struct {
	checkpoint.Sealed

	epoch *outbound.Epoch
	last  bool // of the worker: nobody will take another
	idle  bool // nothing has changed since the one before but the position, which the group is told
}

// checkpoint takes the state at this position. One is on its way at a time, except for the last.
func (w *worker) checkpoint(last bool) {
	if !last && w.still() {
		w.note()
		return
	}
	if w.position < 0 || w.position == w.taken && !w.retake.Swap(false) {
		return
	}
	var memory []byte
	select {
	case memory = <-w.spare:
	default:
		if !last {
			return
		}
	}
	began := time.Now()
	c := checkpoint.Checkpoint{Source: w.source, Topic: w.topic, Position: w.position, Key: w.detector.key, Marks: w.marks}
	b, err := c.AppendTo(memory[:0], w.engine.Snapshot)
	if err != nil {
		w.detector.fail(fmt.Errorf("saving %s: %w", w.source, err))
		return
	}
	w.taken, w.stirred = w.position, false
	w.gauges.stateBytes.Set(float64(len(b)))
	w.detector.metrics.snapshots.Observe(time.Since(began).Seconds())
	s := &seal{
		Sealed: checkpoint.Sealed{Source: w.source, Position: w.position, Bytes: b}, epoch: w.epoch, last: last,
	}
	w.epoch.Finish()
	w.epoch = outbound.NewEpoch()
	w.jobs <- job{seal: s}
}

// save keeps checkpoints until there are no more.
func (w *worker) save(ctx context.Context) {
	for s := range w.seals {
		if w.lost.Load() {
			continue // a position behind what was lost is none to begin at
		}
		if s.idle {
			w.commit(ctx, s.Position)
			w.spare <- s.Bytes
			continue
		}
		began := time.Now()
		err := w.keep(ctx, s)
		if err == nil {
			w.gauges.saved.SetToCurrentTime()
			w.detector.faults.Set("checkpoint", "writing", nil)
			w.detector.metrics.checkpoints.Observe(time.Since(began).Seconds())
		}
		if ctx.Err() == nil {
			w.detector.faults.Set("checkpoint", w.source.String(), err)
			w.retake.Store(err != nil)
		}
		if err != nil && ctx.Err() == nil {
			w.detector.metrics.failures.Inc()
			w.log.Error("checkpoint not saved, the next one will be tried", "position", s.Position, "err", err)
		}
		select {
		case w.spare <- s.Bytes[:0]:
		default:
		}
	}
}

// keep waits until every sink has what was made before the checkpoint, saves it, and tells the group.
func (w *worker) keep(ctx context.Context, s *seal) error {
	if err := s.epoch.Wait(ctx); err != nil {
		if ctx.Err() == nil {
			// Something made before this position will never arrive: it must be made again.
			w.lost.Store(true)
			w.detector.fail(againError{fmt.Errorf("what %s gave was not taken, and is made again: %w", w.source, kafka.Explain(err))})
			w.abandon()
		}
		return err
	}
	if err := w.near.Publisher.Flush(ctx); err != nil {
		return err
	}
	if err := w.detector.archive.Flush(ctx); err != nil {
		return err
	}
	save := func(context.Context) error { return w.near.Checkpoints.Save(s.Sealed) }
	err := service.Advise(save(ctx))
	if err != nil && s.last {
		err = w.stage.persist(ctx, "disk", w.source.String()+": saving checkpoint", save)
	}
	if err != nil {
		return err
	}
	w.commit(ctx, s.Position)
	return nil
}

// commit tells the group a position. Only who measures lag looks at it.
func (w *worker) commit(ctx context.Context, position int64) {
	next := map[kafka.Partition]int64{{Topic: w.source.Topic, ID: w.source.Partition}: position}
	if err := w.stage.consumer.Commit(ctx, next); err != nil && ctx.Err() == nil {
		w.log.Warn("position not committed", "position", position, "err", err)
	}
}
