package baseline

import (
	"math"
	"time"
)

// strayBins is how many sizes of strays are told apart, and strayWidth how many of them a doubling has: up to 2⁴².
const (
	strayBins  = 64
	strayWidth = 1.5
)

// Strays is what windows of one service and kind of entity held that were none of the entity's own habit: 280 bytes. The
// zero value has seen none. One goroutine owns it.
type Strays struct {
	Bins    [strayBins]float32 // fading number of strays by the logarithm of what they held
	Windows float64            // fading number of windows
	Strays  float64            // and of strays among them
	Time    int64              // of the newest, nanoseconds since the epoch
}

// Straying is the model of windows that are none of an entity's own habit. A phone that fetches one thing an hour for
// weeks, and then is picked up by its owner, does what no law of its own past says, and what phones do now and then.
//
//	P = (1−ε)·P(own past) + ε·P(strays),  P(strays ≥ x) = (n(≥x) + κ·P(peers' law)) / (n + κ)
//
// It is the ε-contaminated law of Huber, "Robust estimation of a location parameter" (1964), with a contamination that is
// learned from all entities of a kind: how often windows stray, and what they hold then, each window counting as a stray by
// the probability that it is one (Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
// 1977; a step for each window as in Cappé and Moulines, "On-line expectation-maximization algorithm for latent data
// models", 2009).
type Straying struct {
	HalfLife time.Duration // of what is learned
	Share    float64       // ε before anything is known
	Windows  float64       // windows whose evidence that is worth
	Trust    float64       // strays whose evidence the peers' law is worth, κ
	Most     float64       // the most that ε can be: who strays more often has a habit that is wide
}

// DefaultStraying returns the defaults.
func DefaultStraying() Straying {
	return Straying{HalfLife: 14 * 24 * time.Hour, Share: 0.01, Windows: 300, Trust: 3, Most: 0.1}
}

// chance is ε.
func (t *Straying) chance(s *Strays) float64 {
	n := clamp(t.Windows, 1e-3, maxCount)
	strays := clamp(s.Strays, 0, maxCount) + n*clamp(t.Share, 0, 1)
	return clamp(strays/(clamp(s.Windows, 0, maxCount)+n), 1e-6, clamp(t.Most, 1e-6, 1))
}

// Above is about how many strays held a value and more.
func (s *Strays) Above(value float64) float64 {
	place := strayPlace(value)
	i := int(place)
	above := clamp(float64(s.Bins[i]), 0, maxCount) * (1 - (place - float64(i)))
	for _, n := range s.Bins[i+1:] {
		above += clamp(float64(n), 0, maxCount)
	}
	return above
}

// strayPlace is the bin of a value, and how far in it is.
func strayPlace(value float64) float64 {
	return clamp(strayWidth*math.Log2(1+clamp(value, 0, maxCount)), 0, strayBins-1e-6)
}

// Tail is a value's probability of being reached or exceeded.
type Tail struct {
	Own   float64 // by the entity's own past
	Peers float64 // by the law of its peers
	Above float64 // strays that did, as Strays.Above tells
}

// Mix is the probability of a tail with the strays in it, and which part of it is theirs: how likely the value is one.
func (t *Straying) Mix(s *Strays, tail Tail) (p, stray float64) {
	chance, trust := t.chance(s), clamp(t.Trust, 1e-3, maxCount)
	all := clamp(s.Strays, 0, maxCount)
	other := chance * (clamp(tail.Above, 0, all) + trust*clamp(tail.Peers, 0, 1)) / (all + trust)
	p = (1-chance)*clamp(tail.Own, 0, 1) + other
	if !(p > 0) {
		return 0, 1
	}
	return min(p, 1), clamp(other/p, 0, 1)
}

// Learn takes a window in: what it held, and how likely it was a stray. A weight of 0 learns nothing.
func (t *Straying) Learn(s *Strays, at int64, value, stray, weight float64) {
	age := float64(at-s.Time) / float64(time.Second)
	left := fade(math.Abs(age), t.HalfLife.Seconds())
	weight = clamp(weight, 0, 1)
	switch {
	case age <= 0:
		weight *= left
	case age < 600 && s.Windows > 0:
		// So little is forgotten that it is put off.
	default:
		for i := range s.Bins {
			s.Bins[i] = small(float64(s.Bins[i]) * left)
		}
		s.Windows, s.Strays = clamp(s.Windows*left, 0, maxCount), clamp(s.Strays*left, 0, maxCount)
		s.Time = at
	}
	s.Windows += weight
	if stray = clamp(stray, 0, 1) * weight; stray < negligible {
		return
	}
	s.Strays += stray
	i := int(strayPlace(value))
	s.Bins[i] = small(float64(s.Bins[i]) + stray)
}

// negligible is the part of a stray that is not worth a look at the bins.
const negligible = 1e-3
