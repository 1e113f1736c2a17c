package baseline

import (
	"math"

	"gatewatch/internal/baseline/tail"
)

// ShareLaw is what the hits out of a number of trials are expected to be: beta-binomial.
type ShareLaw struct {
	Trials float64
	Alpha  float64
	Beta   float64
}

func newShareLaw(n, share, correlation float64) ShareLaw {
	strength := 1/clamp(correlation, 1e-12, maxCorrelation) - 1
	return ShareLaw{Trials: n, Alpha: strength * share, Beta: strength * (1 - share)}.clean()
}

func (l ShareLaw) clean() ShareLaw {
	return ShareLaw{
		Trials: whole(clamp(l.Trials, 0, maxTrials)), Alpha: clamp(l.Alpha, minSize/1e6, maxSize), Beta: clamp(l.Beta, minSize/1e6, maxSize),
	}
}

// Mean is the expected number of hits.
func (l ShareLaw) Mean() float64 { return l.Trials * (l.Alpha / (l.Alpha + l.Beta)) }

// Deviation is the standard deviation of the hits.
func (l ShareLaw) Deviation() float64 {
	strength := l.Alpha + l.Beta
	return math.Sqrt(l.Mean() * (l.Beta / strength) * ((strength + l.Trials) / (strength + 1)))
}

// Surprise is −log₁₀ P(K ≥ hits).
func (l ShareLaw) Surprise(hits float64) float64 {
	l = l.clean()
	return surprise(tail.UpperBetaBinomial(l.whole(hits), l.Trials, l.Alpha, l.Beta))
}

// Lack is −log₁₀ P(K ≤ hits).
func (l ShareLaw) Lack(hits float64) float64 {
	l = l.clean()
	return surprise(tail.LowerBetaBinomial(l.whole(hits), l.Trials, l.Alpha, l.Beta))
}

// Uniform is as Law.Uniform.
func (l ShareLaw) Uniform(hits, u float64) float64 {
	l = l.clean()
	hits = l.whole(hits)
	above := math.Exp(tail.UpperBetaBinomial(hits+1, l.Trials, l.Alpha, l.Beta))
	return clamp(above+clamp(u, 0, 1)*math.Exp(tail.LogBetaBinomial(hits, l.Trials, l.Alpha, l.Beta)), 0, 1)
}

func (l ShareLaw) whole(hits float64) float64 { return math.Floor(clamp(hits, 0, l.Trials)) }
