package kafka

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// member is a member of the group that a test reads with.
type member struct {
	*Consumer
	assigned chan struct{}
}

func join(t *testing.T, cfg Config, g Group) *member {
	t.Helper()
	m := &member{assigned: make(chan struct{}, 16)}
	g.Name, g.Topics = "group", []string{"in"}
	g.Assigned = func(context.Context, []Partition) { m.assigned <- struct{}{} }
	var err error
	if m.Consumer, err = NewConsumer(cfg, g); err != nil {
		t.Fatal(err)
	}
	return m
}

// reads polls until the member has partitions.
func (m *member) reads(t *testing.T, limit time.Duration) {
	t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		if _, err := m.PollFor(t.Context(), 0, 20*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		m.Handled()
		select {
		case <-m.assigned:
			return
		default:
		}
	}
	t.Fatalf("no partitions after %s", limit)
}

// crash ends a member as the end of its process does: the group hears nothing.
func (m *member) crash() {
	m.stay = true
	m.Close()
}

// TestNamedMemberIsBackAtOnce: after a crash a member of the same name does not wait for the session of the dead one, and
// one of another name does.
func TestNamedMemberIsBackAtOnce(t *testing.T) {
	t.Parallel()
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(2, "in")).ListenAddrs()}
	first := join(t, cfg, Group{Instance: "one", Session: 30 * time.Second})
	first.reads(t, 10*time.Second)
	first.crash()
	second := join(t, cfg, Group{Instance: "one", Session: 30 * time.Second})
	defer second.Close()
	second.reads(t, 5*time.Second)
}

// TestNamedMemberLeaves: one that ends in order leaves its partitions to another at once.
func TestNamedMemberLeaves(t *testing.T) {
	t.Parallel()
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(2, "in")).ListenAddrs()}
	first := join(t, cfg, Group{Instance: "one", Session: 30 * time.Second})
	first.reads(t, 10*time.Second)
	first.Close()
	other := join(t, cfg, Group{Instance: "other", Session: 30 * time.Second})
	defer other.Close()
	other.reads(t, 5*time.Second)
}

// TestFenced: of two processes of one name the older is told, and cannot take the newer one out of the group when it ends.
func TestFenced(t *testing.T) {
	t.Parallel()
	cfg := Config{Brokers: cluster(t, kfake.SeedTopics(2, "in")).ListenAddrs()}
	older := join(t, cfg, Group{Instance: "one", Session: 6 * time.Second})
	older.reads(t, 10*time.Second)
	newer := join(t, cfg, Group{Instance: "one", Session: 6 * time.Second})
	defer newer.Close()
	newer.reads(t, 5*time.Second)
	var err error
	for deadline := time.Now().Add(10 * time.Second); err == nil && time.Now().Before(deadline); {
		_, err = older.PollFor(t.Context(), 0, 100*time.Millisecond)
		older.Handled()
	}
	if !errors.Is(err, ErrFenced) {
		t.Errorf("the older member: %v, want %v", err, ErrFenced)
	}
	older.Close()
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		if _, err := newer.PollFor(t.Context(), 0, 100*time.Millisecond); err != nil {
			t.Fatalf("the newer member: %v", err)
		}
		newer.Handled()
	}
	if id, generation := newer.client.GroupMetadata(); id == "" || generation < 0 || newer.Trouble() != nil {
		t.Errorf("the newer member is %q of generation %d, with trouble: %v", id, generation, newer.Trouble())
	}
}
