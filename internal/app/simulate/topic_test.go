package simulate

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/label"
)

// TestTopicTakesEveryLine sends a simulation to a broker and reads it back.
func TestTopicTakesEveryLine(t *testing.T) {
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "access.raw"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	cfg := short()
	cfg.Days, cfg.Quiet, cfg.Clients, cfg.Attacks = 1, 0, 40, []string{"none"}
	want, _ := simulate(t, cfg)
	topic, err := Open(t.Context(), TopicConfig{Brokers: broker.ListenAddrs(), Topic: "access.raw"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(cfg, topic)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := topic.Close(); err != nil {
		t.Fatal(err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(broker.ListenAddrs()...), kgo.ConsumeTopics("access.raw"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var got []byte
	for len(got) < len(want) && ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(r *kgo.Record) { got = append(append(got, r.Value...), '\n') })
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, want %d, the same", len(got), len(want))
	}
}

func TestTopicKeepsItsRate(t *testing.T) {
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "access.raw"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	topic, err := Open(t.Context(), TopicConfig{Brokers: broker.ListenAddrs(), Topic: "access.raw", Rate: 1000})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range 201 {
		if err := topic.Line([]byte("a line")); err != nil {
			t.Fatal(err)
		}
	}
	// The 201st line is due after 200 ms, and may be sent a tick earlier.
	if took := time.Since(began); took < 190*time.Millisecond {
		t.Errorf("201 lines took %s, want 200 ms", took)
	}
	if err := topic.Close(); err != nil {
		t.Error(err)
	}
}

func TestTopicFaults(t *testing.T) {
	c := TopicConfig{Rate: -1}
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "topic") || !strings.Contains(err.Error(), "rate") {
		t.Errorf("%v, want both faults", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, TopicConfig{Brokers: []string{"127.0.0.1:1"}, Topic: "access.raw"}); err == nil {
		t.Error("a broker that is not there took the topic")
	}
}

func TestFileFaults(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "no", "such", "folder.log")
	if _, err := Create(gone); err == nil {
		t.Error("a file was made in a folder that is not there")
	}
	if err := WriteLabels(gone, []label.Label{{ID: "a"}}); err == nil {
		t.Error("labels were written into a folder that is not there")
	}
}
