package kafka

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestCloseWhileJoining: a member that waits to join, because another was killed and is not given up yet, can be closed
// all the same, and the group waits for it no longer than for the other.
func TestCloseWhileJoining(t *testing.T) {
	t.Parallel()
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(1, "in")).ListenAddrs()}
	// A static member does not leave when it is closed: to the group it is one that was killed.
	ghost, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...), kgo.ConsumerGroup("group"), kgo.ConsumeTopics("in"),
		kgo.InstanceID("ghost"), kgo.Balancers(kgo.CooperativeStickyBalancer()), kgo.SessionTimeout(20*time.Second),
		kgo.RebalanceTimeout(20*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	joined, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for generation := int32(-1); generation < 1; _, generation = ghost.GroupMetadata() {
		if joined.Err() != nil {
			t.Fatal("the first member has not joined")
		}
		time.Sleep(10 * time.Millisecond) // until it has joined
	}
	ghost.Close()
	c, err := NewConsumer(cfg, Group{Name: "group", Topics: []string{"in"}})
	if err != nil {
		t.Fatal(err)
	}
	for id := ""; id == ""; id, _ = c.client.GroupMetadata() {
		if joined.Err() != nil {
			t.Fatal("the second member has not asked to join")
		}
		time.Sleep(10 * time.Millisecond) // until it has a name
	}
	time.Sleep(100 * time.Millisecond) // to ask again under it
	began := time.Now()
	c.Close()
	if took := time.Since(began); took > leaveTime+leaveTime/2 {
		t.Errorf("closing took %s", took)
	}
}
