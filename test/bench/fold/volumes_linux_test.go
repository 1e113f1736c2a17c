package fold

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/test/bench/sample"
)

// volumes are the detectors that hold what a client does against what it usually does.
var volumes = []string{"volume_anomaly", "breadth_anomaly", "exfiltration"}

// BenchmarkVolumes is what these detectors cost an event together: the same day, folded in turns with them and without them,
// in one process. The limit beside it is what reading the same event from a record costs, which is there whatever is
// looked for.
func BenchmarkVolumes(b *testing.B) {
	t := filled(b)
	all, _ := detect.Split(detect.Catalog())
	without := slices.DeleteFunc(slices.Clone(all), func(d detect.Definition) bool { return slices.Contains(volumes, d.Spec().Name) })
	if len(all)-len(without) != len(volumes) {
		b.Fatalf("%d of %v are in the catalog", len(all)-len(without), volumes)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const rounds = 5
	var limit, with, rest []float64
	for b.Loop() {
		for range rounds {
			limit = append(limit, spent(b, func() { pass(b, t, nil) }))
			with = append(with, spent(b, func() { pass(b, t, all) }))
			rest = append(rest, spent(b, func() { pass(b, t, without) }))
		}
	}
	b.ReportMetric(median(limit), "limit-ns/event")
	b.ReportMetric(median(with), "with-ns/event")
	b.ReportMetric(median(rest), "without-ns/event")
	b.ReportMetric(median(with)-median(rest), "volumes-ns/event")
	b.ReportMetric(0, "ns/op")
}

// pass reads the day and, with a catalog, folds it.
func pass(tb testing.TB, t *sample.Topic, catalog []detect.Definition) {
	tb.Helper()
	var engine *detect.Engine
	if catalog != nil {
		cfg := detect.DefaultConfig()
		cfg.Seed = seed
		var err error
		if engine, err = detect.New(cfg, catalog); err != nil {
			tb.Fatal(err)
		}
	}
	var ev event.Event
	for value := range t.Values {
		if err := ev.UnmarshalProto(value); err != nil {
			tb.Fatal(err)
		}
		if engine != nil {
			engine.Step(&ev, func(*finding.Finding) {})
			engine.Facets(func(*facet.Facet) {})
		}
	}
}

// spent is the processor time of one event, in nanoseconds.
func spent(tb testing.TB, day func()) float64 {
	tb.Helper()
	runtime.GC()
	began := processor(tb)
	day()
	return float64((processor(tb)-began)/time.Nanosecond) / events
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
