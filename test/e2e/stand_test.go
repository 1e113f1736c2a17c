package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/clickhouse"
	"gatewatch/internal/kafka"
	"gatewatch/test/servers"
)

// stand is what services stand between: a Kafka and a NATS in this process, which can be hurt, and a real ClickHouse.
type stand struct {
	t          *testing.T
	kafka      *kfake.Cluster
	brokers    kafka.Config
	nats       string
	clickhouse *servers.Server
	store      *clickhouse.Store
	data       string
}

func newStand(t *testing.T, opts ...kfake.Opt) *stand {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	s := &stand{t: t, kafka: c, brokers: kafka.Config{Brokers: c.ListenAddrs()}, clickhouse: servers.StartClickHouse(t), data: t.TempDir()}
	s.nats = natsServer(t, func(o *server.Options) { o.MaxPayload = 1 << 20 })
	s.store, err = clickhouse.New(clickhouse.Config{Addresses: []string{s.clickhouse.Addr}, Database: "gatewatch", User: "default"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	return s
}

// config is the services' configuration.
func (s *stand) config(more string) string {
	return fmt.Sprintf("kafka: {brokers: [%s], partitions: 1, replicas: 1}\nnats: {servers: [%q]}\n"+
		"clickhouse: {addresses: [%q], max_wait: 100ms}\n%s", s.brokers.Brokers[0], s.nats, s.clickhouse.Addr, more)
}

// start starts services with what is left of the configuration's defaults, and waits until they are ready.
func (s *stand) start(names ...string) []*service {
	s.t.Helper()
	var all []*service
	for _, name := range names {
		svc := launch(s.t, name, s.config(""))
		svc.ready()
		all = append(all, svc)
	}
	return all
}

// produce writes records to a topic, and waits until they are there.
func (s *stand) produce(topic string, values ...[]byte) {
	s.t.Helper()
	p, err := kafka.NewProducer(s.brokers, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer p.Close()
	for _, v := range values {
		p.Produce(s.t.Context(), &kafka.Record{Topic: topic, Value: v}, func(err error) {
			if err != nil {
				s.t.Error(err)
			}
		})
	}
	if err := p.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// lines are so many requests, one a millisecond, that end at some time.
func lines(n int, path string, end time.Time) [][]byte {
	var all [][]byte
	for i := range n {
		at := end.Add(time.Duration(i-n) * time.Millisecond).UTC().Format("02/Jan/2006:15:04:05 -0700")
		all = append(all, fmt.Appendf(nil, `203.0.113.%d - - [%s] "GET /%s/%d HTTP/1.1" 200 5 "-" "Mozilla/5.0"`, i%200, at, path, i))
	}
	return all
}

// events waits until so many events match a condition.
func (s *stand) events(want int, where string) {
	s.t.Helper()
	var got string
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
		table, err := s.store.Query(ctx, "SELECT count(), uniqExact(event_id) FROM events WHERE "+where)
		cancel()
		if err != nil {
			got = err.Error()
			continue
		}
		if got = strings.Join(table.Rows[0], "/"); got == fmt.Sprintf("%d/%d", want, want) {
			return
		}
	}
	s.t.Fatalf("%s events where %s, want %d", got, where, want)
}

func (s *service) ready() {
	s.t.Helper()
	s.until("it is ready", func() bool { return strings.HasPrefix(s.readiness(), "200") })
}

func (s *service) logged(what string) int { return strings.Count(s.text(), what) }

func (s *service) config() string { return filepath.Join(s.dir, "gatewatch.yaml") }

// produceLarge writes a record that is larger than brokers take by their defaults.
func (s *stand) produceLarge(topic string, value []byte) {
	s.t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(s.brokers.Brokers...), kgo.ProducerBatchMaxBytes(30<<20))
	if err != nil {
		s.t.Fatal(err)
	}
	defer cl.Close()
	if err := cl.ProduceSync(s.t.Context(), &kgo.Record{Topic: topic, Value: value}).FirstErr(); err != nil {
		s.t.Fatal(err)
	}
}

// write puts another configuration in place of the service's.
func (s *service) write(text []byte) {
	s.t.Helper()
	if err := os.WriteFile(s.config(), text, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) file() string {
	s.t.Helper()
	b, err := os.ReadFile(s.config())
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}
