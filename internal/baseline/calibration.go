package baseline

import (
	"math"
	"time"
)

const ranks = 32

// Calibration is how the p-values of one question are spread: 144 bytes. The zero value has seen none and changes nothing.
// One goroutine owns it.
type Calibration struct {
	Ranks [ranks]float32 // fading number of p-values in each thirty-second
	Total float64
	Time  int64 // of the newest, nanoseconds since the epoch
}

// Calibrator makes p-values uniform that are not. Laws have two parameters and traffic has more: where one that is mostly
// away has bursts of one size, too few p-values are around ½. What share of p-values was no larger is itself a p-value, and
// a uniform one whatever the law (Kuleshov, Fenner and Ermon, "Accurate uncertainties for deep learning using calibrated
// regression", ICML 2018):
//
//	P(p) = Σ (nᵢ + Trust/32) / Σ all, over thirty-seconds up to p, and linear within
//
// It is for comparing what several questions say in the middle; what is far out is the business of Budget, which extends what
// few surprises tell.
type Calibrator struct {
	HalfLife time.Duration // of what is learned
	Trust    float64       // p-values whose evidence the assumption that they are uniform is worth
}

// DefaultCalibrator returns the defaults.
func DefaultCalibrator() Calibrator { return Calibrator{HalfLife: 7 * 24 * time.Hour, Trust: 1000} }

// Learn takes a p-value in: one that is uniform where the law is right, as Law.Uniform gives with a drawn u.
func (c *Calibrator) Learn(s *Calibration, at int64, p float64) {
	weight := 1.0
	left := fade(math.Abs(float64(at)-float64(s.Time))/float64(time.Second), c.HalfLife.Seconds())
	switch {
	case at <= s.Time:
		weight = left
	case at-s.Time < int64(time.Minute) && s.Total > 0:
		// So little is forgotten that it is put off.
	default:
		for i := range s.Ranks {
			s.Ranks[i] = small(float64(s.Ranks[i]) * left)
		}
		s.Total = clamp(s.Total*left, 0, maxCount)
		s.Time = at
	}
	i := min(int(clamp(p, 0, 1)*ranks), ranks-1)
	s.Ranks[i] = small(float64(s.Ranks[i]) + weight)
	s.Total = clamp(s.Total+weight, 0, maxCount)
}

// P is what share of p-values is no larger.
func (c *Calibrator) P(s *Calibration, p float64) float64 {
	p = clamp(p, 0, 1)
	prior := clamp(c.Trust, 1e-3, maxCount) / ranks
	place := p * ranks
	var below, all float64
	for i, n := range s.Ranks {
		n := clamp(float64(n), 0, maxCount) + prior
		all += n
		below += n * clamp(place-float64(i), 0, 1)
	}
	return clamp(below/all, 0, 1)
}
