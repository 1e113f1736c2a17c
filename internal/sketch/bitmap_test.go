package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestBitmapCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		n     int
		error float64 // most that is allowed, relative
	}{
		{0, 0}, {1, 0}, {40, 0.03}, {300, 0.03}, {2000, 0.03}, {20_000, 0.03}, {100_000, 0.1},
	} {
		var b Bitmap
		for range tt.n {
			h := rng.Uint64()
			b.Add(h)
			b.Add(h) // a second time changes nothing
			if !b.Has(h) {
				t.Fatalf("a value of %d was not there", tt.n)
			}
		}
		if got := float64(b.Count()); math.Abs(got-float64(tt.n)) > tt.error*float64(tt.n)+0.5 {
			t.Errorf("Count() of %d values = %g", tt.n, got)
		}
	}
}

func TestBitmapForgets(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var b Bitmap
	values := make([]uint64, 500)
	for i := range values {
		values[i] = rng.Uint64()
		b.Add(values[i])
	}
	for _, v := range values[:300] {
		b.Remove(v)
		if b.Has(v) {
			t.Fatal("a value is there after Remove")
		}
	}
	b.Remove(values[0])
	if got := b.Count(); got < 180 || got > 200 { // some share a bit with one that went
		t.Errorf("Count() = %d after 300 of 500 went, want about 200", got)
	}
	for _, v := range values {
		b.Remove(v)
	}
	if b != (Bitmap{}) {
		t.Errorf("%d bits are set after all went", b.Ones)
	}
}

func TestBitmapIsFull(t *testing.T) {
	var b Bitmap
	for i := range uint64(bitmapBits) {
		b.Add(i << 50)
	}
	if got := b.Count(); b.Ones != bitmapBits || got < 100_000 {
		t.Errorf("Count() of a full bitmap = %d with %d bits", got, b.Ones)
	}
}
