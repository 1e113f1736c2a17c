package kafka

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestSendTo: a record goes to the partition that was chosen for it, behind those that were sent there before, and all
// others go where Kafka's own clients would put them.
func TestSendTo(t *testing.T) {
	const partitions, each = 5, 40
	c := Config{Brokers: cluster(t, kfake.SeedTopics(partitions, "events")).ListenAddrs()}
	p, err := NewProducer(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	done := func(_ *Record, err error) {
		if err != nil {
			t.Error(err)
		}
	}
	own := kgo.StickyKeyPartitioner(nil).ForTopic("events")
	want := map[int32][]string{}
	put := func(partition int32, value string) { want[partition] = append(want[partition], value) }
	for i := range int32(each) {
		key := fmt.Appendf(nil, "192.0.2.%d", i)
		keyed := &Record{Topic: "events", Key: key, Value: fmt.Appendf(nil, "keyed %d", i)}
		put(int32(own.Partition(keyed, partitions)), string(keyed.Value))
		p.Send(t.Context(), keyed, done)
		for partition := range int32(partitions) {
			pinned := &Record{Topic: "events", Value: fmt.Appendf(nil, "pinned %d", i)}
			if i%2 == 0 {
				pinned.Key = key // which would go elsewhere
			}
			put(partition, string(pinned.Value))
			p.SendTo(t.Context(), partition, pinned, done)
		}
	}
	beyond := make(chan error, 1)
	p.SendTo(t.Context(), partitions, &Record{Topic: "events"}, func(_ *Record, err error) { beyond <- err })
	if err := <-beyond; err == nil {
		t.Error("a record was sent to a partition that is not there")
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[int32][]string{}
	for n, in := 0, consumer(t, c, Group{Topics: []string{"events"}}); n < each*(1+partitions); {
		batches, err := in.Poll(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range batches {
			for _, r := range b.Records {
				got[r.Partition] = append(got[r.Partition], string(r.Value))
				n++
			}
		}
		in.Handled()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records by partition (-want +got):\n%s", diff)
	}
}

func TestSpans(t *testing.T) {
	c := Config{Brokers: cluster(t, kfake.SeedTopics(2, "one", "other")).ListenAddrs()}
	p, err := NewProducer(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 3 {
		p.SendTo(t.Context(), 1, &Record{Topic: "one"}, func(*Record, error) {})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := p.Spans(t.Context(), "one", "missing")
	if err != nil {
		t.Fatal(err)
	}
	want := map[Partition]Span{{"one", 0}: {0, 0}, {"one", 1}: {0, 3}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
