package detector

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

const start = int64(1_800_000_000) * int64(time.Second)

// traffic fills partitions with requests: people, somebody who tries paths, somebody who guesses passwords, stretches that
// come twice as after a crash of the producer, and records that are none.
func (w *world) traffic(random *rand.Rand, partitions, n int) (accepted map[event.ID]bool) {
	accepted = map[event.ID]bool{}
	raw := make([]int64, partitions)
	at := start
	for range n {
		at += int64(random.IntN(300)) * int64(time.Millisecond)
		id := int32(random.IntN(partitions))
		ev := event.Event{
			Time: at, Client: netip.AddrFrom4([4]byte{192, 0, 2, byte(partitions*random.IntN(20) + int(id))}),
			Method: "GET", Host: "shop.example", Path: "/products", UserAgent: "Mozilla/5.0",
		}
		ev.SetStatus(200)
		switch random.IntN(3) {
		case 0:
			ev.Client = netip.AddrFrom4([4]byte{203, 0, 113, byte(id)})
			ev.Path = fmt.Sprintf("/wp-content/%d.php", random.IntN(1000))
			ev.SetStatus(404)
		case 1:
			ev.Client = netip.AddrFrom4([4]byte{198, 51, 100, byte(id)})
			ev.Method, ev.Path, ev.Principal = "POST", "/login", fmt.Sprintf("user%d", random.IntN(5))
			ev.SetStatus(401)
		}
		if random.IntN(40) == 0 {
			raw[id] -= min(raw[id], int64(random.IntN(10)))
		}
		ev.Origin = event.Origin{Topic: "access.raw", Partition: id, Offset: raw[id]}
		raw[id]++
		accepted[ev.Origin.ID()] = true
		value := ev.AppendProto(nil)
		if random.IntN(100) == 0 {
			accepted[ev.Origin.ID()] = false
			value = [][]byte{[]byte("\xff\xff\xffgarbage"), {}, nil, {0x98, 0x3f, 0x01}}[random.IntN(4)]
			delete(accepted, ev.Origin.ID())
			raw[id]--
		}
		w.topic[id] = append(w.topic[id], &kafka.Record{
			Topic: "events", Partition: id, Offset: int64(len(w.topic[id])), Value: value, Timestamp: time.Unix(0, at),
		})
		if random.IntN(10) == 0 {
			w.tick(id, at+int64(random.IntN(1800))*int64(time.Second))
		}
	}
	return accepted
}

// tick puts a record that tells the time into a partition.
func (w *world) tick(id int32, at int64) {
	w.topic[id] = append(w.topic[id], &kafka.Record{
		Topic: "events", Partition: id, Offset: int64(len(w.topic[id])), Timestamp: time.Unix(0, at),
		Headers: []kafka.Header{{Key: event.TickHeader, Value: event.AppendTick(nil, at)}},
	})
}

func small() Config {
	cfg := Config{
		Group: "g", Events: "events", Facets: "facets", Findings: "findings", Rejected: "rejected",
		Engine: detect.DefaultConfig(), Catalog: detect.Catalog(), CheckpointInterval: 30 * time.Millisecond,
		MaxRows: 50, MaxBytes: 1 << 20, MaxWait: 4 * time.Millisecond, MaxLag: 1000, Patience: time.Second,
	}
	cfg.Engine.Seed = 7
	cfg.Engine.MaxEntities, cfg.Engine.MaxStates, cfg.Engine.MaxEpisodes = 64, 64, 32
	return cfg
}

// run lives one life: until the crash, until it is asked to stop after a while, or until everything is committed.
func (l *life) run(t *testing.T, while time.Duration) {
	t.Helper()
	d, err := New(small(), func(context.Context, func(string, error)) (*Neighbours, error) { return l.neighbours(), nil })
	if err != nil {
		t.Fatal(err)
	}
	var delivering sync.WaitGroup
	delivering.Go(l.deliver)
	defer delivering.Wait()
	defer close(l.sent)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	end := time.After(while)
	for over := false; !over; {
		select {
		case <-l.killed:
			over = true
		case <-end:
			over = true
		case <-time.After(time.Millisecond):
			over = l.finished()
		}
	}
	cancel()
	if err := <-done; err != nil && !l.dead {
		t.Errorf("Run: %v", err)
	}
}

