package detector

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/bits"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/app/service"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/event"
)

// batch is rows of one partition that are stored together.
type batch struct {
	rows        Rows
	first, last int64  // offsets of the first and the last row's record
	digest      uint64 // of where the rows came from
	planned     bool   // a crash was behind it: its plan is kept already
}

// job is work for the goroutine that stores: a batch, or a checkpoint to pass on when what was before is stored.
type job struct {
	batch *batch
	seal  *seal
	// renewed tells that the topic was made anew: what was planned means other records.
	renewed bool
}

// room gets a batch to fill. It waits while both are being stored, which is how the store holds the fold back; false when
// the worker has to stop.
func (w *worker) room(ctx context.Context) bool {
	var b *batch
	select {
	case b = <-w.free:
	default:
		w.gauges.stalls.Inc()
		select {
		case b = <-w.free:
		case <-w.draining:
			return false
		case <-ctx.Done():
			return false
		}
	}
	if b == nil {
		b = &batch{rows: w.near.Store.NewRows()}
	}
	w.batch = b
	return true
}

// append adds the event being folded to the batch.
func (w *worker) append(ev *event.Event) {
	b, cfg := w.batch, &w.detector.cfg
	if b.rows.Rows() == 0 {
		b.first, b.digest = w.at.Offset, 0
		w.age.Reset(cfg.MaxWait)
	}
	b.rows.Append(ev)
	b.last = w.at.Offset
	o := &ev.Origin
	b.digest = bits.RotateLeft64(b.digest, 27)*0x9e3779b97f4a7c15 +
		(uint64(o.Offset) ^ uint64(uint32(o.Partition))<<44 ^ uint64(uint32(o.Ordinal))<<20)
	if b.rows.Rows() >= cfg.MaxRows || b.rows.Bytes() >= cfg.MaxBytes {
		w.cut()
	}
}

// stored tells whether the row of a record is known to be stored, by a batch before the crash.
func (w *worker) stored(offset int64) bool {
	return len(w.plans) > 0 && w.plans[0].Done && offset >= w.plans[0].First && offset <= w.plans[0].Last
}

// align ends batches where they ended before the crash, given the next offset.
func (w *worker) align(next int64) {
	for len(w.plans) > 0 && next > w.plans[0].Last {
		w.ship()
		w.plans = w.plans[1:]
	}
	if len(w.plans) > 0 && next >= w.plans[0].First && w.batch != nil && w.batch.last < w.plans[0].First {
		w.ship()
	}
	if w.state == stateReplaying && next >= w.target && len(w.plans) == 0 {
		w.enter(stateLive)
	}
}

// cut ends the batch, if it may end here: one that repeats a planned batch may not. It tells whether nothing is left.
func (w *worker) cut() bool {
	if b := w.batch; b != nil && b.rows.Rows() > 0 && len(w.plans) > 0 {
		if p := w.plans[0]; !p.Done && b.first >= p.First && b.last < p.Last {
			return false
		}
	}
	w.ship()
	return true
}

// ship hands the batch over to be stored.
func (w *worker) ship() {
	b := w.batch
	if b == nil || b.rows.Rows() == 0 {
		return
	}
	b.planned = len(w.plans) > 0 && w.plans[0] == checkpoint.Plan{First: b.first, Last: b.last}
	w.age.Stop()
	w.batch = nil
	w.jobs <- job{batch: b}
}

// store stores batches, in order, and passes on checkpoints, until there are no more.
func (w *worker) store(ctx context.Context) {
	defer close(w.seals)
	for j := range w.jobs {
		if j.batch != nil && ctx.Err() == nil {
			w.insert(ctx, j.batch)
		}
		if j.seal != nil && ctx.Err() == nil {
			w.seals <- j.seal
		}
		if j.renewed {
			w.replan(ctx)
		}
	}
}

// replan has the journal give up all plans: one that begins before them does that.
func (w *worker) replan(ctx context.Context) {
	_ = w.stage.persist(ctx, "disk", w.source.String()+": planning anew", func(context.Context) error { // until the end
		return w.near.Checkpoints.Plan(w.source, checkpoint.Plan{})
	})
}

// insert plans a batch and stores it, however long that takes, unless the context ends.
func (w *worker) insert(ctx context.Context, b *batch) {
	plan := checkpoint.Plan{First: b.first, Last: b.last}
	kept := w.near.Checkpoints
	if !b.planned {
		err := w.stage.persist(ctx, "disk", w.source.String()+": planning batch", func(context.Context) error {
			return kept.Plan(w.source, plan)
		})
		if err != nil {
			return
		}
	}
	token := w.token(b)
	err := w.stage.persist(ctx, "clickhouse", w.source.String()+": storing events", func(ctx context.Context) error {
		return w.near.Store.InsertEvents(ctx, b.rows, token)
	})
	if err != nil {
		return
	}
	w.gauges.rows.Add(float64(b.rows.Rows()))
	// That it is done only saves storing it again, so nothing hangs on it.
	w.detector.faults.Set("disk", w.source.String()+": noting batch", service.Advise(kept.Done(w.source, plan)))
	b.rows.Reset()
	w.free <- b
}

// token names the batch to the store, which drops another of the same name: the rows' source and bounds, how many there
// are, and where they came from, so that no two batches of different rows share one, even if the topic is made anew.
func (w *worker) token(b *batch) string {
	const form = 1 // of rows and token
	buf := append([]byte{form}, w.source.Topic...)
	for _, v := range [...]uint64{
		uint64(uint32(w.source.Partition)), uint64(b.first), uint64(b.last), uint64(b.rows.Rows()), b.digest,
	} {
		buf = binary.LittleEndian.AppendUint64(buf, v)
	}
	sum := xxh3.Hash128(buf).Bytes()
	return hex.EncodeToString(sum[:])
}
