package tick

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

func TestClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		seen []time.Duration // of events, from when they come
		want time.Duration   // ten minutes later, from then
		ok   bool
	}{
		{"nothing has come", nil, 0, false},
		{"an event that is two seconds old", []time.Duration{-2 * time.Second}, -2 * time.Second, true},
		{"the newest counts", []time.Duration{-2 * time.Second, -time.Second, -30 * time.Second}, -time.Second, true},
		{"an old log tells nothing", []time.Duration{-61 * time.Second, -24 * time.Hour}, 0, false},
		{"nor does a clock that is ahead", []time.Duration{23 * time.Hour, 61 * time.Second}, 0, false},
		{"a little ahead is now", []time.Duration{40 * time.Second}, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var c Clock
			s := NewSight(&c)
			s.See(now.UnixNano()) // before it knows what time it is
			s.Tick(now)
			for _, off := range tt.seen {
				s.See(now.Add(off).UnixNano())
			}
			later := now.Add(10 * time.Minute)
			s.Tick(now.Add(time.Second))
			s.Tick(later)
			at, ok := c.At(later)
			if want := later.Add(tt.want).UnixNano(); ok != tt.ok || ok && at != want {
				t.Errorf("%v, %v, want %v, %v", time.Unix(0, at).UTC(), ok, time.Unix(0, want).UTC(), tt.ok)
			}
		})
	}
}

// TestNote: who begins while nothing is logged knows from the one before how late it is, unless that is too long ago, or an
// event tells.
func TestNote(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	noted := func(at time.Time, behind time.Duration) string {
		var c Clock
		c.see(at.Add(-behind).UnixNano(), at)
		return c.Note(at)
	}
	for _, tt := range []struct {
		name  string
		notes []string
		seen  time.Duration // of an event, how far it is behind; 0 for none
		want  time.Duration // behind, -1 when it is not known
	}{
		{"nothing is noted", []string{new(Clock).Note(now), "consumer-4f", "", " "}, 0, -1},
		{"it is as far behind as it was", []string{noted(now.Add(-time.Minute), 3*time.Second)}, 0, 3 * time.Second},
		{"the latest counts", []string{noted(now.Add(-time.Minute), 3*time.Second), noted(now.Add(-time.Second), 4*time.Second), noted(now.Add(-time.Hour), 5*time.Second)}, 0, 4 * time.Second},
		{"it is too long ago", []string{noted(now.Add(-memory-time.Second), time.Second)}, 0, -1},
		{"a clock was set back", []string{noted(now.Add(time.Minute), time.Second)}, 0, -1},
		{"a time ahead of the machine's", []string{"2026-11-23T02:59:00Z 2026-11-23T02:59:01Z"}, 0, -1},
		{"an event tells", []string{noted(now.Add(-time.Minute), 3*time.Second)}, 7 * time.Second, 7 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var c Clock
			if tt.seen > 0 {
				c.see(now.Add(-tt.seen).UnixNano(), now)
			}
			for _, n := range tt.notes {
				c.Recall(n, now)
			}
			later := now.Add(time.Minute)
			at, ok := c.At(later)
			if want := later.Add(-tt.want).UnixNano(); ok != (tt.want >= 0) || ok && at != want {
				t.Errorf("%v, %v, want %v behind", later.Sub(time.Unix(0, at)), ok, tt.want)
			}
		})
	}
}

// place is a Kafka that a test says everything of.
type place struct {
	spans map[kafka.Partition]kafka.Span
	err   error
	told  []string // seconds since the beginning and partition, in order of partitions
	began time.Time
	after time.Duration // that an answer takes
}

func (p *place) Spans(ctx context.Context, topics ...string) (map[kafka.Partition]kafka.Span, error) {
	all := map[kafka.Partition]kafka.Span{}
	for part, span := range p.spans {
		if slices.Contains(topics, part.Topic) {
			all[part] = span
		}
	}
	err := p.err
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(p.after):
		return all, err
	}
}

func (p *place) SendTo(_ context.Context, partition int32, r *kafka.Record, done func(*kafka.Record, error)) {
	at, ok := event.ParseTick(r.Headers[0].Value)
	if !ok || r.Value != nil || r.Key != nil || r.Headers[0].Key != event.TickHeader {
		panic(fmt.Sprintf("%+v is no tick", r))
	}
	span := p.spans[kafka.Partition{Topic: r.Topic, ID: partition}]
	span.Next++
	p.spans[kafka.Partition{Topic: r.Topic, ID: partition}] = span
	p.told = append(p.told, fmt.Sprintf("%d to %d at %d", time.Unix(0, at).Sub(p.began)/time.Second, partition, time.Since(p.began)/time.Second))
	slices.Sort(p.told)
	done(r, nil)
}

var (
	events0, events1 = kafka.Partition{Topic: "events"}, kafka.Partition{Topic: "events", ID: 1}
	raw0, raw1       = kafka.Partition{Topic: "raw"}, kafka.Partition{Topic: "raw", ID: 1}
)

