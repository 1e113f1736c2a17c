package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

const day, hour = 24 * 3600e9, 3600e9

// TestNoveltyError measures how far the number of new values is off, over 30 trials, while as many known ones pass by.
func TestNoveltyError(t *testing.T) {
	t.Run("small", func(t *testing.T) { testNoveltyError[SmallFilter](t, 1024, []int{10, 100, 300}) })
	t.Run("large", func(t *testing.T) { testNoveltyError[LargeFilter](t, 16384, []int{10, 1000, 7000}) })
}

func testNoveltyError[F Filter](t *testing.T, m float64, sizes []int) {
	const trials = 30
	for _, n := range sizes {
		sum, squares := 0.0, 0.0
		for trial := range uint64(trials) {
			rng := rand.New(rand.NewPCG(trial, uint64(n)))
			var f Novelty[F]
			known := make([]uint64, n/10)
			for i := range known {
				known[i] = rng.Uint64()
				f.Add(0, day, hour, known[i])
			}
			news := uint32(0)
			for range n {
				news += f.Add(2*hour, day, hour, rng.Uint64())
				f.Add(2*hour, day, hour, known[rng.IntN(len(known))])
			}
			if got := f.Count(2*hour, hour); got != news {
				t.Fatalf("Count() = %d, Add gave %d", got, news)
			}
			off := float64(news)/float64(n) - 1
			sum += off
			squares += off * off
		}
		// The share of bits that are set grows to that of 1.1·n values; its mean is about half of it.
		fill := (1 - math.Exp(-1.1*float64(n)/m)) / 2
		sigma := math.Sqrt(fill/(1-fill)/float64(n)) + 0.5/float64(n)
		rmse, mean := math.Sqrt(squares/trials), sum/trials
		t.Logf("%g bits, %5d new values: RMSE %.2f %%, mean %+.2f %% (standard error %.2f %%)", m, n, 100*rmse, 100*mean, 100*sigma)
		if rmse > 1.41*sigma || math.Abs(mean) > 3.5*sigma/math.Sqrt(trials)+0.5/float64(n) {
			t.Errorf("%d new values: RMSE %.4f, mean %+.4f, standard error %.4f", n, rmse, mean, sigma)
		}
	}
}

func TestNoveltyRemembers(t *testing.T) {
	var n Novelty[SmallFilter]
	steps := []struct {
		name string
		at   int64
		hash uint64
		want uint32
	}{
		{"first", 0, 1 << 60, 1},
		{"again", hour, 1 << 60, 0},
		{"in the next generation", day + hour, 1 << 60, 0},
		{"two generations on, refreshed by the last", 2*day + hour, 1 << 60, 0},
		{"another", 2*day + hour, 2 << 60, 1},
		{"a late one that is known", day + hour, 2 << 60, 0},
		{"a late one", day + hour, 3 << 60, 1},
		{"a late one again, in time", 2*day + 2*hour, 3 << 60, 0},
		{"too late", hour, 4 << 60, 0},
		{"after a gap", 9 * day, 1 << 60, 1},
	}
	for _, s := range steps {
		if got := n.Add(s.at, day, hour, s.hash); got != s.want {
			t.Errorf("%s: %d new values, want %d", s.name, got, s.want)
		}
		if s.want > 0 && !n.Has(s.hash) {
			t.Errorf("%s: not there after Add", s.name)
		}
	}
	if got := n.Count(9*day, hour); got != 1 {
		t.Errorf("%d new values in the last hour, want 1", got)
	}
	if got := n.Count(10*day, hour); got != 0 {
		t.Errorf("%d new values a day later, want 0", got)
	}
}

// TestNoveltyMerge: what either side knows is known, and the bits that are set are counted right.
func TestNoveltyMerge(t *testing.T) {
	for trial := range uint64(100) {
		rng := rand.New(rand.NewPCG(trial, 9))
		var a, b Novelty[SmallFilter]
		fill := 1 + rng.IntN(400)
		var late []uint64
		for _, n := range []*Novelty[SmallFilter]{&a, &b} {
			for range rng.IntN(fill) {
				h, at := rng.Uint64(), rng.Int64N(3*day)
				n.Add(at, day, hour, h)
				if at > 2*day {
					late = append(late, h)
				}
			}
		}
		a.Add(3*day-1, day, hour, 1)
		b.Add(3*day-1, day, hour, 1)
		news := a.Count(3*day-1, hour) + b.Count(3*day-1, hour)
		short := a.OnesNew+b.OnesNew >= 512 || a.Ones+b.Ones >= 768
		a.Merge(&b)
		for _, h := range late {
			if !short && !a.Has(h) {
				t.Fatal("what one side knew is not known")
			}
		}
		if a.News.Total() != news {
			t.Errorf("%d new values, want %d", a.News.Total(), news)
		}
		checkNovelty(t, &a)
	}
}

// checkNovelty checks what always holds.
func checkNovelty(t *testing.T, n *Novelty[SmallFilter]) {
	t.Helper()
	var either, newer Bitmap
	for i := range n.New {
		either.Bits[i], newer.Bits[i] = n.New[i]|n.Old[i], n.New[i]
	}
	either.Merge(&Bitmap{})
	newer.Merge(&Bitmap{})
	if n.Ones != either.Ones || n.OnesNew != newer.Ones || n.Ones >= 768 || n.OnesNew >= 512 {
		t.Fatalf("%d and %d bits are set, Ones is %d, OnesNew %d", either.Ones, newer.Ones, n.Ones, n.OnesNew)
	}
}

// TestNoveltyFlood: whoever floods the memory with new values is counted, and hides nobody's new values behind them.
func TestNoveltyFlood(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var n Novelty[SmallFilter]
	const flood = 100_000
	for i := range flood {
		n.Add(int64(i), day, hour, rng.Uint64())
		checkNovelty(t, &n)
	}
	if got := float64(n.Count(flood, hour)); math.Abs(got/flood-1) > 0.02 {
		t.Errorf("%g of %d values are new", got, flood)
	}
	late := uint32(0)
	for range 100 {
		late += n.Add(flood, day, hour, rng.Uint64())
	}
	if late < 70 || late > 130 { // σ is at most √(100·f/(1−f)) = 17 with f = 3/4, about 8 on average
		t.Errorf("after a flood, 100 new values count for %d", late)
	}
}

func BenchmarkNoveltyAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	hashes := make([]uint64, 1<<10)
	for i := range hashes {
		hashes[i] = rng.Uint64()
	}
	b.Run("known", func(b *testing.B) {
		var n Novelty[LargeFilter]
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			n.Add(int64(i), 1<<40, 1<<35, hashes[i%len(hashes)])
		}
	})
	b.Run("new", func(b *testing.B) {
		var n Novelty[LargeFilter]
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			n.Add(int64(i), 1<<40, 1<<35, uint64(i)*0x9e3779b97f4a7c15)
		}
	})
}
