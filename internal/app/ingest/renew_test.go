package ingest

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// remake deletes a topic and makes another of its name.
func (b *broker) remake(tb testing.TB, topic string, partitions int32) {
	tb.Helper()
	admin := kadm.NewClient(b.client)
	if _, err := admin.DeleteTopic(tb.Context(), topic); err != nil {
		tb.Fatal(err)
	}
	b.client.PurgeTopicsFromClient(topic)
	if _, err := admin.CreateTopic(tb.Context(), partitions, 1, nil, topic); err != nil {
		tb.Fatal(err)
	}
}

// TestTopicsMadeAnew: a raw topic that is deleted and made anew is read from its beginning, and nobody takes its lines for
// those of the old one; a topic of ours is written to again.
func TestTopicsMadeAnew(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
	cfg := b.config()
	cfg.Kafka.Partitions = 1
	run(t, cfg)
	for i := range 10 {
		b.produce(t, raw(0, line(float64(i), "192.0.2.1", fmt.Sprintf("/old/%d", i))))
	}
	b.produce(t, raw(0, "garbage"))
	all := b.read(t, "gatewatch.events.v1")
	got := events(t, all.next(t, 10))
	b.committed(t, 11)
	b.remake(t, "access.raw", 1)
	for i := range 5 {
		b.produce(t, raw(0, line(float64(i), "192.0.2.1", fmt.Sprintf("/new/%d", i))))
	}
	got = append(got, events(t, all.next(t, 5))...)
	seen := map[event.ID]string{}
	for i := range got {
		id := got[i].Origin.ID()
		if other, ok := seen[id]; ok {
			t.Errorf("%s has the id of %s", got[i].Path, other)
		}
		seen[id] = got[i].Path
		if topic := kafka.TopicOf(got[i].Origin.Topic); topic != "access.raw" {
			t.Errorf("origin in topic %q", topic)
		}
	}
	if got[10].Path != "/new/0" || got[10].Origin.Offset != 0 {
		t.Errorf("the new topic begins with %s at %d", got[10].Path, got[10].Origin.Offset)
	}
	b.committed(t, 5)
	if r := b.read(t, "gatewatch.rejected.v1").next(t, 1)[0]; headers(r)["topic"] != "access.raw" {
		t.Errorf("rejected of topic %q", headers(r)["topic"])
	}
	b.remake(t, "gatewatch.events.v1", 1)
	b.produce(t, raw(0, line(9, "192.0.2.1", "/last")))
	last := b.read(t, "gatewatch.events.v1")
	if e := events(t, last.next(t, 1))[0]; e.Path != "/last" {
		t.Errorf("%s after the topic of events was made anew", e.Path)
	}
	b.committed(t, 6)
}
