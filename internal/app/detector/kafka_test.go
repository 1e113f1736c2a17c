package detector

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/internal/config"
	"gatewatch/internal/detect"
	"gatewatch/internal/disk"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// cluster is what a detector needs, with Kafka on a real protocol, with a store that can be held.
type cluster struct {
	kafka kafka.Config
	dir   string
	store *heldStore
	life  *life
	// publisher takes the findings; nil is life.
	publisher Publisher
}

// heldStore is the fake store, away while it is held.
type heldStore struct {
	*life

	mu   sync.Mutex // guards gate
	gate chan struct{}
}

func (s *heldStore) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = make(chan struct{})
}

func (s *heldStore) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.gate)
	s.gate = nil
}

func (s *heldStore) InsertEvents(ctx context.Context, rows Rows, token string) error {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.life.InsertEvents(ctx, rows, token)
}

func newCluster(t *testing.T, partitions int) *cluster {
	t.Helper()
	k, err := kfake.NewCluster(
		kfake.NumBrokers(1), kfake.SeedTopics(int32(partitions), "events", "facets", "findings", "rejected"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	l := newWorld().live(-1, rand.New(rand.NewPCG(1, 1)))
	return &cluster{kafka: kafka.Config{Brokers: k.ListenAddrs(), ClientID: "test"}, dir: t.TempDir(), store: &heldStore{life: l}, life: l}
}

// produce writes the traffic of a world to the topic.
func (c *cluster) produce(t *testing.T, w *world) {
	t.Helper()
	p, err := kafka.NewProducer(c.kafka, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for id, log := range w.topic {
		for _, r := range log {
			// The key decides about the partition, as that of the client does.
			p.Produce(t.Context(), &kafka.Record{Topic: "events", Key: fmt.Append(nil, id), Value: r.Value}, func(err error) {
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// traffic produces traffic of a seed, over so many partitions, and tells which events are in it.
func (c *cluster) traffic(t *testing.T, seed uint64, partitions, n int) (accepted map[event.ID]bool) {
	t.Helper()
	w := newWorld()
	accepted = w.traffic(rand.New(rand.NewPCG(seed, seed)), partitions, n)
	c.produce(t, w)
	return accepted
}

// run starts a detector; the function stops it.
func (c *cluster) run(t *testing.T, cfg Config) (d *Detector, stop func()) {
	t.Helper()
	store, err := disk.Open(c.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	producer, err := kafka.NewProducer(c.kafka, 0)
	if err != nil {
		t.Fatal(err)
	}
	var publisher Publisher = c.life
	if c.publisher != nil {
		publisher = c.publisher
	}
	d, err = New(cfg, func(context.Context, func(string, error)) (*Neighbours, error) {
		return &Neighbours{
			Store: c.store, Publisher: publisher, Producer: producer, Checkpoints: store,
			Consume: func(g kafka.Group) (Consumer, error) { return kafka.NewConsumer(c.kafka, g) },
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	return d, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		producer.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func (l *life) has(n int) func() bool {
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.rows) == n
	}
}

func verifyOnce(t *testing.T, l *life, accepted map[event.ID]bool) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, n := range l.rows {
		if n != 1 || !accepted[id] {
			t.Errorf("event %s is stored %d times, sent: %t", id, n, accepted[id])
		}
	}
	if len(l.rows) != len(accepted) {
		t.Errorf("%d events stored, want %d", len(l.rows), len(accepted))
	}
}

func TestStopsAndGoesOn(t *testing.T) {
	c := newCluster(t, 2)
	accepted := c.traffic(t, 1, 2, 2000)
	d, stop := c.run(t, small())
	defer stop()
	eventually(t, "all events are stored", c.life.has(len(accepted)))
	eventually(t, "ready", func() bool {
		for _, check := range d.Ready(t.Context()) {
			if !check.OK && check.Name != "clock" { // the traffic is of another time
				return false
			}
		}
		return true
	})
	stop()
	verifyOnce(t, c.life, accepted)
	saves := 0
	for _, s := range d.stages {
		saves += len(s.all())
	}
	if saves != 0 {
		t.Errorf("%d workers left after the stop", saves)
	}

	// The same events again, as after a crash of the producer, and then new ones.
	more := c.traffic(t, 1, 2, 2500)
	_, stop = c.run(t, small())
	defer stop()
	eventually(t, "the new events are stored as well", c.life.has(len(more)))
	stop()
	verifyOnce(t, c.life, more)
}

func TestStoreAway(t *testing.T) {
	c := newCluster(t, 1)
	accepted := c.traffic(t, 2, 1, 60_000)
	c.store.hold()
	d, stop := c.run(t, small())
	defer stop()
	eventually(t, "the partition is paused", func() bool {
		worker := d.stages[0].worker(0)
		return worker != nil && worker.inbox.Paused()
	})
	c.life.mu.Lock()
	rows := len(c.life.rows)
	c.life.mu.Unlock()
	if rows != 0 {
		t.Errorf("%d rows stored while the store was away", rows)
	}
	c.store.release()
	eventually(t, "all events are stored", c.life.has(len(accepted)))
	stop()
	verifyOnce(t, c.life, accepted)
}

// TestGivesUpOnStore stops while the store is away: it must not take for ever, and nothing may be lost.
func TestGivesUpOnStore(t *testing.T) {
	c := newCluster(t, 1)
	accepted := c.traffic(t, 3, 1, 500)
	c.store.hold()
	cfg := small()
	cfg.Patience = 50 * time.Millisecond
	d, stop := c.run(t, cfg)
	eventually(t, "something is folded", func() bool {
		worker := d.stages[0].worker(0)
		return worker != nil && len(worker.free) < batchesPerWorker
	})
	stop()
	c.store.release()
	_, stop = c.run(t, cfg)
	defer stop()
	eventually(t, "all events are stored", c.life.has(len(accepted)))
	stop()
	verifyOnce(t, c.life, accepted)
}

func TestOtherHashKeyIsRefused(t *testing.T) {
	c := newCluster(t, 1)
	accepted := c.traffic(t, 4, 1, 100)
	_, stop := c.run(t, small())
	eventually(t, "all events are stored", c.life.has(len(accepted)))
	stop()
	cfg := small()
	cfg.Engine.Seed++
	d, stop := c.run(t, cfg)
	defer stop()
	eventually(t, "readiness tells of the key", func() bool {
		for _, check := range d.Ready(t.Context()) {
			if check.Name == "disk" && !check.OK && strings.Contains(check.Detail, "hash key") {
				return true
			}
		}
		return false
	})
}

func TestReloadKeepsState(t *testing.T) {
	c := newCluster(t, 1)
	first, second := newWorld(), newWorld()
	accepted := first.traffic(rand.New(rand.NewPCG(5, 5)), 1, 1000)
	c.produce(t, first)
	d, stop := c.run(t, small())
	defer stop()
	eventually(t, "all events are stored", c.life.has(len(accepted)))

	bad := config.Default()
	bad.Detectors = append(bad.Detectors, bad.Detectors[0])
	if err := d.Reload(bad); err == nil {
		t.Error("Reload took a catalog in which a detector stands twice")
	}
	// Without detectors nothing is found; what is known of the clients stays.
	none := config.Default()
	none.Detectors = []detect.Definition{}
	if err := d.Reload(none); err != nil {
		t.Fatal(err)
	}
	worker := d.stages[0].worker(0)
	eventually(t, "the worker has changed over", func() bool { return len(worker.changed) == 0 })
	before := c.findings()
	more := second.traffic(rand.New(rand.NewPCG(5, 5)), 1, 3000)
	c.produce(t, second)
	eventually(t, "the new events are stored as well", c.life.has(len(more)))
	stop()
	if after := c.findings(); after != before {
		t.Errorf("%d findings after all detectors were turned off, want the %d from before", after, before)
	}
	if n := worker.engine.Counts().Events; n != uint64(len(more)) {
		t.Errorf("the engine has seen %d events, want all %d: it was not kept", n, len(more))
	}
}

func (c *cluster) findings() int {
	c.life.mu.Lock()
	defer c.life.mu.Unlock()
	return len(c.life.findings)
}

// refusing is a publisher that refuses everything.
type refusing struct{ *life }

var errRefused = errors.New("no")

func (refusing) PublishFinding(context.Context, *finding.Finding) error { return errRefused }

// TestLostFinding: what will never arrive must be made again, so nothing after it is saved.
func TestLostFinding(t *testing.T) {
	w := newWorld()
	w.traffic(rand.New(rand.NewPCG(6, 6)), 1, 1000)
	l := w.live(-1, rand.New(rand.NewPCG(1, 1)))
	go l.deliver()
	near := l.neighbours()
	near.Publisher = refusing{l}
	d, err := New(small(), func(context.Context, func(string, error)) (*Neighbours, error) { return near, nil })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	eventually(t, "readiness tells that it was refused", func() bool {
		return strings.Contains(d.sinkCheck("checkpoint", nil).Detail, "was not taken, and is made again: no")
	})
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	if l.finished() {
		t.Error("everything was committed")
	}
}

// refusingOnce refuses the first finding.
type refusingOnce struct {
	*life

	refused *atomic.Value
}

func (r refusingOnce) PublishFinding(ctx context.Context, f *finding.Finding) error {
	if r.refused.CompareAndSwap(nil, f.ID) {
		return errRefused
	}
	return r.life.PublishFinding(ctx, f)
}

// TestLostFindingIsMadeAgain: one finding is refused, all behind it are taken. The detector goes back to where it was made.
func TestLostFindingIsMadeAgain(t *testing.T) {
	c := newCluster(t, 1)
	w := newWorld()
	accepted := w.traffic(rand.New(rand.NewPCG(6, 6)), 1, 1000)
	c.produce(t, w)
	var refused atomic.Value
	c.publisher = refusingOnce{c.life, &refused}
	_, stop := c.run(t, small())
	defer stop()
	eventually(t, "all events are stored", c.life.has(len(accepted)))
	eventually(t, "what was refused is published", func() bool {
		id, ok := refused.Load().(string)
		c.life.mu.Lock()
		defer c.life.mu.Unlock()
		return ok && c.life.findings[id+"-1"] != ""
	})
	stop()
	verifyOnce(t, c.life, accepted)
}
