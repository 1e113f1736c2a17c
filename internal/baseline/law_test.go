package baseline

import (
	"math"
	"testing"
)

// laws are of known and new entities, sparse and busy, steady and scattered.
func laws() []Law {
	var all []Law
	for _, mean := range []float64{0.01, 0.8, 12, 900, 1e6} {
		for _, doubt := range []float64{0, 0.001, 0.1, 1.5, 20} {
			for _, noise := range []float64{0, 0.02, 0.4, 6, 100} {
				all = append(all, newLaw(mean, doubt, noise))
			}
		}
	}
	return all
}

// TestBelowIsRight holds the early answer to the surprise itself.
func TestBelowIsRight(t *testing.T) {
	asked, spared := 0, 0
	for _, l := range laws() {
		for _, factor := range []float64{0.3, 1, 1.5, 3, 10, 100} {
			count := math.Ceil(l.Mean * factor)
			surprise := l.Surprise(count)
			for _, threshold := range []float64{1, 3, 6, 12} {
				below := l.Below(count, threshold)
				if below && surprise >= threshold {
					t.Errorf("%+v: Below(%g, %g) although the surprise is %g", l, count, threshold, surprise)
				}
				if surprise < threshold {
					asked++
					if below {
						spared++
					}
				}
			}
		}
	}
	t.Logf("%d of %d tails below their threshold are spared", spared, asked)
	if spared < asked*3/4 {
		t.Errorf("%d of %d tails below their threshold are spared, want three quarters", spared, asked)
	}
}

// TestMixedAgainstDraws holds laws of a new entity with scattered windows against draws from them.
func TestMixedAgainstDraws(t *testing.T) {
	c := newChance(13)
	for _, l := range []Law{newLaw(40, 1.4, 0.3), newLaw(3, 0.5, 2), newLaw(500, 0.1, 0.1)} {
		if _, mixed := l.mixture(); !mixed {
			t.Fatalf("%+v is not mixed", l)
		}
		const draws = 5_000
		values := make([]float64, draws)
		for i := range values {
			values[i] = l.Uniform(c.poisson(l.Mean*c.gamma(1/l.Doubt)*c.gamma(1/l.Noise)), c.Float64())
		}
		// The 0.1 % point of the Kolmogorov–Smirnov distance is 1.95/√n.
		if d, most := uniformity(values), 1.95/math.Sqrt(draws); d > most {
			t.Errorf("%+v: KS %.4f, want at most %.4f", l, d, most)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, l := range laws() {
		if l.Mean > 1000 || l.Doubt > 2 || l.Noise > 10 {
			continue
		}
		low, high := l.Interval(2.5)
		if high < l.Mean*0 || l.Surprise(high+1) < 2.5 || high > 0 && l.Surprise(high) >= 2.5 {
			t.Errorf("%+v: high %g has surprise %g, and the next %g", l, high, l.Surprise(high), l.Surprise(high+1))
		}
		if low > 0 && (l.Lack(low-1) < 2.5 || l.Lack(low) >= 2.5) {
			t.Errorf("%+v: low %g has lack %g, and the one before %g", l, low, l.Lack(low), l.Lack(low-1))
		}
		if low > high {
			t.Errorf("%+v: interval %g–%g", l, low, high)
		}
	}
}

// TestLackAbout holds the cheap answer against the exact one: where it says that a count is nothing to speak of, that is so.
func TestLackAbout(t *testing.T) {
	for _, mean := range []float64{1, 5, 20, 80, 400, 5000} {
		for _, doubt := range []float64{0, 0.01, 0.1, 0.5} {
			for _, noise := range []float64{0, 0.005, 0.05, 0.3, 2} {
				l := Law{Mean: mean, Doubt: doubt, Noise: noise}
				for part := 0.0; part <= 1; part += 0.1 {
					count := math.Floor(part * mean)
					if about, exact := l.LackAbout(count), l.Lack(count); about < 1.75 && exact >= 2.5 {
						t.Errorf("%+v: %g or fewer: about %.2f, really %.2f", l, count, about, exact)
					}
				}
			}
		}
	}
}
