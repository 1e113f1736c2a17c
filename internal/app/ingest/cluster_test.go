package ingest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
)

// start is when the lines of the tests begin.
var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// line is a line of a combined log, some seconds after start.
func line(second float64, client, path string) string {
	at := start.Add(time.Duration(second * float64(time.Second)))
	return fmt.Sprintf("%s - - [%s] \"GET %s HTTP/1.1\" 200 153 \"-\" \"test\"", client, at.Format("02/Jan/2006:15:04:05 -0700"), path)
}

// broker is a Kafka for one test, and a client of the test's own.
type broker struct {
	*kfake.Cluster
	client *kgo.Client
	dir    string // of the data of the services
}

func newBroker(tb testing.TB, opts ...kfake.Opt) *broker {
	tb.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(100 * time.Millisecond)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchMaxBytes(20<<20), kgo.ProducerBatchCompression(kgo.Lz4Compression()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(cl.Close)
	return &broker{c, cl, tb.TempDir()}
}

// config is a configuration that reaches the broker.
func (b *broker) config() config.Config {
	cfg := config.Default()
	cfg.Kafka.Brokers = b.ListenAddrs()
	cfg.HashKey = "a key for tests only"
	cfg.Kafka.Partitions = 3
	cfg.Ingest.DataDir = b.dir
	return cfg
}

// produce writes records and waits for them.
func (b *broker) produce(tb testing.TB, records ...*kgo.Record) {
	tb.Helper()
	if err := b.client.ProduceSync(tb.Context(), records...).FirstErr(); err != nil {
		tb.Fatal(err)
	}
}

// raw is a record of the raw topic.
func raw(partition int32, value string) *kgo.Record {
	return &kgo.Record{Topic: "access.raw", Partition: partition, Value: []byte(value), Timestamp: time.Now()}
}

// running is a service that runs until stop.
type running struct {
	service service.Service
	cancel  context.CancelFunc
	done    chan error
}

func run(tb testing.TB, cfg config.Config) *running {
	tb.Helper()
	s, err := Build(cfg, service.Env{})
	if err != nil {
		tb.Fatal(err)
	}
	return runService(tb, s)
}

func runService(tb testing.TB, s service.Service) *running {
	tb.Helper()
	return started(tb, s)
}

// started is a service that runs as it was built.
func started(tb testing.TB, s service.Service) *running {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{s, cancel, make(chan error, 1)}
	go func() { r.done <- s.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		select {
		case err := <-r.done:
			if err != nil {
				tb.Errorf("Run: %v", err)
			}
		case <-time.After(30 * time.Second):
			tb.Error("the service does not end")
		}
	})
	return r
}

// stop ends the service in order.
func (r *running) stop(tb testing.TB) {
	tb.Helper()
	r.cancel()
	select {
	case err := <-r.done:
		if err != nil {
			tb.Fatalf("Run: %v", err)
		}
		r.done <- nil
	case <-time.After(30 * time.Second):
		tb.Fatal("the service does not end")
	}
}

// reader reads a topic from its beginning.
type reader struct{ client *kgo.Client }

func (b *broker) read(tb testing.TB, topic string) *reader {
	tb.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(b.ListenAddrs()...), kgo.ConsumeTopics(topic), kgo.FetchMaxWait(100*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.MetadataMinAge(100*time.Millisecond))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(cl.Close)
	return &reader{cl}
}

// next waits for n records.
func (r *reader) next(tb testing.TB, n int) []*kgo.Record {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 20*time.Second)
	defer cancel()
	var all []*kgo.Record
	for len(all) < n {
		all = append(all, r.client.PollFetches(ctx).Records()...)
		if ctx.Err() != nil {
			tb.Fatalf("%d records after 20 s, want %d", len(all), n)
		}
	}
	return all
}

// events decodes records of the events topic.
func events(tb testing.TB, records []*kgo.Record) []event.Event {
	tb.Helper()
	all := make([]event.Event, len(records))
	for i, r := range records {
		if err := all[i].UnmarshalProto(r.Value); err != nil {
			tb.Fatal(err)
		}
	}
	return all
}

// committed waits until the group has committed offsets that add up to a sum.
func (b *broker) committed(tb testing.TB, want int64) {
	tb.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		got := b.offsets(tb)
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("committed offsets add up to %d after 20 s, want %d", got, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
