package dice

import (
	"math"
	"testing"
	"time"
)

const draws = 40_000

func mean(f func() float64) float64 {
	sum := 0.0
	for range draws {
		sum += f()
	}
	return sum / draws
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %g, want %g ± %g", what, got, want, within)
	}
}

func TestDistributions(t *testing.T) {
	d := New(1, "test", 0)
	near(t, "chance", mean(func() float64 {
		if d.Chance(.3) {
			return 1
		}
		return 0
	}), .3, .01)
	// The logarithm of a log-normal draw is normal around that of the median.
	near(t, "median of log-normal", math.Exp(mean(func() float64 { return math.Log(d.LogNormal(20, .5)) })), 20, .3)
	near(t, "exponential", mean(func() float64 { return float64(d.Wait(time.Second)) }), 1e9, 3e7)
	// A Pareto variable with exponent 3 has the mean 2·3/(3−1) = 3.
	near(t, "Pareto", mean(func() float64 { return d.Pareto(2, 3, 1e9) }), 3, .06)
	near(t, "ranks below 10 of 1000", mean(func() float64 {
		r := d.Rank(1000)
		if r < 0 || r >= 1000 {
			t.Fatalf("rank %d", r)
		}
		if r < 9 {
			return 1
		}
		return 0
	}), math.Log(10)/math.Log(1001), .01)
	n := uint64(0)
	near(t, "normal of numbers", mean(func() float64 { n++; return Normal(n) }), 0, .03)
	near(t, "its variance", mean(func() float64 { n++; x := Normal(n); return x * x }), 1, .04)
}

func TestDiceAreTheirOwn(t *testing.T) {
	a, b, c, e := New(1, "a", 0).Uint64(), New(1, "a", 1).Uint64(), New(1, "b", 0).Uint64(), New(2, "a", 0).Uint64()
	if a == b || a == c || a == e || a != New(1, "a", 0).Uint64() {
		t.Errorf("%x %x %x %x: want four streams, each always the same", a, b, c, e)
	}
}

func TestTable(t *testing.T) {
	d := New(1, "table", 0)
	table := NewTable(Entry[string]{1, "rare"}, Entry[string]{0, "never"}, Entry[string]{9, "often"})
	seen := map[string]int{}
	for range draws {
		seen[table.Draw(d)]++
	}
	near(t, "rare", float64(seen["rare"])/draws, .1, .01)
	if seen["never"] != 0 {
		t.Errorf("an entry without weight came %d times", seen["never"])
	}
}
