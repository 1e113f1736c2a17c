package fold

import (
	"bufio"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/clickhouse"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

const (
	events  = 600_000
	clients = 100_000
	seed    = 0x5eed
)

// topic is events as they lie in a topic: encoded, one behind the other.
type topic struct {
	tb        testing.TB
	templates *route.Templater
	bytes     []byte
	ends      []int
}

// Event implements accesslog.Sink.
func (t *topic) Event(e *event.Event) {
	t.templates.Template(e)
	t.bytes = e.AppendProto(t.bytes)
	t.ends = append(t.ends, len(t.bytes))
}

// Reject implements accesslog.Sink.
func (t *topic) Reject(reason format.Reason, line []byte) {
	t.tb.Errorf("%s: %q", reason, line)
}

// values gives each event's bytes.
func (t *topic) values(yield func([]byte) bool) {
	from := 0
	for _, end := range t.ends {
		if !yield(t.bytes[from:end:end]) {
			return
		}
		from = end
	}
}

// filled is what ingest makes of the log of a busy site.
func filled(tb testing.TB) *topic {
	tb.Helper()
	cfg := route.DefaultConfig()
	cfg.Seed = seed
	templates, err := route.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	decoder, err := accesslog.New(accesslog.Config{Format: "combined"})
	if err != nil {
		tb.Fatal(err)
	}
	t := &topic{tb: tb, templates: templates}
	cmd := exec.CommandContext(tb.Context(), "go", "run", "gatewatch/test/bench/loggen",
		"-lines", strconv.Itoa(events), "-clients", strconv.Itoa(clients))
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		decoder.Origin = event.Origin{Topic: "access.raw", Partition: 3, Offset: int64(len(t.ends))}
		decoder.Decode(lines.Bytes(), t)
	}
	_, _ = io.Copy(io.Discard, out) // so that it ends after a line too long as well
	if err := cmd.Wait(); err != nil {
		tb.Fatal(err)
	}
	if len(t.ends) != events {
		tb.Fatalf("%d events of %d lines", len(t.ends), events)
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
			for value := range t.values {
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
			for value := range t.values {
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
		for value := range t.values {
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
	b.Run("all", func(b *testing.B) {
		found, seen := 0, 0
		measure(b, func() { found, seen = fold(b, t) })
		b.ReportMetric(float64(found), "findings")
		b.ReportMetric(float64(seen), "facets")
	})
}

// fold is the detector's first stage, and how many findings and facets it made.
func fold(tb testing.TB, t *topic) (findings, facets int) {
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
	for value := range t.values {
		if err := ev.UnmarshalProto(value); err != nil {
			tb.Fatal(err)
		}
		engine.Step(&ev, emit)
		engine.Facets(yield)
	}
	return findings, facets
}

// measure reports the processor time of one event.
func measure(b *testing.B, day func()) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	b.ReportAllocs()
	var spent time.Duration
	for b.Loop() {
		began := processor(b)
		day()
		spent += processor(b) - began
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/events, "cpu-ns/event")
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
