package detect

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestClock(t *testing.T) {
	const hour = int64(3600e9)
	for _, tt := range []struct {
		name  string
		times []int64
		want  int64 // the time believed in the end
	}{
		{"in order", []int64{10 * hour, 10*hour + 5, 10*hour + 9}, 10*hour + 9},
		{"a late one", []int64{10 * hour, 10*hour + 5, 2}, 10*hour + 5},
		{"one from the future", []int64{10 * hour, 10*hour + 1, 99 * hour, 10*hour + 2}, 10*hour + 2},
		{"two from the future, apart", []int64{10 * hour, 10*hour + 1, 99 * hour, 10*hour + 2, 99 * hour, 10*hour + 3}, 10*hour + 3},
		{"a gap in the log", []int64{10 * hour, 10*hour + 1, 99 * hour, 99*hour + 1}, 99*hour + 1},
		{"a gap, the second a little earlier", []int64{10 * hour, 10*hour + 1, 99 * hour, 99*hour - 60e9}, 99*hour - 60e9},
		{"the first from the future", []int64{99 * hour, 10 * hour, 10*hour + 1}, 10*hour + 1},
		{"the first from the past", []int64{5, 10 * hour, 10*hour + 1}, 10*hour + 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c clock
			for _, at := range tt.times {
				c.tick(at)
				if c.believe(at) > c.high {
					t.Errorf("%d is believed ahead of the clock", at)
				}
			}
			if c.high != tt.want {
				t.Errorf("%d, want %d", c.high, tt.want)
			}
		})
	}
}

func TestBrokenLinks(t *testing.T) {
	b := &broken{}
	for n := range uint32(vouchers) {
		if b.miss(7, n+1, 100, true) {
			t.Errorf("broken after %d others", n)
		}
		if b.miss(7, n+1, 100, true) {
			t.Error("a client vouches for itself")
		}
	}
	if !b.miss(7, 99, 100, false) {
		t.Error("not broken after three others")
	}
	if !b.miss(7, 99, 101, false) || b.miss(7, 99, 103, false) {
		t.Error("vouching lasts this hour and the next")
	}
	for n := range uint32(10) {
		if b.miss(8, n+1, 100, false) {
			t.Error("scanners excuse each other")
		}
	}
}

func TestEcho(t *testing.T) {
	c := &echoes{}
	for range 2 {
		if c.hear(5, 1, 0) {
			t.Error("one path is an echo of itself")
		}
	}
	if !c.hear(5, 2, 0) || !c.hear(5, 1, 0) {
		t.Error("two paths of one size are no echo")
	}
	if c.hear(6, 2, 0) {
		t.Error("another size is an echo")
	}
	for k := range uint64(echoWays) {
		c.hear(5+(k+1)*echoSets, 1, 9)
	}
	if c.hear(5, 3, 9) {
		t.Error("the oldest of a set did not give way")
	}
}

// TestPeers compares the quantile with that of the sorted counts.
func TestPeers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for minute := uint32(1); minute < 30; minute++ {
		var p peerCounts
		var all []uint32
		for range 500 {
			n := uint32(rng.ExpFloat64()*float64(minute*minute)) + 1
			all = append(all, n)
			p.close(minute, n)
		}
		p.close(minute+1, 1)
		slices.Sort(all)
		want := float64(all[len(all)*95/100-1])
		if p.Known.Active != 500 || p.Known.Q95 < want || p.Known.Q95 > want*1.13+1 {
			t.Errorf("minute %d: %+v, want 500 and %g", minute, p.Known, want)
		}
		if p.close(minute-1, 1000); p.Active != 1 {
			t.Error("a minute that is over counts")
		}
	}
	for n := range uint32(100_000) {
		if top := bucketTop(bucket(n)); uint64(n) > top || bucket(uint32(top)) != bucket(n) {
			t.Fatalf("%d is in a bucket up to %d", n, top)
		}
	}
}
