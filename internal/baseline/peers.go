package baseline

import (
	"math"
	"time"
)

// Peers learns the prior of one service and kind of entity from the windows of all its entities: empirical Bayes by
// moments, as Clayton and Kaldor, "Empirical Bayes estimates of age-standardized relative risks" (Biometrics 43, 1987) and
// Marshall, "Mapping disease and mortality rates using empirical Bayes estimators" (Appl. Stat. 40, 1991), with the
// variance between entities from products of what the same entity did at different times:
//
//	m = E[x],  E[x·y] = E[λ²] for a window x and the level y before it, so that 1/α = E[x·y]/(E[x]·E[y]) − 1
//
// The noise within windows is in neither factor twice and drops out. All sums fade with a half-life, and each entity has the
// same weight. Robust against giants: levels above exp(mean + 3σ) of the levels' logarithms count as that.
// 88 bytes. The zero value knows nothing. One goroutine owns it.
type Peers struct {
	Weight, Value                          float64 // Σw, Σwx
	Pairs, PairValue, PairBefore, PairProd float64 // over windows of entities that were known before: Σw, Σwx, Σwy, Σwxy
	Excess, Scale                          float64
	Log, LogSquare                         float64 // Σw ln level, Σw ln² level
	Time                                   int64   // nanoseconds since the epoch
}

// Group is the model of peers: how they are learned, and what is assumed before there are any.
type Group struct {
	HalfLife time.Duration // of what is learned
	Start    Prior         // assumed at first
	Entities float64       // how many entities' evidence the assumption is worth
}

// Share is what is known about the peers of a share: the mean of beta laws and their strength s, from
// E[x·y] = m² + m(1−m)/(s+1).
func (g *Group) Share(p *Peers) Prior {
	prior := g.Prior(p)
	mean := clamp(prior.Mean, minShare, 1-minShare)
	// 1/α is the variance between peers over m².
	variance := clamp(mean*mean/prior.Shape, 1e-12, mean*(1-mean))
	return Prior{
		Mean:  mean,
		Shape: clamp(mean*(1-mean)/variance-1, 0.05, 1e6),
		Noise: clamp(prior.Noise, 0, maxCorrelation),
	}
}

// DefaultShareGroup returns the defaults for a share: before anything is known, one in ten, and anything between none and
// most.
func DefaultShareGroup() Group {
	return Group{HalfLife: 14 * 24 * time.Hour, Start: Prior{Mean: 0.1, Shape: 0.3, Noise: 0.05}, Entities: 3}
}

// DefaultGroup returns the defaults for a count: before anything is known, three a window, very unlike each other.
func DefaultGroup() Group {
	return Group{HalfLife: 14 * 24 * time.Hour, Start: Prior{Mean: 3, Shape: 0.5, Noise: 0.5}, Entities: 3}
}

// giant is how many standard deviations of the logarithms above their mean a level counts in full.
const giant = 3

// windows is up to how many windows an entity's scatter counts each of them in full.
const windows = 50

// Learn takes a sample in.
func (g *Group) Learn(p *Peers, s Sample) {
	weight := clamp(s.Weight, 0, 1) * g.advance(p, s.Time)
	if weight <= 0 {
		return
	}
	value, level, before := clamp(s.Value, 0, maxCount), clamp(s.Level, minMean, maxCount), clamp(s.Before, 0, maxCount)
	if bound := p.bound(); level > bound {
		value, before, level = value*bound/level, min(before, bound), bound
	}
	ln := math.Log(level)
	p.Weight += weight
	p.Value += weight * value
	p.Log += weight * ln
	p.LogSquare += weight * ln * ln
	if s.Known {
		p.Pairs += weight
		p.PairValue += weight * value
		p.PairBefore += weight * before
		p.PairProd += weight * value * before
	}
	// The scatter of windows shows only in many, so an entity's first ones count in full, and then fewer.
	weight = min(1, weight*windows)
	p.Excess += weight * clamp(s.Excess, -maxCount, maxCount)
	p.Scale += weight * clamp(s.Scale, 0, maxCount)
}

// advance fades up to a time; what a sample of that time weighs.
func (g *Group) advance(p *Peers, at int64) float64 {
	age := float64(at-p.Time) / float64(time.Second)
	left := fade(math.Abs(age), g.HalfLife.Seconds())
	if age <= 0 {
		return left
	}
	p.Time = at
	for _, v := range [...]*float64{
		&p.Weight, &p.Value, &p.Pairs, &p.PairValue, &p.PairBefore, &p.PairProd, &p.Excess, &p.Scale, &p.Log, &p.LogSquare,
	} {
		*v *= left
	}
	return 1
}

// bound is the level above which one is a giant.
func (p *Peers) bound() float64 {
	const enough = 10
	if p.Weight < enough {
		return maxCount
	}
	mean := p.Log / p.Weight
	deviation := math.Sqrt(max(p.LogSquare/p.Weight-mean*mean, 0.25))
	return clamp(math.Exp(mean+giant*deviation), minMean, maxCount)
}

// Prior is what is known about peers now.
func (g *Group) Prior(p *Peers) Prior {
	n := clamp(g.Entities, 1e-3, maxCount)
	start := g.Start
	mean := (clamp(p.Value, 0, maxCount) + n*start.mean()) / (clamp(p.Weight, 0, maxCount) + n)
	between := n / start.shape()
	if product := p.PairValue * p.PairBefore; p.Pairs > 0 && product > 0 {
		between += p.Pairs * max(p.PairProd*p.Pairs/product-1, 0)
	}
	return Prior{
		Mean:  clamp(mean, minMean, maxCount),
		Shape: clamp((clamp(p.Pairs, 0, maxCount)+n)/between, 0.05, 1e6),
		Noise: clamp((p.Excess+n*clamp(start.Noise, 0, maxNoise))/(clamp(p.Scale, 0, maxCount)+n), 0, maxNoise),
	}
}
