package baseline

import "math"

// Window is what one closed window held.
type Window struct {
	Time     int64   // when it ended, nanoseconds since the epoch
	Exposure float64 // how much of a usual window it was: the season's factor, times its share of a whole window
	Count    float64 // what was counted; of a share, the hits
	Trials   float64 // of a share, what the hits are out of
	Held     bool    // it was found unusual: hardly learn from it
}

// Counts is the model of counts: the level λ of a count per usual window has a Gamma law, whose evidence fades in event
// time, and a count over an exposure e is Poisson with a scatter of its own.
//
//	λ ~ Gamma(a, b),  a = α + Σ fᵢwᵢkᵢ,  b = α/m + Σ fᵢwᵢeᵢ,  fᵢ = 2^(−age/half-life),  wᵢ = 1/(1 + μᵢν)
//	K ~ NB(mean μ = e·a/b, size 1/s),  s = (1 + 1/a)(1 + ν) − 1
//
// The peers' mean m and shape α are the prior, ν is the relative variance of one window about its level (0: Poisson),
// and wᵢ is the share of a window's information that such scatter leaves. Forgetting the evidence of a Gamma law by a power
// is due to Smith, "A generalization of the Bayesian steady forecasting model" (J. R. Stat. Soc. B 41, 1979); with counts
// it is Harvey and Fernandes, "Time series models for count or qualitative observations" (J. Bus. Econ. Stat. 7, 1989). The
// scatter is matched by moments as in McCullagh and Nelder, "Generalized Linear Models" (1989), section 9.2; it makes the
// product of two Gamma laws one with the same variance.
//
// Whoever sees only windows in which something happened learns the count less one, and asks for the surprise of the
// count less one: whether a client comes is another question than how much it does when it has come.
type Counts struct{ Memory Memory }

// maxNoise bounds the relative variance of one window about its level.
const maxNoise = 100

// Law is what a count is expected to be, when its horizon is right.
func (c *Counts) Law(p *Past, prior *Prior, h Horizon, at Span) Law {
	level, doubt := c.level(p, prior, h, seconds(at.Time))
	noise := p.noise(&c.Memory, prior.Noise, maxNoise)
	return newLaw(level*clamp(at.Exposure, 0, maxCount), (1+doubt)*(1+noise)-1)
}

// Span is a time and how much of a usual window is looked at.
type Span struct {
	Time     int64   // nanoseconds since the epoch
	Exposure float64 // as in Window
}

// level is the expected count per usual window, and its relative variance 1/a.
func (c *Counts) level(p *Past, prior *Prior, h Horizon, at uint32) (level, doubt float64) {
	sum, whole := p.evidence(&c.Memory, h, at)
	shape := prior.shape()
	a := shape + sum
	return a / (shape/prior.mean() + whole), 1 / a
}

// Learn takes a closed window in, and returns what it tells about the entity's peers.
func (c *Counts) Learn(p *Past, prior *Prior, w Window) Sample {
	at := seconds(w.Time)
	fast, slow := p.advance(&c.Memory, at)
	exposure := clamp(w.Exposure, 0, maxCount)
	level, doubt := c.level(p, prior, Slow, p.Time)
	noise := p.noise(&c.Memory, prior.Noise, maxNoise)
	mean := max(level*exposure, minMean)
	law := newLaw(mean, (1+doubt)*(1+noise)-1)
	count := min(clamp(w.Count, 0, maxCount), law.Mean+c.Memory.Clip*law.Deviation())
	weight := 1.0
	if w.Held {
		weight = clamp(c.Memory.Held, 0, 1)
	}
	before := p.Slow
	information := weight / (1 + mean*noise)
	p.Slow.add(slow*information*count, slow*information*exposure)
	p.Fast.add(fast*information*count, fast*information*exposure)
	// Each window's scatter, relative to its mean where that is large. The mean was not known exactly, and that part of
	// the scatter is doubt and not noise.
	worth := weight * slow / ((1 + mean) * (1 + mean))
	excess := worth * ((count-mean)*(count-mean) - count - mean*mean*doubt)
	scale := worth * mean * mean
	p.Excess, p.Scale = small(float64(p.Excess)+excess), small(float64(p.Scale)+scale)
	return sample(p, before, Sample{
		Time: w.Time, Value: count / max(exposure, minMean), Excess: excess, Scale: scale, Weight: slow * information * exposure,
	})
}

// sample completes what a window tells: how it compares with what was known before, and how much of all that is known
// about the entity it is, so that each entity has the same say however much it does.
func sample(p *Past, before Evidence, s Sample) Sample {
	if p.Slow.Whole <= 0 || s.Weight <= 0 {
		return Sample{Time: s.Time}
	}
	s.Weight = clamp(s.Weight/float64(p.Slow.Whole), 0, 1)
	s.Level = float64(p.Slow.Sum) / float64(p.Slow.Whole)
	if before.Whole > 0 {
		s.Known, s.Before = true, float64(before.Sum)/float64(before.Whole)
	}
	return s
}

// Drift is how the fast level compares with the slow one: the slow boil shows here, which no single window tells.
type Drift struct {
	Ratio    float64 // fast level over slow level
	Expected float64 // slow level, per usual window
	Surprise float64 // −log₁₀ of the probability of as high a fast level, were the slow one right
}

// Drift compares the horizons. The fast level is what remains of a count over what remains of its exposure, and its law
// has the slow level's doubt and the variance Memory.Drift by which levels wander anyhow. The evidence of a fading sum is
// up to twice its value, which this does not use: windows next to each other are not quite independent.
func (c *Counts) Drift(p *Past, prior *Prior, at int64) Drift {
	now := seconds(at)
	sum, whole := p.evidence(&c.Memory, Fast, now)
	level, doubt := c.level(p, prior, Slow, now)
	if whole <= 0 {
		return Drift{Ratio: 1, Expected: level}
	}
	law := newLaw(level*whole, (1+doubt)*(1+clamp(c.Memory.Drift, 0, maxNoise))-1)
	return Drift{Ratio: clamp(sum/law.Mean, 0, maxCount), Expected: level, Surprise: law.Surprise(math.Floor(sum))}
}
