package detector

import (
	"context"
	"errors"
	"fmt"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/checkpoint"
	"gatewatch/internal/detect"
)

// maxSources is how many sources of events a partition remembers.
const maxSources = 4096

// errKey refuses a state that another hash key made: its hashes and seeds mean nothing under this one.
var errKey = errors.New("its checkpoint was made under another hash key: give the detector that key (hash_key), " +
	"or remove its data directory to begin with nothing learned")

// fingerprint identifies a hash key and tells nothing about it.
func fingerprint(seed uint64) uint64 { return xxh3.HashStringSeed("gatewatch checkpoint", seed) }

// restore brings back what was kept of the partition.
func (w *worker) restore(ctx context.Context) error {
	w.enter(stateRestoring)
	var kept checkpoint.Kept
	err := w.stage.persist(ctx, "disk", "reading checkpoint", func(context.Context) (err error) {
		if kept, err = w.near.Checkpoints.Load(w.source); err != nil {
			return err
		}
		if cp := kept.Checkpoint; cp != nil && cp.Key != w.detector.key {
			return errKey
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.gauges.damaged.Add(float64(kept.Damaged))
	w.plans, w.marks = kept.Plans, checkpoint.NewMarks(maxSources)
	var state []byte
	if cp := kept.Checkpoint; cp != nil {
		w.position, w.begun, w.taken = cp.Position, cp.Position, cp.Position
		w.topic = cp.Topic
		w.marks, state = cp.Marks, cp.State
	}
	close(w.placed)
	if err := w.build(state); err != nil {
		return err
	}
	w.log.Info("partition restored", "position", w.position, "state_bytes", len(state), "batches_to_repeat", len(w.plans))
	if len(w.plans) > 0 {
		w.target = w.plans[len(w.plans)-1].Last + 1
		w.enter(stateReplaying)
	} else {
		w.enter(stateLive)
	}
	w.reach(0)
	return nil
}

// build makes the engine, of a snapshot if there is one. A snapshot that this program cannot read is no reason to stand
// still: position and marks hold, and the engine learns anew.
func (w *worker) build(state []byte) error {
	cfg, catalog := w.detector.asked(w.stage.facets)
	if state != nil {
		engine, dropped, err := detect.Restore(cfg, catalog, state)
		if err == nil {
			w.engine = engine
			w.dropped(dropped)
			return nil
		}
		w.log.Error("state cannot be read, learning anew", "err", err)
		w.gauges.damaged.Add(1)
	}
	engine, err := detect.New(cfg, catalog)
	if err != nil {
		return fmt.Errorf("making engine: %w", err)
	}
	w.engine = engine
	return nil
}

func (w *worker) dropped(names []string) {
	for _, name := range names {
		w.log.Info("state of a detector dropped", "detector", name)
	}
}

// change swaps in the current catalog and keeps the state. Whatever fails leaves everything as it was.
func (w *worker) change() {
	cfg, catalog := w.detector.asked(w.stage.facets)
	state, err := w.engine.Snapshot(nil)
	if err == nil {
		var (
			engine *detect.Engine
			gone   []string
		)
		if engine, gone, err = detect.Restore(cfg, catalog, state); err == nil {
			w.engine = engine
			w.dropped(gone)
			return
		}
	}
	w.log.Error("detectors not changed, the old ones stay", "err", err)
}
