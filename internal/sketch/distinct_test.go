package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDistinctIsExactAtFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var d Distinct
		seen := map[uint64]bool{}
		var values []uint64
		for len(seen) < exactMax {
			v := rng.Uint64()
			if len(values) > 0 && rng.IntN(2) == 0 {
				v = values[rng.IntN(len(values))]
			}
			if grew := d.Add(v); grew == seen[v] {
				t.Fatalf("Add of a value seen %v says it grew: %v", seen[v], grew)
			}
			if !d.Has(v) {
				t.Fatal("a value that was added is not there")
			}
			seen[v] = true
			values = append(values, v)
			if d.Count() != len(seen) {
				t.Fatalf("%d, want %d", d.Count(), len(seen))
			}
		}
		if d.Has(rng.Uint64()) {
			t.Fatal("a value that was not added is there")
		}
	}
}

// TestDistinctError checks the estimate: its mean error is small, and single ones stay within three standard errors but
// for one in a hundred.
func TestDistinctError(t *testing.T) {
	sigma := 1.04 / math.Sqrt(registers)
	for _, n := range []int{40, 100, 300, 1000, 20_000} {
		outside, sum := 0, 0.0
		const runs = 300
		for run := range runs {
			rng := rand.New(rand.NewPCG(uint64(run), uint64(n)))
			var d Distinct
			for range n {
				d.Add(rng.Uint64())
			}
			err := float64(d.Count())/float64(n) - 1
			sum += err
			if math.Abs(err) > 3*sigma {
				outside++
			}
		}
		if mean := sum / runs; math.Abs(mean) > 0.03 {
			t.Errorf("%d values: mean error %.3f", n, mean)
		}
		if outside > runs/100 {
			t.Errorf("%d values: %d of %d estimates beyond 3σ", n, outside, runs)
		}
	}
}

func TestDistinctNeverFallsBelowExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var d Distinct
	last := 0
	for range 2000 {
		v := rng.Uint64()
		d.Add(v)
		if d.Count() < last && d.Count() <= exactMax {
			t.Fatalf("%d after %d", d.Count(), last)
		}
		if !d.Has(v) {
			t.Fatal("a value that was added is not there")
		}
		last = d.Count()
	}
}

// TestDistinctMerge: a merge counts as if one had seen everything, whatever the parts held exactly.
func TestDistinctMerge(t *testing.T) {
	for _, sizes := range [][2]int{{0, 0}, {5, 0}, {0, 5}, {10, 10}, {30, 30}, {10, 500}, {500, 10}, {500, 900}} {
		rng := rand.New(rand.NewPCG(uint64(sizes[0]), uint64(sizes[1])))
		var a, b, both Distinct
		for range sizes[0] {
			v := rng.Uint64()
			a.Add(v)
			both.Add(v)
		}
		for range sizes[1] {
			v := rng.Uint64()
			b.Add(v)
			both.Add(v)
		}
		merged := a
		merged.Merge(&b)
		if merged.Count() != both.Count() {
			t.Errorf("%v: merged %d, together %d", sizes, merged.Count(), both.Count())
		}
		if merged.N == dense && merged != both {
			t.Errorf("%v: registers differ", sizes)
		}
	}
}

// slowly is what harmonic and raiseAll work out eight registers at a time.
func slowly(cells, others [registers]byte) (sum uint64, empty int, raised [registers]byte) {
	for i, r := range cells {
		sum += 1 << 32 >> (r & 31)
		if r == 0 {
			empty++
		}
		raised[i] = max(r, others[i])
	}
	return sum, empty, raised
}

func TestDistinctEightAtATime(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 2000 {
		var a, b [registers]byte
		most := 1 + rng.IntN(27)
		for i := range a {
			a[i], b[i] = byte(rng.IntN(most)), byte(rng.IntN(most))
		}
		wantSum, wantEmpty, want := slowly(a, b)
		sum, empty := harmonic(&a)
		if raiseAll(&a, &b); sum != wantSum || empty != wantEmpty || a != want {
			t.Fatalf("%d, %d, %v, want %d, %d, %v", sum, empty, a, wantSum, wantEmpty, want)
		}
	}
}

func BenchmarkDistinctEightAtATime(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	var d, o [registers]byte
	for i := range d {
		d[i], o[i] = byte(rng.IntN(9)), byte(rng.IntN(9))
	}
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			slowly(d, o)
		}
	})
	b.Run("eight", func(b *testing.B) {
		for b.Loop() {
			harmonic(&d)
			raiseAll(&d, &o)
		}
	})
}
