package detector

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"gatewatch/internal/disk"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// silence is a topic of events in which somebody attacks, and then nothing happens but that time passes.
type silence struct {
	t        *testing.T
	cluster  *cluster
	producer *kafka.Producer
	raw      int64 // offset of the next event's line
	sent     int64 // records, by the partition that this test uses
}

func newSilence(t *testing.T, c *cluster) *silence {
	t.Helper()
	p, err := kafka.NewProducer(c.kafka, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return &silence{t: t, cluster: c, producer: p}
}

func (s *silence) send(r *kafka.Record) {
	s.t.Helper()
	sent := make(chan error, 1)
	r.Topic = "events"
	s.producer.SendTo(s.t.Context(), 0, r, func(_ *kafka.Record, err error) { sent <- err })
	if err := <-sent; err != nil {
		s.t.Fatal(err)
	}
	s.sent++
}

func (s *silence) event(at int64, client netip.Addr, method, path string, status int64) {
	s.t.Helper()
	ev := event.Event{Time: at, Client: client, Method: method, Host: "shop.example", Path: path, UserAgent: "Mozilla/5.0"}
	ev.SetStatus(status)
	if method == "POST" {
		ev.Principal = "ann"
	}
	ev.Origin = event.Origin{Topic: "access.raw", Offset: s.raw}
	s.raw++
	s.send(&kafka.Record{Value: ev.AppendProto(nil)})
}

func (s *silence) tick(at int64) {
	s.t.Helper()
	s.send(&kafka.Record{Headers: []kafka.Header{{Key: event.TickHeader, Value: event.AppendTick(nil, at)}}})
}

// attack is somebody who looks for what is not there, and a crowd that guesses one account's password. It tells when it ends.
func (s *silence) attack() (end int64) {
	s.t.Helper()
	end = start
	for i := range 40 {
		end = start + int64(i)*int64(time.Second)
		s.event(end, netip.AddrFrom4([4]byte{203, 0, 113, 1}), "GET", fmt.Sprintf("/nothing/%d.bak", i), 404)
		s.event(end, netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}), "POST", "/login", 401)
	}
	return end
}

// heralded runs a detector whose second stage is told the time.
func (c *cluster) heralded(t *testing.T, cfg Config) (d *Detector, stop func()) {
	t.Helper()
	store, err := disk.Open(c.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	producer, err := kafka.NewProducer(c.kafka, 0)
	if err != nil {
		t.Fatal(err)
	}
	d, err = New(cfg, func(context.Context, func(string, error)) (*Neighbours, error) {
		return &Neighbours{
			Store: c.store, Publisher: c.life, Producer: producer, Herald: producer, Checkpoints: store,
			Consume: func(g kafka.Group) (Consumer, error) { return kafka.NewConsumer(c.kafka, g) },
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		producer.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return d, stop
}

// closed are the detectors whose findings have closed.
func (c *cluster) closed() string {
	c.life.mu.Lock()
	defer c.life.mu.Unlock()
	all := map[string]bool{}
	for _, text := range c.life.findings {
		if strings.Contains(text, `"activity":"close"`) {
			for _, name := range []string{"path_scan", "account_attack"} {
				all[name] = all[name] || strings.Contains(text, `"detector":"`+name+`"`)
			}
		}
	}
	return fmt.Sprint(all["path_scan"], all["account_attack"])
}

// TestSilence: after an attack nothing is logged any more. The findings of both stages close in their time, ticks are no
// events, nothing is put aside, and the group is told that all has been read.
func TestSilence(t *testing.T) {
	c := newCluster(t, 2)
	cfg := small()
	cfg.Engine.MaxEntities, cfg.Engine.MaxStates, cfg.Engine.MaxEpisodes = 1024, 1024, 64
	cfg.TickInterval = 10 * time.Second
	d, stop := c.heralded(t, cfg)
	s := newSilence(t, c)
	end := s.attack()
	events := int(s.sent)
	eventually(t, "all events are stored", c.life.has(events))
	s.tick(end + int64(10*time.Minute))
	s.tick(end + int64(15*time.Minute))
	eventually(t, "the group knows it", func() bool { return c.committed(t) == s.sent })
	if got := c.closed(); got != "false false" {
		t.Fatalf("closed after 15 minutes: %s", got)
	}
	at := end + int64(17*time.Minute)
	eventually(t, "the first stage's finding closes", func() bool {
		at += int64(10 * time.Second)
		s.tick(at)
		return c.closed() == "true false"
	})
	for ; at < end+int64(121*time.Minute); at += int64(10 * time.Minute) {
		s.tick(at)
	}
	eventually(t, "the second stage's finding closes", func() bool {
		at += int64(10 * time.Second)
		s.tick(at)
		return c.closed() == "true true"
	})
	eventually(t, "the group knows all", func() bool { return c.committed(t) == s.sent })
	stop()
	if got := c.life.has(events); !got() {
		t.Error("ticks were stored")
	}
	for _, stage := range []string{"events", "facets"} {
		if n := testutil.ToFloat64(d.metrics.rejected.WithLabelValues(stage)); n != 0 {
			t.Errorf("%v records of %s were put aside", n, stage)
		}
	}
	if n := testutil.ToFloat64(d.metrics.events.WithLabelValues("events")); int(n) != events {
		t.Errorf("%v events were counted, want %d", n, events)
	}
	if n := testutil.ToFloat64(d.metrics.ticks.WithLabelValues("events")); int64(n) != s.sent-int64(events) {
		t.Errorf("%v ticks were counted, want %d", n, s.sent-int64(events))
	}
}
