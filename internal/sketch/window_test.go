package sketch

import (
	"math/rand/v2"
	"testing"
)

// bruteForce is what a Window must say: the events whose slot is one of the newest eight.
func bruteForce(times []int64, now, span int64) uint32 {
	width := max(span/WindowSlots, 1)
	head := floorDiv(now, width)
	for _, t := range times {
		head = max(head, floorDiv(t, width))
	}
	n := uint32(0)
	for _, t := range times {
		if head-floorDiv(t, width) < WindowSlots {
			n++
		}
	}
	return n
}

func TestWindowAgainstBruteForce(t *testing.T) {
	for _, span := range []int64{1, 7, 8, 1000, 300e9} {
		rng := rand.New(rand.NewPCG(1, uint64(span)))
		var w Window
		var times []int64
		now := int64(0)
		for range 2000 {
			now += rng.Int64N(span/4 + 2)
			at := now - rng.Int64N(span+1) // out of order by up to the span
			times = append(times, at)
			if got, want := w.Add(at, span, 1), bruteForce(times, at, span); got != want {
				t.Fatalf("span %d: Add gives %d, want %d", span, got, want)
			}
			if got, want := w.Total(), bruteForce(times, at, span); got != want {
				t.Fatalf("span %d: Total gives %d, want %d", span, got, want)
			}
		}
		if got := w.Sum(now+2*span+WindowSlots, span); got != 0 {
			t.Errorf("span %d: %d long after the last event", span, got)
		}
	}
}

func TestWindowOrderDoesNotMatter(t *testing.T) {
	const span = 80
	times := []int64{3, 17, 17, 42, 55, 79, 12, 61}
	var a, b Window
	for i := range times {
		a.Add(times[i], span, 1)
		b.Add(times[len(times)-1-i], span, 1)
	}
	if a != b {
		t.Errorf("%+v in order, %+v in reverse", a, b)
	}
}

func TestWindowEdges(t *testing.T) {
	var w Window
	w.Add(0, 8, ^uint32(0)-1)
	if got := w.Add(0, 8, 5); got != ^uint32(0) {
		t.Errorf("an overflowing slot gives %d", got)
	}
	if got := w.Add(1, 8, 5); got != ^uint32(0) {
		t.Errorf("an overflowing sum gives %d", got)
	}
	var past Window
	past.Add(-1, 8, 1) // before 1970
	if got := past.Add(0, 8, 1); got != 2 {
		t.Errorf("%d across the epoch, want 2", got)
	}
	if got := past.Add(-100, 8, 1); got != 2 {
		t.Errorf("an event older than the span counts: %d", got)
	}
}

func TestWindowSlot(t *testing.T) {
	const width = 75
	for _, head := range []int64{-3, -1, 0, 1, 1000} {
		w := Window{Head: head}
		for at := (head - 3) * width; at <= (head+5)*width; at++ {
			if got, want := w.slot(at, width), floorDiv(at, width); got != want {
				t.Fatalf("newest slot %d: slot(%d) = %d, want %d", head, at, got, want)
			}
		}
	}
}
