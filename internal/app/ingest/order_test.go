package ingest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"gatewatch/internal/app/service"
	"gatewatch/internal/event"
)

const (
	replayed   = 600 // seconds of log
	eachSecond = 30  // lines of it
	networks   = 100
	burst      = 20 // seconds of log that are produced at a time
)

// replay are the lines of ten minutes, each in a partition at random, in the order of time. Some are of a gateway whose
// clock is ahead.
func replay(random *rand.Rand, partitions int32, ahead time.Duration) []*kgo.Record {
	var all []*kgo.Record
	for i := range replayed * eachSecond {
		at := float64(i) / eachSecond
		client := fmt.Sprintf("192.0.%d.1", random.IntN(networks))
		if ahead > 0 && i%5 == 0 {
			at, client = at+ahead.Seconds(), "198.51.100.1"
		}
		all = append(all, raw(random.Int32N(partitions), line(at, client, fmt.Sprintf("/%d", i))))
	}
	return all
}

// slowFetches has the broker answer fetches after a while, another one each time.
func (b *broker) slowFetches(most time.Duration) {
	b.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		b.SleepControl(func() { time.Sleep(rand.N(most)) })
		return nil, nil, false
	})
}

// inBursts produces records as a shipper does that has many at hand: a batch for each partition of what the next seconds
// hold, in no order of partitions, and not at once. It tells how long that took at most.
func (b *broker) inBursts(tb testing.TB, random *rand.Rand, all []*kgo.Record, pause time.Duration) (slowest time.Duration) {
	tb.Helper()
	for len(all) > 0 {
		next := all[:min(burst*eachSecond, len(all))]
		all = all[len(next):]
		began := time.Now()
		batches := map[int32][]*kgo.Record{}
		for _, r := range next {
			r.Timestamp = time.Now()
			batches[r.Partition] = append(batches[r.Partition], r)
		}
		for _, p := range random.Perm(12) {
			b.produce(tb, batches[int32(p)]...)
			time.Sleep(rand.N(pause))
		}
		slowest = max(slowest, time.Since(began))
	}
	return slowest
}

// disorder is by how much an event came after a later one of its network, at worst.
func disorder(all []event.Event) (worst time.Duration, late int) {
	newest := map[string]int64{}
	for i := range all {
		client := all[i].Client.String()
		if by := newest[client] - all[i].Time; newest[client] != 0 && by > 0 {
			worst = max(worst, time.Duration(by))
			if time.Duration(by) > time.Second {
				late++
			}
		}
		newest[client] = max(newest[client], all[i].Time)
	}
	return worst, late
}

// TestOrderOfReplays: ten minutes of log that come in seconds, spread over partitions, leave in about the order of their
// time, be they there already or still coming, and however long fetches take.
func TestOrderOfReplays(t *testing.T) {
	t.Parallel()
	const partitions = 12
	for _, tt := range []struct {
		name    string
		brokers int
		fetches time.Duration
		waiting bool // the lines are there before the service
		ahead   time.Duration
	}{
		{name: "waiting", brokers: 1, waiting: true},
		{name: "waiting, slow fetches of three brokers", brokers: 3, fetches: 60 * time.Millisecond, waiting: true},
		{name: "waiting, one clock ahead", brokers: 1, waiting: true, ahead: time.Hour},
		{name: "coming", brokers: 1},
		{name: "coming, slow fetches of three brokers", brokers: 3, fetches: 60 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			seed := uint64(time.Now().UnixNano())
			random := rand.New(rand.NewPCG(seed, 0))
			b := newBroker(t, kfake.NumBrokers(tt.brokers), kfake.SeedTopics(partitions, "access.raw"))
			lines := replay(random, partitions, tt.ahead)
			if tt.waiting {
				b.inBursts(t, random, lines, time.Microsecond)
			}
			if tt.fetches > 0 {
				b.slowFetches(tt.fetches)
			}
			cfg := b.config()
			cfg.Kafka.Partitions = partitions
			s, err := Build(cfg, service.Env{})
			if err != nil {
				t.Fatal(err)
			}
			started(t, s)
			began, bound := time.Now(), 5*time.Second
			if !tt.waiting {
				if took := b.inBursts(t, random, lines, 5*time.Millisecond); took > defaultPatience/2 {
					t.Logf("this machine is so busy that a burst took %v to be in all partitions", took)
					bound = burst * time.Second // its records are waited for in vain, and those of the next one come later
				}
			}
			got := events(t, b.read(t, "gatewatch.events.v1").next(t, len(lines)))
			worst, late := disorder(got)
			t.Logf("%d events in %v, %d late by more than 1 s, %v at worst", len(got), time.Since(began), late, worst)
			if worst > bound {
				t.Errorf("seed %d: an event came after one of its network that is %v younger, want at most %v", seed, worst, bound)
			}
		})
	}
}
