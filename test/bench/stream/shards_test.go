package stream

import (
	"io"
	"sync"
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

// shardRows is how many rows a batch has that is encoded.
const shardRows = 65536

// BenchmarkShards is how much faster two partitions are folded at once than one after the other would be: decoding, every
// detector, and the rows encoded and compressed for nobody. SHARD_EVENTS is how many events each has (300 000). The
// second figure is of processor time, which does not see who else uses the machine: two shards that did not hinder each
// other would be 2 in both.
func BenchmarkShards(b *testing.B) {
	events := setting(b, "SHARD_EVENTS", 300_000)
	parts := []*sample.Topic{partition(b, events, 0), partition(b, events, 1)}
	for b.Loop() {
		var wall, cpu [2]time.Duration
		for range 3 {
			for n := range wall {
				w, c := folded(b, parts[:n+1])
				if wall[n] == 0 || w < wall[n] {
					wall[n] = w
				}
				if cpu[n] == 0 || c < cpu[n] {
					cpu[n] = c
				}
			}
		}
		b.ReportMetric(float64(events)/wall[0].Seconds(), "events/s")
		b.ReportMetric(2*wall[0].Seconds()/wall[1].Seconds(), "two-shards-x")
		b.ReportMetric(4*cpu[0].Seconds()/cpu[1].Seconds(), "two-shards-CPU-x")
		b.ReportMetric(0, "ns/op")
	}
}

// partition is a partition of the topic of events.
func partition(b *testing.B, events int, id int32) *sample.Topic {
	b.Helper()
	t, err := sample.NewTopic(b.Context(), events, id)
	if err != nil {
		b.Fatal(err)
	}
	return t
}

// folded is how long it takes to fold some partitions at once, and how much processor time.
func folded(b *testing.B, parts []*sample.Topic) (wall, cpu time.Duration) {
	b.Helper()
	first, _ := detect.Split(detect.Catalog())
	engines := make([]*detect.Engine, len(parts))
	for i := range parts {
		var err error
		if engines[i], err = detect.New(detect.DefaultConfig(), first); err != nil {
			b.Fatal(err)
		}
	}
	began, spent := time.Now(), processor(b)
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() {
			if err := shard(engines[i], part); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	return time.Since(began), processor(b) - spent
}

func shard(engine *detect.Engine, part *sample.Topic) error {
	var ev event.Event
	rows := clickhouse.NewEvents()
	emit, yield := func(*finding.Finding) {}, func(*facet.Facet) {}
	for value := range part.Values {
		if err := ev.UnmarshalProto(value); err != nil {
			return err
		}
		rows.Append(&ev)
		engine.Step(&ev, emit)
		engine.Facets(yield)
		if rows.Rows() < shardRows {
			continue
		}
		if _, err := rows.WriteTo(io.Discard); err != nil {
			return err
		}
		rows.Reset()
	}
	_, err := rows.WriteTo(io.Discard)
	return err
}

// processor is how much processor time the process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
