package sketch

import (
	"bytes"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"gatewatch/internal/sketch/wire"
)

// exactQuantile is what Quantile approximates.
func exactQuantile(sorted []uint64, p float64) float64 {
	return float64(sorted[int(p*float64(len(sorted)-1))])
}

// distributions are shapes of values, one generator each.
func distributions() map[string]func(*rand.Rand) uint64 {
	return map[string]func(*rand.Rand) uint64{
		"one value":       func(*rand.Rand) uint64 { return 1234 },
		"small":           func(r *rand.Rand) uint64 { return r.Uint64N(20) },
		"latency in µs":   func(r *rand.Rand) uint64 { return uint64(math.Exp(r.NormFloat64()*0.8 + 10)) },
		"Pareto bytes":    func(r *rand.Rand) uint64 { return uint64(200 * math.Pow(1-r.Float64(), -1/1.2)) },
		"bimodal":         func(r *rand.Rand) uint64 { return 300 + r.Uint64N(9) + 4e6*(r.Uint64N(10)/9) },
		"every magnitude": func(r *rand.Rand) uint64 { return r.Uint64() >> r.UintN(64) },
		"the extremes":    func(r *rand.Rand) uint64 { return []uint64{0, 1, math.MaxUint64}[r.IntN(3)] },
	}
}

func testQuantilesError[R Resolution](t *testing.T, worst float64) {
	for name, draw := range distributions() {
		rng := rand.New(rand.NewPCG(5, uint64(len(name))))
		var q Quantiles[R]
		values := make([]uint64, 20_000)
		for i := range values {
			values[i] = draw(rng)
			q.Add(values[i])
		}
		slices.Sort(values)
		if q.Error() > worst {
			t.Errorf("%s: Error() = %g, more than %g", name, q.Error(), worst)
		}
		largest := 0.0
		for i := range 1001 {
			p := float64(i) / 1000
			got, want := q.Quantile(p), exactQuantile(values, p)
			if want == 0 {
				if got != 0 {
					t.Errorf("%s: Quantile(%g) = %g, want 0", name, p, got)
				}
				continue
			}
			largest = max(largest, math.Abs(got/want-1))
		}
		if largest > q.Error()+1e-12 {
			t.Errorf("%s: a quantile is off by %g, more than %g", name, largest, q.Error())
		}
		t.Logf("%-16s %d buckets: stated %.3f %%, greatest of 1001 quantiles %.3f %%", name, len(q.Buckets), 100*q.Error(), 100*largest)
	}
}

func TestQuantilesError(t *testing.T) {
	t.Run("coarse", func(t *testing.T) { testQuantilesError[Coarse](t, 1.0/9) })
	t.Run("fine", func(t *testing.T) { testQuantilesError[Fine](t, 1.0/129) })
}

// TestQuantilesResolution: what the error is for values up to a factor apart, wherever they begin.
func TestQuantilesResolution(t *testing.T) {
	for _, tt := range []struct {
		span         int // log2 of the greatest value over the least
		coarse, fine float64
	}{
		{1, 1. / 257, 1. / 4097}, {7, 1. / 65, 1. / 1025}, {15, 1. / 33, 1. / 513}, {31, 1. / 17, 1. / 257}, {63, 1. / 9, 1. / 129},
	} {
		for _, least := range []uint64{1, 3, 1000, 1<<20 + 77, 1<<31 - 1} {
			greatest := uint64(math.MaxUint64)
			if bits.Len64(least)+tt.span <= 64 {
				greatest = least << tt.span
			}
			var c Quantiles[Coarse]
			var f Quantiles[Fine]
			for _, v := range []uint64{greatest, least} {
				c.Add(v)
				f.Add(v)
			}
			if c.Error() > tt.coarse || f.Error() > tt.fine {
				t.Errorf("%d to %d: errors %g and %g, want at most %g and %g", least, greatest, c.Error(), f.Error(), tt.coarse, tt.fine)
			}
		}
	}
}

// TestQuantilesOrderAndMerge: whatever the order, and however the values are spread over sketches that are merged, the
// counts are the same.
func TestQuantilesOrderAndMerge(t *testing.T) {
	for name, draw := range distributions() {
		for trial := range uint64(10) {
			rng := rand.New(rand.NewPCG(6, trial))
			parts := make([]Quantiles[Coarse], 4)
			var all, backwards, merged Quantiles[Coarse]
			values := make([]uint64, rng.IntN(400))
			for i := range values {
				values[i] = draw(rng)
				all.Add(values[i])
				parts[rng.IntN(len(parts))].Add(values[i])
			}
			for _, v := range slices.Backward(values) {
				backwards.Add(v)
			}
			for i := range parts {
				merged.Merge(&parts[i])
			}
			want, _ := all.AppendBinary(nil)
			if got, _ := backwards.AppendBinary(nil); !bytes.Equal(got, want) {
				t.Errorf("%s: the order of %d values matters", name, len(values))
			}
			if got, _ := merged.AppendBinary(nil); !bytes.Equal(got, want) {
				t.Errorf("%s: a merge of %d values is not their union", name, len(values))
			}
			if merged.Total != uint32(len(values)) {
				t.Errorf("%s: %d values after a merge, want %d", name, merged.Total, len(values))
			}
		}
	}
}

