package sketch

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/axiomhq/hyperloglog"

	"gatewatch/internal/sketch/wire"
)

func TestCardinalityIsExactAtFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for precision := uint8(MinPrecision); precision <= MaxPrecision; precision++ {
		c := NewCardinality(Key{1}, precision)
		seen := map[string]bool{}
		for limit := 1 << precision / registersPerHash; len(seen) < limit; {
			v := fmt.Sprint("client ", rng.IntN(3*limit))
			if grew := c.AddString(v); grew == seen[v] {
				t.Fatalf("AddString of a value seen %v says it grew: %v", seen[v], grew)
			}
			seen[v] = true
			if c.Count() != len(seen) || c.Error() != 0 {
				t.Fatalf("Count() = %d ± %g, want %d", c.Count(), c.Error(), len(seen))
			}
		}
		if c.Size() > 1<<precision {
			t.Errorf("precision %d: %d bytes while exact", precision, c.Size())
		}
		c.AddString("one more")
		if c.Size() != 1<<precision || c.Error() == 0 {
			t.Errorf("precision %d: %d bytes beyond exact", precision, c.Size())
		}
	}
}

// drawn is a sketch of n random values, whose registers are drawn instead of being counted up to. Each of the m registers
// has about n/m values, and with U uniform, P(rank ≤ r) = exp(−n/m·2^(−r)), so the rank is ⌈log2((n/m)/−ln U)⌉.
func drawn(rng *rand.Rand, precision uint8, n float64) *Cardinality {
	c := NewCardinality(Key{}, precision)
	c.promote()
	for i := range c.registers {
		rank := math.Ceil(math.Log2(n / float64(len(c.registers)) / rng.ExpFloat64()))
		c.set(uint32(i), byte(min(max(rank, 0), float64(c.most()))))
	}
	return c
}

// TestCardinalityError measures the error over 30 trials, at every magnitude.
func TestCardinalityError(t *testing.T) {
	const trials = 30
	for _, precision := range []uint8{10, 12} {
		sigma := 1.04 / math.Sqrt(float64(uint(1)<<precision))
		for _, n := range []int{300, 1000, 3000, 10_000, 100_000, 1e8, 1e12, 1e16} {
			squares, sum := 0.0, 0.0
			for trial := range uint64(trials) {
				rng := rand.New(rand.NewPCG(trial, uint64(n)))
				c := NewCardinality(Key{}, precision)
				if n > 1e6 {
					c = drawn(rng, precision, float64(n))
				} else {
					for range n {
						c.Add(rng.Uint64())
					}
				}
				off := float64(c.Count())/float64(n) - 1
				sum += off
				squares += off * off
			}
			rmse, mean := math.Sqrt(squares/trials), sum/trials
			t.Logf("p = %d, %g values: RMSE %.2f %%, mean %+.2f %% (standard error %.2f %%)", precision, float64(n), 100*rmse, 100*mean, 100*sigma)
			// χ² with 30 degrees of freedom is above 59.7 (RMSE above 1.41σ) once in a thousand.
			if rmse > 1.41*sigma || math.Abs(mean) > 3.5*sigma/math.Sqrt(trials) {
				t.Errorf("p = %d, %d values: RMSE %.4f, mean %+.4f, standard error %.4f", precision, n, rmse, mean, sigma)
			}
		}
	}
}

// TestCardinalityIsHyperLogLog: the registers are those of axiomhq/hyperloglog, before and after a merge.
func TestCardinalityIsHyperLogLog(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{5000, 50_000} {
		a, b := NewCardinality(Key{}, 12), NewCardinality(Key{}, 12)
		theirs, err := hyperloglog.NewSketch(12, false)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			h := rng.Uint64()
			if rng.IntN(2) == 0 {
				a.Add(h)
			} else {
				b.Add(h)
			}
			theirs.InsertHash(h)
		}
		if err := a.Merge(b); err != nil {
			t.Fatal(err)
		}
		dense, err := theirs.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(dense[8:], a.registers) { // behind a header of 8 bytes
			t.Errorf("%d values: other registers than axiomhq/hyperloglog's", n)
		}
		if got, want := float64(a.Count()), float64(theirs.Estimate()); math.Abs(got/want-1) > 0.01 {
			t.Errorf("%d values: Count() = %g, theirs %g", n, got, want)
		}
	}
}

