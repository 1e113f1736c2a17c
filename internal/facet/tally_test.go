package facet

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDurationSlot(t *testing.T) {
	for _, tt := range []struct {
		us   int64
		want int
	}{
		{-1, 0},
		{0, 0},
		{124, 0},
		{125, 1},
		{176, 1},
		{177, 2},
		{249, 2},
		{250, 3},
		{1000, 7},
		{65_535_999, DurationSlots - 2},
		{65_536_000, DurationSlots - 1},
		{math.MaxInt64, DurationSlots - 1},
	} {
		if got := DurationSlot(tt.us); got != tt.want {
			t.Errorf("DurationSlot(%d) = %d, want %d", tt.us, got, tt.want)
		}
	}
}

// TestDurationOf holds the slots against each other: the middle of a slot is in it, and none is skipped.
func TestDurationOf(t *testing.T) {
	for slot := 1; slot < DurationSlots-1; slot++ {
		if got := DurationSlot(int64(DurationOf(slot))); got != slot {
			t.Errorf("the middle of slot %d, %.0f µs, is in slot %d", slot, DurationOf(slot), got)
		}
	}
	last := 0
	for us := int64(1); us < 1<<27; us += us/64 + 1 {
		slot := DurationSlot(us)
		if slot < last || slot > last+1 {
			t.Fatalf("slot %d comes after %d at %d µs", slot, last, us)
		}
		last = slot
	}
	if last != DurationSlots-1 {
		t.Errorf("two minutes are in slot %d, want the last", last)
	}
}

func TestPlaces(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, clients := range []int{0, 1, 10, 50, 150} {
		var p Places
		for range clients {
			for client, again := rng.Uint64(), 0; again < 3; again++ {
				p.Note(client)
			}
		}
		if got := p.Count(); math.Abs(got-float64(clients)) > 0.25*float64(clients) {
			t.Errorf("%d clients count as %.1f", clients, got)
		}
	}
	if got := Places(math.MaxUint64).Count(); got < 200 || got > 300 {
		t.Errorf("very many clients count as %.1f", got)
	}
}

func TestDurationsDoNotWrap(t *testing.T) {
	a, b := Durations{3: math.MaxUint32 - 1}, Durations{2: 7, 3: 5}
	a.Add(&b)
	if a[2] != 7 || a[3] != math.MaxUint32 || a.Total() != 7+math.MaxUint32 {
		t.Errorf("added: %v", a)
	}
}
