package order

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTurns: whatever is pushed, fixed and popped, the earliest is first, and until is when the next one's turn is.
func TestTurns(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var turns Turns[int]
	var want []int64
	for range 2000 {
		switch n := turns.Len(); {
		case n > 0 && random.IntN(3) == 0:
			turns.Pop()
			want = want[1:]
		case n > 0 && random.IntN(2) == 0:
			want[0] += random.Int64N(50)
			turns.Fix(want[0])
		default:
			due := random.Int64N(1000)
			turns.Push(n, due)
			want = append(want, due)
		}
		slices.Sort(want)
		if turns.Len() != len(want) {
			t.Fatalf("%d sources, want %d", turns.Len(), len(want))
		}
		if len(want) == 0 {
			continue
		}
		_, since, until := turns.First()
		if since != want[0] || len(want) > 1 && until != want[1] {
			t.Fatalf("turn from %d until %d, want %v", since, until, want[:min(2, len(want))])
		}
	}
	if turns.Reset(); turns.Len() != 0 {
		t.Errorf("%d sources after a reset", turns.Len())
	}
}

func TestQueueDue(t *testing.T) {
	t.Parallel()
	const now = 1000
	for _, tt := range []struct {
		name  string
		times []int64
		want  []int64 // before each is taken
	}{
		{"in order", []int64{1, 2, 3}, []int64{1, 2, 3}},
		{"a late one takes those before it along", []int64{5, 6, 2, 7}, []int64{2, 2, 2, 7}},
		{"one with a clock ahead does not hold up", []int64{1, 900, 2, 3}, []int64{1, 2, 2, 3}},
		{"what has no time goes with the others", []int64{4, Timeless, 5, Timeless}, []int64{4, 5, 5, 5}},
		{"nothing has a time", []int64{Timeless}, []int64{0}},
		{"the future is now", []int64{5000, 6000}, []int64{now, now}},
		{
			"a late one too far behind is not seen",
			[]int64{20, 21, 22, 23, 24, 25, 26, 27, 1},
			[]int64{20, 1, 1, 1, 1, 1, 1, 1, 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var q Queue[int64]
			for _, at := range tt.times {
				q.Put(at, at, 1)
			}
			var got, order []int64
			for q.Len() > 0 {
				got = append(got, q.Due(now))
				order = append(order, q.Take())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("turns (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.times, order); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

// TestQueueIsBounded: a queue wants no more than a few items, or bytes, and gives back its memory as it moves on.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	var q Queue[int]
	for i := range 10_000 {
		for q.Short() {
			q.Put(i, int64(i), 100)
		}
		q.Take()
	}
	if q.Len() != ahead-1 || len(q.items) > 4*ahead {
		t.Errorf("%d wait in room for %d, want %d", q.Len(), len(q.items), ahead-1)
	}
	q = Queue[int]{}
	q.Put(1, 1, aheadBytes)
	if q.Short() {
		t.Error("wants more beside a large item")
	}
	if q.Take(); q.bytes != 0 || !q.Short() {
		t.Errorf("%d bytes in an empty queue", q.bytes)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		clock, step time.Duration // between events, here and where they happened
		jitter      time.Duration
		want        bool
	}{
		{"as it happens", 10 * time.Millisecond, 10 * time.Millisecond, 0, false},
		{"as it happens, out of order", 10 * time.Millisecond, 10 * time.Millisecond, 4 * time.Second, false},
		{"as it happens, seldom", 10 * time.Second, 10 * time.Second, 0, false},
		{"three times as fast", 10 * time.Millisecond, 30 * time.Millisecond, 0, false},
		{"ten times as fast", 10 * time.Millisecond, 100 * time.Millisecond, 0, true},
		{"all at once", time.Microsecond, 10 * time.Millisecond, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p Pace
			random := rand.New(rand.NewPCG(3, 4))
			now := time.Unix(1_800_000_000, 0)
			at := now.Add(-24 * time.Hour).UnixNano() // a clock that is wrong by a day
			if !p.Hurries(now) {
				t.Error("it is not in a hurry before anything is known")
			}
			for range 1000 {
				late := int64(0)
				if tt.jitter > 0 {
					late = random.Int64N(int64(tt.jitter))
				}
				p.See(at-late, now)
				now, at = now.Add(tt.clock), at+int64(tt.step)
			}
			if got := p.Hurries(now); got != tt.want {
				t.Errorf("in a hurry: %v, want %v", got, tt.want)
			}
			if later := now.Add(time.Minute); p.Hurries(later) && tt.clock >= time.Millisecond {
				t.Error("it is still in a hurry a minute after the last event")
			}
		})
	}
}