// TestCardinalityMerge: a merge has the state of one that has seen everything, whatever the parts held exactly.
func TestCardinalityMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, sizes := range [][2]int{{0, 0}, {1, 0}, {0, 9}, {30, 30}, {40, 40}, {64, 0}, {64, 1}, {10, 5000}, {5000, 10}, {4000, 9000}} {
		key := Key{7}
		a, b, both := NewCardinality(key, 10), NewCardinality(key, 10), NewCardinality(key, 10)
		for i, c := range []*Cardinality{a, b} {
			for range sizes[i] {
				h := rng.Uint64N(12_000) * 0x9e3779b97f4a7c15
				c.Add(h)
				both.Add(h)
			}
		}
		swapped := NewCardinality(key, 10)
		for _, err := range []error{swapped.Merge(b), swapped.Merge(a), a.Merge(b), a.Merge(a)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		want, _ := both.AppendBinary(nil)
		if got, _ := a.AppendBinary(nil); !bytes.Equal(got, want) || a.Count() != both.Count() {
			t.Errorf("%v: merged %d, together %d", sizes, a.Count(), both.Count())
		}
		if got, _ := swapped.AppendBinary(nil); !bytes.Equal(got, want) {
			t.Errorf("%v: the order of merges matters", sizes)
		}
	}
	if err := NewCardinality(Key{1}, 10).Merge(NewCardinality(Key{2}, 10)); !errors.Is(err, wire.ErrUnlike) {
		t.Errorf("merging across keys: %v", err)
	}
	if err := NewCardinality(Key{1}, 10).Merge(NewCardinality(Key{1}, 11)); !errors.Is(err, wire.ErrUnlike) {
		t.Errorf("merging across precisions: %v", err)
	}
}

func TestCardinalityWire(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{0, 1, 64, 65, 5000} {
		key := Key([]byte("sixteen secrets!"))
		c, back := NewCardinality(key, 10), NewCardinality(key, 10)
		for range n {
			c.Add(rng.Uint64())
		}
		b, err := c.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatalf("%d values: %v", n, err)
		}
		again, _ := back.AppendBinary(nil)
		if !bytes.Equal(b, again) || back.Count() != c.Count() {
			t.Errorf("%d values came back as %d", c.Count(), back.Count())
		}
		for cut := range len(b) {
			if err := back.UnmarshalBinary(b[:cut]); !errors.Is(err, wire.ErrMalformed) {
				t.Fatalf("the first %d of %d bytes: %v", cut, len(b), err)
			}
		}
		if again, _ := back.AppendBinary(nil); !bytes.Equal(b, again) {
			t.Error("a fault changed what was there")
		}
		if err := NewCardinality(Key{4}, 10).UnmarshalBinary(b); !errors.Is(err, wire.ErrUnlike) {
			t.Errorf("under another key: %v", err)
		}
		if bytes.Contains(b, key[:]) {
			t.Error("the key is in the encoding")
		}
	}
}

func FuzzCardinalityUnmarshal(f *testing.F) {
	key := Key{3}
	c := NewCardinality(key, MinPrecision)
	for i := range uint64(40) {
		c.Add(i * 0x9e3779b97f4a7c15)
		b, _ := c.AppendBinary(nil)
		f.Add(b)
	}
	full, _ := c.AppendBinary(nil)
	for i := range 1 << MinPrecision {
		full[len(full)-1-i] = c.most()
	}
	f.Add(full)
	f.Fuzz(func(t *testing.T, b []byte) {
		c := NewCardinality(key, 9)
		if c.UnmarshalBinary(b) != nil {
			return
		}
		again, _ := c.AppendBinary(nil)
		if !bytes.Equal(again, b) {
			t.Fatalf("%x is written as %x", b, again)
		}
		if n := c.Count(); n < 0 || c.Size() > 1<<MaxPrecision {
			t.Fatalf("Count() = %d in %d bytes", n, c.Size())
		}
		c.Add(1)
	})
}

// BenchmarkCardinality is beside axiomhq/hyperloglog at the same precision, in the same run: an insertion, an estimate, and
// an estimate after each insertion.
func BenchmarkCardinality(b *testing.B) {
	const precision = 14
	rng := rand.New(rand.NewPCG(1, 1))
	hashes := make([]uint64, 1<<17)
	for i := range hashes {
		hashes[i] = rng.Uint64()
	}
	for _, n := range []int{20, 1000, 1 << 17} {
		ours := NewCardinality(Key{}, precision)
		theirs, err := hyperloglog.NewSketch(precision, true)
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range hashes[:n] {
			ours.Add(h)
			theirs.InsertHash(h)
		}
		b.Run(fmt.Sprintf("Add/%d/ours", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ours.Add(hashes[i&(n-1)%n])
			}
		})
		b.Run(fmt.Sprintf("Add/%d/axiomhq", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				theirs.InsertHash(hashes[i&(n-1)%n])
			}
		})
		b.Run(fmt.Sprintf("Count/%d/ours", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ours.stale = ours.registers != nil // as if a value had been added
				ours.Count()
			}
		})
		b.Run(fmt.Sprintf("Count/%d/axiomhq", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				theirs.Estimate()
			}
		})
	}
}