func TestQuantilesHalve(t *testing.T) {
	var q Quantiles[Coarse]
	for v := range uint64(1000) {
		q.Add(v)
	}
	before := q
	q.Halve()
	if q.Total != 500 {
		t.Errorf("%d of 1000 values are left, want 500", q.Total)
	}
	for _, p := range []float64{0.1, 0.5, 0.9, 0.99} {
		if a, b := before.Quantile(p), q.Quantile(p); math.Abs(a/b-1) > 2*q.Error()+0.01 {
			t.Errorf("Quantile(%g) goes from %g to %g", p, a, b)
		}
	}
	for range 12 {
		q.Halve()
	}
	q.Add(1 << 40)
	if got := q.Quantile(1); q.Total != 1 || math.Abs(got/(1<<40)-1) > q.Error() {
		t.Errorf("after all was forgotten, %d values with maximum %g", q.Total, got)
	}
}

func TestQuantilesDoNotOverflow(t *testing.T) {
	var a, b Quantiles[Coarse]
	for range 5 {
		a.AddN(1000, math.MaxUint32)
		a.AddN(9, math.MaxUint32)
		b.AddN(1_000_000, math.MaxUint32)
	}
	a.Merge(&b)
	sum := a.Zeros
	for _, n := range a.Buckets {
		sum += n
	}
	if sum != a.Total || a.Total < 1<<30 {
		t.Errorf("counts sum to %d, Total is %d", sum, a.Total)
	}
	if got := a.Quantile(1); math.Abs(got/1e6-1) > a.Error() {
		t.Errorf("greatest value %g, want about 1e6", got)
	}
}

func TestQuantilesEdges(t *testing.T) {
	var q Quantiles[Coarse]
	if got := q.Quantile(0.5); got != 0 || q.Above(3) != 0 {
		t.Errorf("quantile of nothing is %g", got)
	}
	q.Add(0)
	q.Add(7)
	q.Add(math.MaxUint64)
	q.AddN(5, 0)
	for _, tt := range []struct{ p, want float64 }{
		{math.NaN(), 0}, {-1, 0}, {math.Inf(-1), 0}, {0.5, 7}, {1, math.MaxUint64}, {2, math.MaxUint64}, {math.Inf(1), math.MaxUint64},
	} {
		if got := q.Quantile(tt.p); math.Abs(got-tt.want) > q.Error()*tt.want {
			t.Errorf("Quantile(%g) = %g, want %g", tt.p, got, tt.want)
		}
	}
	for _, tt := range []struct {
		v    uint64
		want float64
	}{{0, 2. / 3}, {1, 2. / 3}, {7, 1. / 3}, {1 << 40, 1. / 3}, {math.MaxUint64, 0}} {
		if got := q.Above(tt.v); got != tt.want {
			t.Errorf("Above(%d) = %g, want %g", tt.v, got, tt.want)
		}
	}
}

func TestQuantilesWire(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	var q, back Quantiles[Fine]
	empty, _ := q.AppendBinary(nil)
	if err := back.UnmarshalBinary(empty); err != nil || back != q {
		t.Errorf("an empty one came back as %d values: %v", back.Total, err)
	}
	for range 3000 {
		q.Add(uint64(math.Exp(rng.NormFloat64() + 9)))
	}
	b, err := q.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := back.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	again, _ := back.AppendBinary(nil)
	if !bytes.Equal(b, again) || back.Total != q.Total {
		t.Error("what was read is not what was written")
	}
	if err := new(Quantiles[Coarse]).UnmarshalBinary(b); !errors.Is(err, wire.ErrUnlike) {
		t.Errorf("coarse from fine: %v", err)
	}
	if err := back.UnmarshalBinary(append([]byte{9}, b[1:]...)); !errors.Is(err, wire.ErrVersion) {
		t.Errorf("of version 9: %v", err)
	}
	for n := range len(b) {
		if err := back.UnmarshalBinary(b[:n]); !errors.Is(err, wire.ErrMalformed) {
			t.Fatalf("the first %d of %d bytes: %v", n, len(b), err)
		}
	}
	if again, _ := back.AppendBinary(nil); !bytes.Equal(b, again) {
		t.Error("a fault changed what was there")
	}
}

func FuzzQuantilesUnmarshal(f *testing.F) {
	var q Quantiles[Coarse]
	for _, v := range []uint64{0, 1, 5, 5, 900, 1 << 50} {
		q.Add(v)
		b, _ := q.AppendBinary(nil)
		f.Add(b)
	}
	f.Add([]byte{quantilesVersion, 8, 0, 7, 255, 63, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var q Quantiles[Coarse]
		if q.UnmarshalBinary(b) != nil {
			return
		}
		again, _ := q.AppendBinary(nil)
		var back Quantiles[Coarse]
		if err := back.UnmarshalBinary(again); err != nil || back != q {
			t.Fatalf("what was read from %x is not read again: %v", b, err)
		}
		for _, p := range []float64{0, 0.5, 1} {
			if v := q.Quantile(p); !(v >= 0 && v <= math.MaxUint64) {
				t.Fatalf("Quantile(%g) = %g", p, v)
			}
		}
		back.Merge(&q)
		back.Add(1 << 33)
		back.Halve()
	})
}

func BenchmarkQuantilesAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	values := make([]uint64, 1<<12)
	for i := range values {
		values[i] = uint64(math.Exp(rng.NormFloat64() + 10))
	}
	b.Run("coarse", func(b *testing.B) {
		var q Quantiles[Coarse]
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			q.Add(values[i%len(values)])
		}
	})
	b.Run("fine", func(b *testing.B) {
		var q Quantiles[Fine]
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			q.Add(values[i%len(values)])
		}
	})
}

func BenchmarkQuantilesQuantile(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	var q Quantiles[Coarse]
	for range 10_000 {
		q.Add(uint64(math.Exp(rng.NormFloat64() + 10)))
	}
	b.ReportAllocs()
	for b.Loop() {
		q.Quantile(0.99)
	}
}