// watch looks once a second, for so long; change is called before each look.
func watch(t *testing.T, p *place, seconds int, change func(second int, all []Reading) []Reading, options ...func(*Config)) *Watch {
	t.Helper()
	clock := &Clock{}
	p.began = time.Now()
	clock.see(p.began.UnixNano(), p.began)
	cfg := Config{
		Topic: "events", Interval: 10 * time.Second, Clock: clock, Broker: p, Told: prometheus.NewCounter(prometheus.CounterOpts{}),
	}
	for _, o := range options {
		o(&cfg)
	}
	w := New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	for second := range seconds {
		long := p.began.Add(-settle)
		all := []Reading{{raw0, p.spans[raw0].Next, long}, {raw1, p.spans[raw1].Next, long}}
		if change != nil {
			all = change(second, all)
		}
		w.Look(ctx, t.Context(), time.Now(), all)
		time.Sleep(time.Second)
	}
	cancel()
	w.Close()
	if got, want := testutil.ToFloat64(cfg.Told), len(p.told); int(got) != want {
		t.Errorf("%v ticks were counted, want %d", got, want)
	}
	return w
}

func quiet() *place {
	return &place{spans: map[kafka.Partition]kafka.Span{
		events0: {Next: 7}, events1: {First: 3, Next: 9}, raw0: {Next: 500}, raw1: {First: 2, Next: 2},
	}}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	// A watch asks at 0, 10 and 20 seconds, and hears of it a second later.
	both := []string{"10 to 0 at 11", "10 to 1 at 11", "20 to 0 at 21", "20 to 1 at 21"}
	for _, tt := range []struct {
		name    string
		place   func(p *place)
		change  func(p *place, second int, all []Reading) []Reading
		options func(*Config)
		want    []string
	}{
		{name: "nothing is written", want: both},
		{name: "an answer takes a while", place: func(p *place) { p.after = 3500 * time.Millisecond }, want: []string{
			"10 to 0 at 14", "10 to 1 at 14", "20 to 0 at 24", "20 to 1 at 24",
		}},
		{name: "one partition is written to", change: func(p *place, second int, all []Reading) []Reading {
			if second%9 == 0 {
				p.spans[events0] = kafka.Span{First: 0, Next: p.spans[events0].Next + 1}
			}
			return all
		}, want: []string{"10 to 1 at 11", "20 to 1 at 21"}},
		{name: "somebody else tells the time", change: func(p *place, second int, all []Reading) []Reading {
			if second%10 == 5 {
				for _, at := range []kafka.Partition{events0, events1} {
					p.spans[at] = kafka.Span{First: 0, Next: p.spans[at].Next + 1}
				}
			}
			return all
		}},
		{name: "a partition is behind", change: func(_ *place, _ int, all []Reading) []Reading {
			all[0].Next, all[0].Dry = 4, time.Time{}
			return all
		}},
		{name: "a partition catches up", change: func(_ *place, second int, all []Reading) []Reading {
			if second < 14 {
				all[0].Next, all[0].Dry = 4, time.Time{}
			}
			return all
			// What there was when it asked at 10 has been read at 14; it was the first look at the ends.
		}, want: []string{"20 to 0 at 21", "20 to 1 at 21"}},
		{name: "a partition is far behind and has nothing at hand", change: func(p *place, _ int, all []Reading) []Reading {
			all[0].Next = p.spans[raw0].Next - slack - 1
			return all
		}},
		{name: "what is left are markers of transactions", change: func(p *place, _ int, all []Reading) []Reading {
			all[0].Next = p.spans[raw0].Next - slack
			return all
		}, want: both},
		{name: "the group has read everything before", change: func(_ *place, _ int, all []Reading) []Reading {
			all[0].Next = -1
			return all
		}, want: both},
		{name: "a partition was assigned just now", change: func(_ *place, second int, all []Reading) []Reading {
			all[0].Next = -1
			all[0].Dry = time.Now()
			if second >= 16 {
				all[0].Dry = time.Now().Add(-settle)
			}
			return all
		}},
		{name: "a partition has no leader", place: func(p *place) { delete(p.spans, raw0) }, change: func(_ *place, _ int, all []Reading) []Reading {
			all[0].Next = 500
			return all
		}},
		{name: "kafka does not answer", place: func(p *place) { p.err = errors.New("not now") }},
		{name: "nobody has partitions", change: func(*place, int, []Reading) []Reading { return nil }},
		{
			name: "there are only files", change: func(*place, int, []Reading) []Reading { return nil },
			options: func(c *Config) { c.Busy = func() bool { return false } }, want: both,
		},
		{name: "files are behind", options: func(c *Config) { c.Busy = func() bool { return true } }},
		{name: "no event of now has come", options: func(c *Config) { c.Clock = &Clock{} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := quiet()
				if tt.place != nil {
					tt.place(p)
				}
				var options []func(*Config)
				if tt.options != nil {
					options = append(options, tt.options)
				}
				watch(t, p, 30, func(second int, all []Reading) []Reading {
					if tt.change == nil {
						return all
					}
					return tt.change(p, second, all)
				}, options...)
				if diff := cmp.Diff(tt.want, p.told); diff != "" {
					t.Errorf("ticks (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestPlaceInTime: a tick tells the time of when it was asked how much there is, although what there was took until later.
func TestPlaceInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := quiet()
		watch(t, p, 20, func(second int, all []Reading) []Reading {
			if second >= 10 && second < 17 {
				all[0].Next, all[0].Dry = 4, time.Time{}
			}
			return all
		})
		if diff := cmp.Diff([]string{"10 to 0 at 17", "10 to 1 at 17"}, p.told); diff != "" {
			t.Errorf("ticks (-want +got):\n%s", diff)
		}
	})
}
