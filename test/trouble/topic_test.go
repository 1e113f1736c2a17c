package trouble

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// topicDeleted: somebody deletes the topic of events while the services work. Ingest says so, makes it again and reads
// again what has not been stored. The detector, which has positions in the old topic, reads the new one from its beginning.
func topicDeleted(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "")
	s.produce(asks(100, "203.0.113.1", "before", 200)...)
	s.stored(100)
	cl, err := kgo.NewClient(kgo.SeedBrokers(s.brokers.Brokers...))
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if _, err := kadm.NewClient(cl).DeleteTopics(t.Context(), s.topic("events")); err != nil {
		t.Fatal(err)
	}
	s.produce(asks(150, "203.0.113.1", "during", 200)...) // more than there were: at its end a reader cannot tell
	ingest.unready("kafka", "the topic is missing: create it, or let kafka.create_topics do it")
	ingest.tells("attempt failed, trying again", "an event was not stored: the topic is missing")
	ingest.ready()
	s.stored(250)
	for _, p := range []*program{ingest, detector} {
		p.ready()
		p.quiet(40)
		p.terminate()
	}
}
