package detector

import (
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// tally counts over one batch, in plain numbers: counters are told once.
type tally struct {
	began                                time.Time
	events, duplicates, rejected, facets int
	ahead, ticks                         int
	newest                               int64 // time of the last event
	furthest                             int64 // latest event time beyond the horizon
}

func (t *tally) see(at, horizon int64) {
	t.events++
	t.newest = at
	if at > horizon {
		t.ahead++
		t.furthest = max(t.furthest, at)
	}
}

// account tells the metrics of a batch that was folded.
func (w *worker) account(b kafka.Batch) {
	t, g, now := &w.tally, w.gauges, time.Now()
	g.events.Add(float64(t.events))
	g.ticks.Add(float64(t.ticks))
	if t.events+t.duplicates+t.rejected > 0 {
		g.arrival.Observe(max(now.Sub(b.Records[0].Timestamp).Seconds(), 0))
	}
	if t.newest != 0 {
		g.eventTime.Observe(max(now.Sub(time.Unix(0, t.newest)).Seconds(), 0))
	}
	lag := max(b.HighWatermark-w.position, 0)
	g.waiting.Store(lag)
	g.lag.Set(float64(lag))
	w.reach(lag)
	if t.duplicates+t.rejected+t.facets+t.ahead == 0 {
		return
	}
	g.duplicates.Add(float64(t.duplicates))
	g.rejected.Add(float64(t.rejected))
	g.facets.Add(float64(t.facets))
	if t.ahead > 0 {
		g.ahead.Add(float64(t.ahead))
		w.detector.clock.note(now, time.Unix(0, t.furthest).Sub(now))
	}
}

// measure tells the metrics how much is remembered.
func (w *worker) measure() {
	g, e := w.gauges, w.engine
	entities, states := 0, 0
	for k := range event.Kinds {
		entities += e.Entities(event.Kind(k))
	}
	for _, n := range e.States() {
		states += n
	}
	g.entities.Set(float64(entities))
	g.states.Set(float64(states))
	counts := e.Counts()
	g.evicted.Set(float64(counts.Evicted + counts.Lost))
	g.sources.Set(float64(w.marks.Len()))
}
