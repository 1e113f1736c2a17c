package kafka

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func consumer(t *testing.T, cfg Config, g Group) *Consumer {
	t.Helper()
	if g.Name == "" {
		g.Name = "group"
	}
	c, err := NewConsumer(cfg, g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// values polls until n values have come.
func values(t *testing.T, c *Consumer, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var all []string
	for len(all) < n && ctx.Err() == nil {
		batches, err := c.Poll(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range batches {
			for _, r := range b.Records {
				all = append(all, string(r.Value))
			}
			b.Release()
		}
		c.Handled()
	}
	if len(all) != n {
		t.Fatalf("%d records, want %d", len(all), n)
	}
	return all
}

func produce(t *testing.T, cfg Config, topic string, n int) {
	t.Helper()
	p, err := NewProducer(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var mu sync.Mutex
	for i := range n {
		p.Produce(t.Context(), &Record{Topic: topic, Value: fmt.Appendf(nil, "value %d %s", i, strings.Repeat("x", 100))}, func(err error) {
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("record %d: %v", i, err)
			}
		})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestProduceAndConsume(t *testing.T) {
	reg := prometheus.NewRegistry()
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(1, "t")).ListenAddrs(), Metrics: reg}
	produce(t, cfg, "t", 500)
	c := consumer(t, cfg, Group{Topics: []string{"t"}})
	got := values(t, c, 500)
	if !strings.HasPrefix(got[0], "value 0 ") || !strings.HasPrefix(got[499], "value 499 ") {
		t.Errorf("records from %.10q to %.10q, want them in order", got[0], got[499])
	}
	for name, want := range map[string]float64{"gatewatch_kafka_fetched_records_total": 500, "gatewatch_kafka_produced_records_total": 500} {
		n, err := testutil.GatherAndCount(reg, name)
		if err != nil || n != 1 {
			t.Errorf("%s: %d series, %v", name, n, err)
		}
		if got := total(t, reg, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

func total(t *testing.T, reg *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

// TestMemoryIsUsedAgain: what is released is what the next batches are in, and records that are still held do not change.
func TestMemoryIsUsedAgain(t *testing.T) {
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(1, "t")).ListenAddrs()}
	c := consumer(t, cfg, Group{Topics: []string{"t"}})
	var held Batch
	var want []string
	for range 20 {
		produce(t, cfg, "t", 200)
		for n := 0; n < 200; {
			batches, err := c.Poll(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range batches {
				n += len(b.Records)
				if held.Records == nil {
					held = b
					for _, r := range b.Records {
						want = append(want, strings.Clone(string(r.Value)))
					}
					continue
				}
				b.Release()
			}
			c.Handled()
		}
	}
	for i, r := range held.Records {
		if string(r.Value) != want[i] {
			t.Fatalf("record %d changed while it was held", i)
		}
	}
	held.Release()
}

func TestCommitAndBegin(t *testing.T) {
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(1, "t")).ListenAddrs()}
	produce(t, cfg, "t", 10)
	c := consumer(t, cfg, Group{Topics: []string{"t"}})
	values(t, c, 10)
	if err := c.Commit(t.Context(), map[Partition]int64{{"t", 0}: 4}); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if got := values(t, consumer(t, cfg, Group{Topics: []string{"t"}}), 6); !strings.HasPrefix(got[0], "value 4 ") {
		t.Errorf("begins with %.10q, want the committed offset", got[0])
	}
	var told int64
	begin := func(_ Partition, committed int64) (int64, bool) {
		told = committed
		return 7, true
	}
	other := consumer(t, cfg, Group{Name: "other", Topics: []string{"t"}, Begin: begin})
	if got := values(t, other, 3); !strings.HasPrefix(got[0], "value 7 ") || told != -1 {
		t.Errorf("begins with %.10q after %d, want 7 and none committed", got[0], told)
	}
}

// TestPoison: a batch that is not what was written stops its partition, says so with its place, and is not fetched without
// end.
func TestPoison(t *testing.T) {
	poisoned := compressed(t, eventValues(100), kgo.Lz4Compression())
	poisoned[70] ^= 0x55
	cl := cluster(t, kfake.SeedTopics(1, "t"), kfake.SyntheticFetch(kfake.SyntheticBatch{Batch: poisoned}))
	var mu sync.Mutex
	fetches := 0
	cl.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		cl.KeepControl()
		mu.Lock()
		defer mu.Unlock()
		fetches++
		return nil, nil, false
	})
	var log bytes.Buffer
	reg := prometheus.NewRegistry()
	c := consumer(t, Config{Brokers: cl.ListenAddrs(), Metrics: reg, Log: slog.New(slog.NewTextHandler(&log, nil))}, Group{Topics: []string{"t"}})
	deadline := time.Now().Add(20 * time.Second)
	for c.Trouble() == nil && time.Now().Before(deadline) {
		if _, err := c.PollFor(t.Context(), 0, 100*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		c.Handled()
	}
	err := c.Trouble()
	if err == nil || !strings.Contains(err.Error(), "the batch of t/0") || !strings.Contains(err.Error(), "--reset-offsets") {
		t.Fatalf("trouble %v, want the place of the batch and what to do", err)
	}
	before := count(&mu, &fetches)
	c.Resume(Partition{"t", 0}) // who resumes after a pause of its own does not know
	for range 5 {
		if batches, err := c.PollFor(t.Context(), 0, 50*time.Millisecond); err != nil || len(batches) > 0 {
			t.Fatalf("%d batches, %v", len(batches), err)
		}
		c.Handled()
	}
	if n := count(&mu, &fetches) - before; n > 5 {
		t.Errorf("%d fetches of a partition that stands still", n)
	}
	if got := total(t, reg, "gatewatch_kafka_fetch_errors_total"); got == 0 {
		t.Error("it was not counted")
	}
	c.Close()
	if !strings.Contains(log.String(), "partition stopped") {
		t.Errorf("log %q says nothing", log.String())
	}
}

func count(mu *sync.Mutex, n *int) int {
	mu.Lock()
	defer mu.Unlock()
	return *n
}

// TestCallbacksWaitForHandled: no partition comes or goes between a poll, even one that found nothing, and Handled.
func TestCallbacksWaitForHandled(t *testing.T) {
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(4, "t"), kfake.GroupMinSessionTimeout(100*time.Millisecond)).ListenAddrs()}
	var mu sync.Mutex
	free, broken := true, false // before the first poll a partition may come at any time
	var now []Partition
	callback := func(change func()) {
		mu.Lock()
		defer mu.Unlock()
		broken = broken || !free
		change()
	}
	c := consumer(t, cfg, Group{
		Topics:   []string{"t"},
		Assigned: func(_ context.Context, ps []Partition) { callback(func() { now = append(now, ps...) }) },
		Revoked: func(_ context.Context, ps []Partition, _ bool) {
			callback(func() {
				now = slices.DeleteFunc(now, func(p Partition) bool { return slices.Contains(ps, p) })
			})
		},
	})
	var other *Consumer
	deadline := time.Now().Add(20 * time.Second)
	for step := 0; step < 2 && time.Now().Before(deadline); {
		set(&mu, &free, true)
		c.Handled()
		if _, err := c.PollFor(t.Context(), 0, 20*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if _, err := c.PollFor(t.Context(), 0, 0); err != nil {
			t.Fatal(err)
		}
		set(&mu, &free, false)
		mu.Lock()
		n := len(now)
		mu.Unlock()
		switch {
		case step == 0 && n == 4:
			other = consumer(t, cfg, Group{Topics: []string{"t"}})
			step = 1
		case step == 1 && n == 2:
			step = 2
		}
		if other != nil {
			if _, err := other.PollFor(t.Context(), 0, time.Millisecond); err != nil {
				t.Fatal(err)
			}
			other.Handled()
		}
	}
	set(&mu, &free, true)
	mu.Lock()
	defer mu.Unlock()
	if len(now) != 2 {
		t.Errorf("%d partitions after another member joined, want 2", len(now))
	}
	if broken {
		t.Error("a callback ran between a poll and Handled")
	}
}

func set(mu *sync.Mutex, to *bool, v bool) {
	mu.Lock()
	defer mu.Unlock()
	*to = v
}
