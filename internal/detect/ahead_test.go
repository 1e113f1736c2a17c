package detect

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// TestAheadChangesNothing compares an engine that is told of the next event, rightly or wrongly, with one that is not.
func TestAheadChangesNothing(t *testing.T) {
	events := mixed(t, 3, 40, 4000)
	rng := rand.New(rand.NewPCG(1, 1))
	run := func(ahead func(e *Engine, i int)) (all, snapshot []byte) {
		cfg := DefaultConfig()
		cfg.Seed = testSeed
		cfg.MaxEntities, cfg.MaxEpisodes = 100, 50 // so that some are evicted
		e := testEngine(t, cfg).first
		for i := range events {
			ahead(e, i)
			e.Step(&events[i], func(f *finding.Finding) {
				b, err := f.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, b...)
			})
		}
		snapshot, err := e.Snapshot(nil)
		if err != nil {
			t.Fatal(err)
		}
		return all, snapshot
	}
	want, wantState := run(func(*Engine, int) {})
	if len(want) == 0 {
		t.Fatal("no findings")
	}
	for _, tt := range []struct {
		name  string
		ahead func(e *Engine, i int)
	}{
		{"the next event", func(e *Engine, i int) { e.Ahead(&events[min(i+1, len(events)-1)]) }},
		{"this event", func(e *Engine, i int) { e.Ahead(&events[i]) }},
		{"any event", func(e *Engine, _ int) { e.Ahead(&events[rng.IntN(len(events))]) }},
		{"nobody's event", func(e *Engine, _ int) { e.Ahead(&event.Event{}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, gotState := run(tt.ahead)
			if !bytes.Equal(got, want) {
				t.Error("other findings")
			}
			if !bytes.Equal(gotState, wantState) {
				t.Error("another state")
			}
		})
	}
}
