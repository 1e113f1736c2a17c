package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFewIsExactAtFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var f Few
		seen := map[uint64]bool{}
		for len(seen) < fewExact {
			v := rng.Uint64N(12) << 40
			if grew := f.Add(v); grew == seen[v] {
				t.Fatalf("Add of a value seen %v says it grew: %v", seen[v], grew)
			}
			seen[v] = true
			if f.Count() != len(seen) || !f.Has(v) || f.Has(13<<40) {
				t.Fatalf("Count() = %d, want %d", f.Count(), len(seen))
			}
		}
	}
}

func TestFewError(t *testing.T) {
	const trials = 200
	sigma := 1.04 / math.Sqrt(fewRegisters)
	for _, n := range []int{9, 15, 40, 100, 160, 300, 3000, 100_000} {
		squares, sum := 0.0, 0.0
		for trial := range uint64(trials) {
			if n == 100_000 && trial >= 30 {
				break
			}
			rng := rand.New(rand.NewPCG(trial, uint64(n)))
			var f Few
			for range n {
				f.Add(rng.Uint64())
			}
			off := float64(f.Count())/float64(n) - 1
			sum += off
			squares += off * off
		}
		count := float64(trials)
		if n == 100_000 {
			count = 30
		}
		rmse, mean := math.Sqrt(squares/count), sum/count
		t.Logf("%6d values: RMSE %.1f %%, mean %+.1f %% (standard error %.1f %%)", n, 100*rmse, 100*mean, 100*sigma)
		if rmse > 1.41*sigma || math.Abs(mean) > 3.5*sigma/math.Sqrt(count)+0.5/float64(n) {
			t.Errorf("%d values: RMSE %.3f, mean %+.3f, standard error %.3f", n, rmse, mean, sigma)
		}
	}
}

func TestFewIsFull(t *testing.T) {
	var f Few
	for i := range uint64(fewRegisters) {
		f.Add(i<<58 | 1<<33) // the highest rank in each register
	}
	if got := f.Count(); got < 1e6 || got > fewRegisters<<fewMost {
		t.Errorf("Count() = %d with all registers full", got)
	}
}

// TestFewMerge: a merge counts as if one had seen everything, whatever the parts held exactly.
func TestFewMerge(t *testing.T) {
	for _, sizes := range [][2]int{{0, 0}, {5, 0}, {0, 5}, {3, 4}, {4, 4}, {5, 5}, {8, 8}, {3, 500}, {500, 3}, {500, 900}} {
		rng := rand.New(rand.NewPCG(uint64(sizes[0]), uint64(sizes[1])))
		var parts [2]Few
		var both Few
		for i := range parts {
			for range sizes[i] {
				v := rng.Uint64()
				parts[i].Add(v)
				both.Add(v)
			}
		}
		merged, again := parts[0], both
		merged.Merge(&parts[1])
		again.Merge(&parts[1])
		if merged != both || again != both {
			t.Errorf("%v: merged %d, together %d", sizes, merged.Count(), both.Count())
		}
	}
}

func BenchmarkFewAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	hashes := make([]uint64, 1<<10)
	for i := range hashes {
		hashes[i] = rng.Uint64()
	}
	for _, size := range []struct {
		name string
		n    int
	}{{"4", 4}, {"1000", 1000}} {
		b.Run(size.name, func(b *testing.B) {
			var f Few
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Add(hashes[i%size.n])
			}
		})
	}
}

func BenchmarkFewCount(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	var f Few
	for range 100 {
		f.Add(rng.Uint64())
	}
	for b.Loop() {
		f.Count()
	}
}
