package baseline

import (
	"math"
	"testing"
	"time"
)

func TestBudgetValidate(t *testing.T) {
	good := DefaultBudget()
	if err := good.Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for name, bad := range map[string]func(b *Budget){
		"no alerts":       func(b *Budget) { b.PerDay = 0 },
		"nan":             func(b *Budget) { b.PerDay = math.NaN() },
		"share":           func(b *Budget) { b.Share = 2 },
		"level":           func(b *Budget) { b.Level = -1 },
		"most":            func(b *Budget) { b.Most = 0 },
		"trust":           func(b *Budget) { b.Trust = 0 },
		"reach":           func(b *Budget) { b.Reach = 0 },
		"short half-life": func(b *Budget) { b.HalfLife = time.Minute },
	} {
		b := DefaultBudget()
		bad(&b)
		if b.Validate() == nil {
			t.Errorf("%s: Validate() accepts it", name)
		}
	}
	m := DefaultMemory()
	if err := m.Validate(); err != nil {
		t.Errorf("the default memory: %v", err)
	}
	m.Fast = m.Slow
	if m.Validate() == nil {
		t.Error("Validate() accepts equal horizons")
	}
}

// TestBudgetHolds tests 40 000 windows a day whose surprises fit the laws, or have heavier or lighter tails, and counts
// alerts beyond the threshold in the weeks after the first.
func TestBudgetHolds(t *testing.T) {
	const perDay, days = 40_000, 25
	for _, tt := range []struct {
		name  string
		slope float64 // P(surprise ≥ s) = 10^(−s/slope) from some surprise on
	}{{"laws that fit", 1}, {"heavier tails", 1.7}, {"lighter tails", 0.8}} {
		for _, accepted := range []float64{1, 10, 100} {
			c := newChance(uint64(accepted))
			b := DefaultBudget()
			b.PerDay = accepted
			var m Meter
			alerts := 0.0
			for i := range int64(days * perDay) {
				at := start + i*(int64(24*time.Hour)/perDay)
				s := tt.slope * c.ExpFloat64() / math.Ln10
				b.Count(&m, at, s)
				// The threshold is worked out now and then, as detectors do.
				if i >= 7*perDay && s >= 2 && s >= b.Threshold(&m) {
					alerts++
				}
			}
			got := alerts / (days - 7)
			t.Logf("%s, %g accepted: %.2f a day at a threshold of %.2f", tt.name, accepted, got, b.Threshold(&m))
			if got > 2*accepted || got < accepted/2 {
				t.Errorf("%s: %.2f alerts a day, want %g", tt.name, got, accepted)
			}
		}
	}
}

// TestBudgetHoldsBehindFloors has floors that leave one test of a thousand, of which none is ordinary: what is left is no
// exponential law, and few.
func TestBudgetHoldsBehindFloors(t *testing.T) {
	const perDay, days = 40_000, 25
	for _, accepted := range []float64{1, 10} {
		c := newChance(9)
		b := DefaultBudget()
		b.PerDay = accepted
		var m Meter
		alerts := 0.0
		for i := range int64(days * perDay) {
			at := start + i*(int64(24*time.Hour)/perDay)
			s := 0.0
			if c.IntN(1000) == 0 {
				s = 2 + 3*c.Float64()*c.Float64() + c.ExpFloat64()/math.Ln10
			}
			b.Count(&m, at, s)
			if i >= 7*perDay && s >= 2 && s >= b.Threshold(&m) {
				alerts++
			}
		}
		got := alerts / (days - 7)
		t.Logf("of 40 tests a day that clear the floors, %g accepted: %.2f a day at a threshold of %.2f", accepted, got, b.Threshold(&m))
		if got > 2*accepted || got < accepted/2 {
			t.Errorf("%.2f alerts a day, want %g", got, accepted)
		}
	}
}

// TestStormBuysNoSilence has an attack of as many alarming tests a day as there are others: the threshold rises by no more
// than their number justifies.
func TestStormBuysNoSilence(t *testing.T) {
	c := newChance(4)
	b := DefaultBudget()
	var quiet, storm, long Meter
	for i := range int64(100_000) {
		at := start + i*int64(time.Second)
		s := c.ExpFloat64() / math.Ln10
		b.Count(&quiet, at, s)
		b.Count(&storm, at, s)
		if i%500 == 0 {
			b.Count(&storm, at, 300)
		}
		b.Count(&long, at, s)
		if i%5 == 0 {
			b.Count(&long, at, 300)
		}
	}
	before, after := b.Threshold(&quiet), b.Threshold(&storm)
	t.Logf("threshold %.2f, with 200 attacks among 100 000 tests %.2f", before, after)
	if after > before+2 {
		t.Errorf("threshold %.2f, with attacks %.2f", before, after)
	}
	if many := b.Threshold(&long); many > before+3 {
		t.Errorf("threshold %.2f, with 20 000 attacks %.2f", before, many)
	}
}

func TestFloor(t *testing.T) {
	f := Floor{Least: 200, Ratio: 3}
	for _, tt := range []struct {
		count, expected float64
		want            bool
	}{{199, 1, false}, {200, 1, true}, {200, 66, true}, {200, 67, false}, {math.NaN(), 1, false}, {500, math.NaN(), true}} {
		if got := f.Clears(tt.count, tt.expected); got != tt.want {
			t.Errorf("Clears(%g, %g) = %t", tt.count, tt.expected, got)
		}
	}
}
