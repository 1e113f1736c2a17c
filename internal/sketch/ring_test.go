package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRingAgainstBruteForce(t *testing.T) {
	const width = 60
	rng := rand.New(rand.NewPCG(1, 1))
	var r, a, b Ring[[24]uint32]
	counts := map[int64]uint32{}
	now := int64(-40 * width) // from before 1970
	for range 3000 {
		now += rng.Int64N(width / 2)
		at, n := now-rng.Int64N(30*width), rng.Uint32N(5)
		r.Advance(now, width)
		r.Add(at, width, n)
		part := &a
		if rng.IntN(3) == 0 {
			part = &b
		}
		part.Advance(now, width)
		part.Add(at, width, n)
		head := max(floorDiv(now, width), 0)
		if slot := floorDiv(at, width); head-slot < 24 {
			counts[slot] += n
		}
		merged := b
		merged.Merge(&a)
		sum := uint64(0)
		for ago := range r.Len() {
			want := counts[head-int64(ago)]
			sum += uint64(want)
			if got := r.At(ago); got != want {
				t.Fatalf("At(%d) = %d, want %d", ago, got, want)
			}
			if got := merged.At(ago); got != want {
				t.Fatalf("At(%d) of a merge = %d, want %d", ago, got, want)
			}
			if got := r.Sum(ago + 1); got != sum {
				t.Fatalf("Sum(%d) = %d, want %d", ago+1, got, sum)
			}
		}
	}
	if r.At(-1) != 0 || r.At(24) != 0 || r.Sum(99) != r.Sum(24) || r.Sum(-1) != 0 {
		t.Error("slots outside the ring count")
	}
	r.Advance(now+24*width, width)
	if got := r.Sum(24); got != 0 {
		t.Errorf("%d a whole ring later", got)
	}
}

func TestRingStops(t *testing.T) {
	var r Ring[[60]uint32]
	r.Add(5, 0, math.MaxUint32)
	r.Add(5, 0, 7)
	other := r
	r.Merge(&other)
	if got := r.At(0); got != math.MaxUint32 {
		t.Errorf("an overflowing slot gives %d", got)
	}
}

// TestWindowMerge: a merge counts as if one window had seen everything, whichever was ahead.
func TestWindowMerge(t *testing.T) {
	for trial := range uint64(200) {
		rng := rand.New(rand.NewPCG(trial, 2))
		var a, b, both Window
		shift := rng.Int64N(200)
		for range 50 {
			at := rng.Int64N(120)
			a.Add(at, 80, 1)
			both.Add(at, 80, 1)
			at = shift + rng.Int64N(120)
			b.Add(at, 80, 1)
		}
		ahead := both
		for range 50 {
			ahead.Merge(&Window{}) // nothing
		}
		if ahead != both {
			t.Fatal("a merge of nothing changes something")
		}
		x, y := a, b
		x.Merge(&b)
		y.Merge(&a)
		if x != y {
			t.Fatalf("%+v one way, %+v the other", x, y)
		}
		if a.Head <= b.Head && x.Head != b.Head {
			t.Fatalf("Head = %d, want %d", x.Head, b.Head)
		}
		want := uint32(0)
		for _, w := range []Window{a, b} {
			want += w.Sum(x.Head*10, 80)
		}
		if x.Total() != want {
			t.Fatalf("Total() = %d, want %d", x.Total(), want)
		}
	}
}

// TestRecentMerge: a merge counts as if one had seen everything, generation by generation.
func TestRecentMerge(t *testing.T) {
	for trial := range uint64(200) {
		rng := rand.New(rand.NewPCG(trial, 3))
		const span = 100
		type seen struct {
			at   int64
			hash uint64
		}
		var events [2][]seen
		for i := range events {
			for range rng.IntN(60) {
				events[i] = append(events[i], seen{rng.Int64N(350), rng.Uint64N(30) << 40})
			}
		}
		// One that knows how far both have come counts nothing that a merge would have forgotten.
		var parts [2]Recent
		var both Recent
		for i := range events {
			for _, e := range events[i] {
				parts[i].Add(e.at, span, e.hash)
				both.advance(floorDiv(e.at, span))
			}
		}
		for i := range events {
			for _, e := range events[i] {
				both.Add(e.at, span, e.hash)
			}
		}
		merged := parts[0]
		merged.Merge(&parts[1])
		if merged.Generation != both.Generation || merged.Count() != both.Count() {
			t.Fatalf("trial %d: %d values in generation %d, want %d in %d",
				trial, merged.Count(), merged.Generation, both.Count(), both.Generation)
		}
	}
}

func TestBitmapMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var a, b, both Bitmap
	for range 3000 {
		h := rng.Uint64N(2000) * 0x9e3779b97f4a7c15
		if rng.IntN(2) == 0 {
			a.Add(h)
		} else {
			b.Add(h)
		}
		both.Add(h)
	}
	if a.Merge(&b); a != both {
		t.Errorf("%d bits after a merge, want %d", a.Ones, both.Ones)
	}
}