func TestCrashAnywhere(t *testing.T) {
	const partitions, records = 2, 600
	repeated := 0
	seeds := uint64(10)
	if testing.Short() { // under the race detector, each takes seconds
		seeds = 3
	}
	for seed := range seeds {
		synctest.Test(t, func(t *testing.T) {
			calm := newWorld()
			accepted := calm.traffic(rand.New(rand.NewPCG(seed, 1)), partitions, records)
			calm.live(-1, rand.New(rand.NewPCG(seed, 2))).run(t, time.Minute)

			random := rand.New(rand.NewPCG(seed, 3))
			rough := newWorld()
			rough.topic = calm.topic
			lives := 0
			for ; lives < 8; lives++ {
				if lives == 0 { // between storing and knowing it, whatever chance brings later
					l := rough.live(0, random)
					l.aim = "done"
					l.run(t, time.Minute)
					continue
				}
				l := rough.live(random.IntN(120), random)
				if aims := []string{"plan", "insert", "done", "save", "commit"}; lives%2 == 0 {
					l.aim, l.left = aims[random.IntN(len(aims))], random.IntN(3)
				}
				l.run(t, time.Duration(random.IntN(100))*time.Millisecond)
			}
			rough.live(-1, random).run(t, time.Minute)

			check(t, calm, accepted)
			check(t, rough, accepted)
			if diff := cmp.Diff(calm.findings, rough.findings); diff != "" {
				t.Errorf("seed %d: findings (-calm +crashed):\n%s", seed, diff)
			}
			for name, maps := range map[string][2]map[string]bool{
				"findings in the store": {calm.stored, rough.stored}, "findings in the topic": {calm.topicked, rough.topicked},
				"rejected": {calm.rejected, rough.rejected},
			} {
				if diff := cmp.Diff(maps[0], maps[1]); diff != "" {
					t.Errorf("seed %d: %s (-calm +crashed):\n%s", seed, name, diff)
				}
			}
			if diff := cmp.Diff(calm.facets, rough.facets); diff != "" {
				t.Errorf("seed %d: facets (-calm +crashed):\n%s", seed, diff)
			}
			if len(calm.findings) == 0 || len(calm.facets) == 0 || len(calm.rejected) == 0 {
				t.Errorf("seed %d: %d findings, %d facets, %d rejected; the traffic must give all of them",
					seed, len(calm.findings), len(calm.facets), len(calm.rejected))
			}
			repeated += rough.repeated
		})
		if t.Failed() {
			t.Fatalf("at seed %d", seed)
		}
	}
	if repeated == 0 {
		t.Error("no batch was ever repeated: the crashes miss the moment between storing and knowing it")
	}
	t.Logf("%d batches repeated", repeated)
}

// check looks whether every accepted event is stored once, every finding is everywhere, and everything committed.
func check(t *testing.T, w *world, accepted map[event.ID]bool) {
	t.Helper()
	for name := range w.findings {
		if id, _, _ := strings.Cut(name, "-"); !w.stored[name] || !w.topicked[id] {
			t.Errorf("finding %s was published; in the store: %t, in the topic: %t", name, w.stored[name], w.topicked[id])
		}
	}
	for id, n := range w.rows {
		if n != 1 {
			t.Errorf("event %s is stored %d times", id, n)
		}
		if !accepted[id] {
			t.Errorf("event %s is stored but was never sent", id)
		}
	}
	if len(w.rows) != len(accepted) {
		t.Errorf("%d events stored, want %d", len(w.rows), len(accepted))
	}
	for id, log := range w.topic {
		if w.committed[id] != int64(len(log)) {
			t.Errorf("partition %d committed at %d of %d", id, w.committed[id], len(log))
		}
	}
}
