package ingest

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/config"
	"gatewatch/internal/event"
)

// at is a line of a time.
func at(when time.Time, client string) string {
	return line(when.Sub(start).Seconds(), client, "/")
}

func ticking(b *broker, interval time.Duration) config.Config {
	cfg := b.config()
	cfg.Kafka.TickInterval = interval
	return cfg
}

// ticks are the times that records tell which are no events, by partition.
func ticks(t *testing.T, records []*kgo.Record) map[int32][]time.Time {
	t.Helper()
	all := map[int32][]time.Time{}
	for _, r := range records {
		for _, h := range r.Headers {
			at, ok := event.ParseTick(h.Value)
			if h.Key != event.TickHeader || !ok || len(r.Value) > 0 || len(r.Key) > 0 {
				t.Fatalf("%+v is no tick", r)
			}
			all[r.Partition] = append(all[r.Partition], time.Unix(0, at))
		}
	}
	return all
}

// TestTicks: when a log of now falls silent, every partition of events goes on hearing what time it is.
func TestTicks(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(2, "access.raw"))
	r := run(t, ticking(b, time.Second))
	logged := time.Now().Add(-5 * time.Second).Truncate(time.Second)
	b.produce(t, raw(0, at(logged, "192.0.2.1")))
	out := b.read(t, "gatewatch.events.v1")
	var records []*kgo.Record
	began := time.Now()
	for enough := false; !enough; {
		records = append(records, out.next(t, 1)...)
		told := ticks(t, records)
		enough = len(told[0]) > 1 && len(told[1]) > 1 && len(told[2]) > 1
		if time.Since(began) > 20*time.Second {
			t.Fatalf("told after 20 s: %v", told)
		}
	}
	for partition, all := range ticks(t, records) {
		for i, at := range all {
			// The log is five to six seconds behind, and the time that it tells goes on as the clock does.
			if behind := time.Since(at); behind < 5*time.Second || behind > 26*time.Second || i > 0 && !at.After(all[i-1]) {
				t.Errorf("partition %d was told %v, which is %v behind, after %v", partition, at, behind, all[:i])
			}
		}
	}
	b.committed(t, 1)
	r.stop(t)

	// Another one begins while nothing is logged, and knows from the positions how late it is.
	again := time.Now().Add(-5 * time.Second) // no tick before is of a later time
	run(t, ticking(b, time.Second))
	for began := time.Now(); ; {
		records = out.next(t, 1)
		for partition, all := range ticks(t, records) {
			at := all[len(all)-1]
			if behind := time.Since(at); behind < 5*time.Second || behind > 26*time.Second {
				t.Fatalf("partition %d was told %v, which is %v behind", partition, at, behind)
			}
			if at.After(again) {
				return
			}
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("no time was told for 20 s")
		}
	}
}

// TestNoTicks: what is read of a past, or by nobody who is to tell the time, makes no time pass.
func TestNoTicks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		interval time.Duration
		age      time.Duration
	}{{"an old log", time.Second, time.Hour}, {"turned off", 0, 0}, {"a clock that is ahead", time.Second, -20 * time.Hour}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
			run(t, ticking(b, tt.interval))
			logged := time.Now().Add(-tt.age)
			const each = 9
			for i := range each {
				b.produce(t, raw(0, at(logged.Add(time.Duration(i)*time.Second), fmt.Sprintf("192.0.2.%d", i))))
				time.Sleep(500 * time.Millisecond)
			}
			b.committed(t, each)
			ends, err := kadm.NewClient(b.client).ListEndOffsets(t.Context(), "gatewatch.events.v1")
			if err != nil {
				t.Fatal(err)
			}
			written := int64(0)
			ends.Each(func(o kadm.ListedOffset) { written += o.Offset })
			if written != each {
				t.Errorf("%d records came of %d lines", written, each)
			}
		})
	}
}
