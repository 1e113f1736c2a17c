package fold

import (
	"io"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"gatewatch/internal/clickhouse"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/test/bench/sample"
)

const (
	events = 600_000
	seed   = 0x5eed
)

func filled(tb testing.TB) *sample.Topic {
	tb.Helper()
	t, err := sample.NewTopic(tb.Context(), events, 3)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// BenchmarkFold decodes and folds the day of a busy site again and again, each time with an engine of its own; an
// operation is a day. The processor time of the thread is what counts, on a machine that does other things as well.
func BenchmarkFold(b *testing.B) {
	t := filled(b)
	b.Run("decode", func(b *testing.B) {
		var ev event.Event
		measure(b, func() {
			for value := range t.Values {
				if err := ev.UnmarshalProto(value); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("rows", func(b *testing.B) {
		rows := clickhouse.NewEvents()
		measure(b, func() {
			var ev event.Event
			for value := range t.Values {
				if err := ev.UnmarshalProto(value); err != nil {
					b.Fatal(err)
				}
				rows.Append(&ev)
				if rows.Rows() == 65536 {
					rows.Reset()
				}
			}
		})
	})
	b.Run("wire", func(b *testing.B) {
		rows := clickhouse.NewEvents()
		var ev event.Event
		for value := range t.Values {
			if err := ev.UnmarshalProto(value); err != nil {
				b.Fatal(err)
			}
			rows.Append(&ev)
		}
		measure(b, func() {
			if _, err := rows.WriteTo(io.Discard); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("store", func(b *testing.B) {
		rows := clickhouse.NewEvents()
		measure(b, func() { store(b, t, rows) })
	})
	b.Run("all", func(b *testing.B) {
		found, seen := 0, 0
		measure(b, func() { found, seen = fold(b, t) })
		b.ReportMetric(float64(found), "findings")
		b.ReportMetric(float64(seen), "facets")
	})
}

// store makes rows of events, and writes them as the detector does.
func store(tb testing.TB, t *sample.Topic, rows *clickhouse.Events) {
	tb.Helper()
	var ev event.Event
	for value := range t.Values {
		if err := ev.UnmarshalProto(value); err != nil {
			tb.Fatal(err)
		}
		rows.Append(&ev)
		if rows.Rows() < 65536 {
			continue
		}
		if _, err := rows.WriteTo(io.Discard); err != nil {
			tb.Fatal(err)
		}
		rows.Reset()
	}
}

// fold is the detector's first stage, and how many findings and facets it made.
func fold(tb testing.TB, t *sample.Topic) (findings, facets int) {
	tb.Helper()
	cfg := detect.DefaultConfig()
	cfg.Seed = seed
	first, _ := detect.Split(detect.Catalog())
	engine, err := detect.New(cfg, first)
	if err != nil {
		tb.Fatal(err)
	}
	var ev event.Event
	emit := func(*finding.Finding) { findings++ }
	yield := func(*facet.Facet) { facets++ }
	for value := range t.Values {
		if err := ev.UnmarshalProto(value); err != nil {
			tb.Fatal(err)
		}
		engine.Step(&ev, emit)
		engine.Facets(yield)
	}
	return findings, facets
}

// measure reports the processor time of one event, of the quickest day: the others are those on which somebody else was in
// the way.
func measure(b *testing.B, day func()) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	b.ReportAllocs()
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		began := processor(b)
		day()
		best = min(best, processor(b)-began)
	}
	b.ReportMetric(float64(best.Nanoseconds())/events, "cpu-ns/event")
	b.ReportMetric(0, "ns/op")
}

// processor is the time that the thread has had of a processor.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
