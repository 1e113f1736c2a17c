package stream

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gatewatch/test/pipeline"
)

// BenchmarkDetector is what the whole detector costs (fetch, decode, fold with every detector, columns for ClickHouse
// compressed to the wire) beside a franz-go consumer that reads the same topic and does nothing, in CPU time of the
// processes, each on a processor of its own, and how much garbage it makes of an event. Each is the best of
// DETECTOR_ROUNDS (3), which take turns.
// DETECTOR_EVENTS is how many events there are (3 000 000).
//
// DETECTOR_RIVAL is a detector of another build, which takes turns with this one.
// The lines are those of package sample; with STREAM_LINES=combined they are a combined log, which has less to say.
func BenchmarkDetector(b *testing.B) {
	events, rounds := setting(b, "DETECTOR_EVENTS", 3_000_000), setting(b, "DETECTOR_ROUNDS", 3)
	p := pipeline.New(b, options(2))
	filled(b, p, events)
	p.On = pipeline.Apart(b)
	// A detector of another build takes turns with this one, where there is one to compare it with.
	rival := os.Getenv("DETECTOR_RIVAL")
	for b.Loop() {
		var best [3]float64
		garbage := math.Inf(1)
		for range rounds {
			best[0] = max(best[0], float64(events)/idle(b, p, events))
			spent, made := detector(b, p, events)
			best[1] = max(best[1], float64(events)/spent)
			garbage = min(garbage, made/float64(events))
			p.Afresh()
			if rival == "" {
				continue
			}
			p.Programs["detector"] = rival
			spent, _ = detector(b, p, events)
			best[2] = max(best[2], float64(events)/spent)
			delete(p.Programs, "detector")
			p.Afresh()
		}
		b.ReportMetric(best[0], "idle-events/CPU-s")
		b.ReportMetric(best[1], "events/CPU-s")
		b.ReportMetric(100*best[1]/best[0], "%-of-idle")
		b.ReportMetric(garbage, "garbage-B/event")
		if rival != "" {
			b.ReportMetric(best[2], "rival-events/CPU-s")
		}
		b.ReportMetric(0, "ns/op")
	}
}

// detector has the detector fold everything, and tells how many CPU seconds that took and how many bytes it allocated.
func detector(b *testing.B, p *pipeline.Pipeline, events int) (spent, garbage float64) {
	b.Helper()
	p.Start("detector")
	profiled := profile(b, p)
	stored(p, events)
	profiled()
	garbage = p.Metric("detector", "go_memstats_alloc_bytes_total")
	p.End("detector", syscall.SIGTERM)
	u := p.Usage("detector")
	user, system := time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
	b.Logf("detector: %s and %s in the kernel, %d page faults, %d + %d context switches",
		user.Round(time.Millisecond), system.Round(time.Millisecond), u.Minflt, u.Nvcsw, u.Nivcsw)
	return (user + system).Seconds(), garbage
}

// BenchmarkEndToEnd is how many events a second go from the raw topic to rows in ClickHouse while everything shares the
// machine: broker, ingest, detector, ClickHouse, NATS.
func BenchmarkEndToEnd(b *testing.B) {
	events := setting(b, "END_TO_END_EVENTS", 1_000_000)
	p := pipeline.New(b, options(2))
	p.Start("ingest") // makes the topics
	p.End("ingest", syscall.SIGTERM)
	send(b, p, events)
	for b.Loop() {
		began := time.Now()
		p.Start("detector")
		p.Start("ingest")
		stored(p, events)
		took := time.Since(began).Seconds()
		b.ReportMetric(float64(events)/took, "events/s")
		b.ReportMetric(float64(events)/took/float64(runtime.NumCPU()), "events/s/CPU")
		b.ReportMetric(0, "ns/op")
	}
}

// profile writes what the detector spends its time on to DETECTOR_PROFILE, when there is such a setting, and returns how to
// wait for it.
func profile(b *testing.B, p *pipeline.Pipeline) (wait func()) {
	b.Helper()
	file := os.Getenv("DETECTOR_PROFILE")
	if file == "" {
		return func() {}
	}
	done := make(chan error, 1)
	seconds := setting(b, "DETECTOR_PROFILE_SECONDS", 3)
	go func() { done <- p.Profile("detector", fmt.Sprintf("profile?seconds=%d", seconds), file) }()
	return func() {
		if err := errors.Join(<-done, p.Profile("detector", "heap", file+".heap")); err != nil {
			b.Error(err)
		}
	}
}

func options(partitions int) pipeline.Options {
	return pipeline.Options{
		Binaries: binaries, Partitions: partitions, MinSeverity: "medium", MaxWait: time.Second, Checkpoint: 10 * time.Second,
		Profiles: os.Getenv("DETECTOR_PROFILE") != "",
	}
}

// filled has ingest fill the topic of events.
func filled(b *testing.B, p *pipeline.Pipeline, events int) {
	b.Helper()
	p.Start("ingest")
	began := time.Now()
	send(b, p, events)
	p.Until(5*time.Minute, "every line is an event", func() (bool, string) {
		n := p.Records("events")
		return n >= int64(events), strconv.FormatInt(n, 10)
	})
	took := time.Since(began)
	p.End("ingest", syscall.SIGTERM)
	b.Logf("ingest: %d lines in %s; %.0f lines per CPU-second", events, took.Round(time.Millisecond),
		float64(events)/p.CPU("ingest").Seconds())
}

// idle is how many CPU seconds a consumer takes that does nothing.
func idle(b *testing.B, p *pipeline.Pipeline, events int) float64 {
	b.Helper()
	args := append(slices.Clone(p.On), filepath.Join(binaries, "idle"), "-brokers", strings.Join(p.Brokers.Brokers, ","),
		"-topic", p.Topic("events"), "-records", strconv.Itoa(events))
	out, err := exec.CommandContext(b.Context(), args[0], args[1:]...).Output() //nolint:gosec // ours
	if err != nil {
		b.Fatal(err)
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return seconds
}

func stored(p *pipeline.Pipeline, events int) {
	p.Until(5*time.Minute, "every event is stored", func() (bool, string) {
		rows := p.Query("SELECT count() FROM events")
		return rows[0][0] == fmt.Sprint(events), rows[0][0]
	})
}
