package detector

import (
	"math/rand/v2"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestTopicMadeAnew has the topic of events deleted and made anew while the detector is away, with more records than it
// had read of the old one: none of them may be passed by.
func TestTopicMadeAnew(t *testing.T) {
	c := newCluster(t, 1)
	w := newWorld()
	accepted := w.traffic(rand.New(rand.NewPCG(7, 7)), 1, 4000)
	all := w.topic[0]

	const before = 1000
	w.topic[0] = all[:before]
	c.produce(t, w)
	_, stop := c.run(t, small())
	eventually(t, "the old topic is read", func() bool { return c.committed(t) == before })
	stop()

	client, err := kgo.NewClient(kgo.SeedBrokers(c.kafka.Brokers...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	if _, err := admin.DeleteTopic(t.Context(), "events"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreateTopic(t.Context(), 1, 1, nil, "events"); err != nil {
		t.Fatal(err)
	}
	w.topic[0] = all[before:]
	for i, r := range w.topic[0] {
		r.Offset = int64(i)
	}
	c.produce(t, w)
	_, stop = c.run(t, small())
	defer stop()
	eventually(t, "every event of the new topic is stored", c.life.has(len(accepted)))
	stop()
	verifyOnce(t, c.life, accepted)
}

// committed is how far the group says that the first partition of events was read.
func (c *cluster) committed(t *testing.T) int64 {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.kafka.Brokers...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	offsets, err := kadm.NewClient(client).FetchOffsets(t.Context(), small().Group)
	if at, ok := offsets.Lookup("events", 0); ok && err == nil {
		return at.At
	}
	return -1 // there is no such group yet
}
