package kafka

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/test/servers"
)

// remake deletes a topic and makes another of its name.
func remake(t *testing.T, cfg Config, topic string, partitions int32) {
	t.Helper()
	ask, err := newInquiry(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer ask.close()
	if _, err := ask.admin.DeleteTopic(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	// A broker may take a moment to let the name go.
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		resp, err := ask.admin.CreateTopic(t.Context(), partitions, 1, nil, topic)
		if err == nil && resp.Err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v, %v", err, resp.Err)
		}
	}
}

// logged is a log that may be read while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logged) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logged) count(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Count(b.buf.String(), what)
}

// TestTopicMadeAnew: a topic that is deleted and made again under its name is read from its beginning, whatever was read
// and committed of the old one, by every member; its partitions are taken away and given anew, and it is told once.
func TestTopicMadeAnew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		brokers func(t *testing.T) []string
		group   Group
		members int
	}{
		{"a named member with a pattern", fake, Group{Topics: []string{"^t$"}, Pattern: true, Instance: "one"}, 1},
		{"two members", fake, Group{Topics: []string{"t"}}, 2},
		{"Apache Kafka", func(t *testing.T) []string {
			t.Helper()
			return []string{servers.StartKafka(t).Addr}
		}, Group{Topics: []string{"t"}}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkMadeAnew(t, tt.brokers(t), tt.group, tt.members)
		})
	}
}

func fake(t *testing.T) []string {
	t.Helper()
	return cluster(t, kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(100*time.Millisecond)).ListenAddrs()
}

func checkMadeAnew(t *testing.T, brokers []string, g Group, members int) {
	t.Helper()
	var log logged
	reg := prometheus.NewRegistry()
	cfg := Config{Brokers: brokers, Metrics: reg, Log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := EnsureTopics(t.Context(), cfg, Topic{Name: "t", Partitions: 3, Replicas: 1}); err != nil {
		t.Fatal(err)
	}
	produce(t, cfg, "t", 50)
	g.Name = "group"
	var mu sync.Mutex
	came := map[string]int{}
	lost := 0
	g.Revoked = func(_ context.Context, ps []Partition, _ bool) {
		mu.Lock()
		defer mu.Unlock()
		lost += len(ps)
	}
	for range members {
		reader := consumer(t, cfg, g)
		go func() {
			for t.Context().Err() == nil {
				batches, err := reader.PollFor(t.Context(), 0, 100*time.Millisecond)
				if err != nil {
					return
				}
				next := map[Partition]int64{}
				mu.Lock()
				for _, b := range batches {
					for _, r := range b.Records {
						came[strings.Clone(string(r.Value))]++
						next[b.Partition] = r.Offset + 1
					}
				}
				mu.Unlock()
				_ = reader.Commit(t.Context(), next) // of a topic that is gone it fails
				reader.Handled()
			}
		}()
	}
	wait := func(want, times int) {
		t.Helper()
		began := time.Now()
		for deadline := began.Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			n := 0
			mu.Lock()
			for _, c := range came {
				if c >= times {
					n++
				}
			}
			mu.Unlock()
			if n == want {
				t.Logf("%d values %d times after %v", n, times, time.Since(began))
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d of %d values came %d times", n, want, times)
			}
		}
	}
	wait(50, 1)
	remake(t, cfg, "t", 2)
	produce(t, cfg, "t", 80)
	wait(50, 2)
	wait(80, 1)
	if n := log.count("made anew, reading"); n == 0 || n > members {
		t.Errorf("told %d times, by %d members", n, members)
	}
	if got := total(t, reg, "gatewatch_kafka_renewed_topics_total"); got == 0 {
		t.Error("it was not counted")
	}
	mu.Lock()
	defer mu.Unlock()
	if lost < 3 {
		t.Errorf("%d partitions were taken away, want at least those of the first topic", lost)
	}
}
