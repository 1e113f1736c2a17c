package herald

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

func TestNow(t *testing.T) {
	t.Parallel()
	const minute = int64(time.Minute)
	for _, tt := range []struct {
		name    string
		reached []progress // by partition
		want    int64
	}{
		{"nobody is there", nil, 0},
		{"the slowest counts", []progress{{100 * minute, true}, {97 * minute, true}, {99 * minute, true}}, 97 * minute},
		{"who is far behind is not waited for", []progress{{100 * minute, true}, {89 * minute, true}}, 100 * minute},
		{"nor is who cannot tell", []progress{{100 * minute, true}, {0, true}}, 100 * minute},
		{"nobody can tell", []progress{{0, true}}, 0},
		{"who folds a past is", []progress{{100 * minute, true}, {10 * minute, false}}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := New("facets", time.Second, nil)
			for id, p := range tt.reached {
				h.Reached(int32(id), p.at, p.live)
			}
			if got := h.now(); got != tt.want {
				t.Errorf("it is minute %d, want %d", got/minute, tt.want/minute)
			}
			h.Reached(77, minute, false)
			h.Left(77)
			if got := h.now(); got != tt.want {
				t.Errorf("it is minute %d after a partition has left, want %d", got/minute, tt.want/minute)
			}
		})
	}
}

// place is a Kafka with two partitions of facets.
type place struct {
	mu   sync.Mutex
	told []string
	away bool
}

func (p *place) Spans(_ context.Context, topics ...string) (map[kafka.Partition]kafka.Span, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		return nil, errors.New("nobody is there")
	}
	return map[kafka.Partition]kafka.Span{{Topic: topics[0]}: {}, {Topic: topics[0], ID: 1}: {}}, nil
}

func (p *place) SendTo(_ context.Context, partition int32, r *kafka.Record, done func(*kafka.Record, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := event.ParseTick(r.Headers[0].Value)
	if !ok || len(r.Value) > 0 || r.Headers[0].Key != event.TickHeader {
		panic(fmt.Sprintf("%+v is no tick", r))
	}
	if partition == 1 {
		p.told = append(p.told, fmt.Sprintf("%s/%d %d s", r.Topic, partition, at/1e9))
	}
	done(r, nil)
}

// TestRun: every partition is told the time each time that so much of it has passed, by the log and not by the clock.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &place{}
		told := prometheus.NewCounter(prometheus.CounterOpts{})
		h := New("facets", 10*time.Second, told)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			h.Run(ctx, p)
		}()
		time.Sleep(period / 2)
		for second := range int64(25) {
			h.Reached(0, 1000e9+second*1e9, true)
			time.Sleep(period)
		}
		time.Sleep(time.Hour) // the log stands still
		p.mu.Lock()
		p.away = true
		p.mu.Unlock()
		h.Reached(0, 1040e9, true)
		time.Sleep(time.Minute)
		p.mu.Lock()
		p.away = false
		p.mu.Unlock()
		time.Sleep(2 * period)
		cancel()
		<-ended
		want := []string{"facets/1 1000 s", "facets/1 1010 s", "facets/1 1020 s", "facets/1 1040 s"}
		if diff := cmp.Diff(want, p.told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if got := testutil.ToFloat64(told); got != 8 {
			t.Errorf("%v were counted, want 4 times of 2 partitions", got)
		}
	})
	off := New("facets", 0, nil)
	off.Run(t.Context(), &place{}) // returns at once
}
