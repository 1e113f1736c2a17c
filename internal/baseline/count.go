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
//	λ ~ Gamma(a, b),  a = α + ω Σ fᵢkᵢ,  b = α/m + ω Σ fᵢeᵢ,  fᵢ = 2^(−age/half-life),  ω = 1/(1 + λν)
//	K ~ Poisson(e·λ·N),  N ~ Gamma with mean 1 and variance ν; approximately NB(mean μ = e·a/b, size 1/s),
//	s = (1 + 1/a)(1 + ν) − 1
//
// The peers' mean m and shape α are the prior, never worth more than eight windows of the entity's own; ν is the relative
// variance of one window about its level (0: Poisson), and ω is the share of a window's information that such scatter
// leaves. Forgetting the evidence of a Gamma law by a power is due to Smith, "A generalization of the Bayesian steady
// forecasting model" (J. R. Stat. Soc. B 41, 1979); with counts it is Harvey and Fernandes, "Time series models for count or
// qualitative observations" (J. Bus. Econ. Stat. 7, 1989). The scatter is matched by moments as in McCullagh and Nelder,
// "Generalized Linear Models" (1989), section 9.2.
//
// Whoever sees only windows in which something happened learns the count less one, and asks for the surprise of the
// count less one: whether a client comes is another question than how much it does when it has come.
type Counts struct{ Memory Memory }

// Law is what a count is expected to be, when its horizon is right.
func (c *Counts) Law(p *Past, prior *Prior, h Horizon, at Span) Law {
	k := c.known(p, prior, h, seconds(at.Time))
	return newLaw(k.level*clamp(at.Exposure, 0, maxCount), k.doubt, k.noise)
}

// Span is a time and how much of a usual window is looked at.
type Span struct {
	Time     int64   // nanoseconds since the epoch
	Exposure float64 // as in Window
}

// known is what is known of a level.
type known struct {
	level float64 // expected count per usual window, or share
	doubt float64 // its relative variance, or the correlation it gives to trials
	noise float64 // of windows about it
	own   float64 // which part of what is known is the entity's own and not its peers', 0–1
}

// priorWindows is how many windows of an entity's own the prior counts at most.
const priorWindows = 8

func (c *Counts) known(p *Past, prior *Prior, h Horizon, at uint32) known {
	sum, whole := p.evidence(&c.Memory, h, at)
	noise := p.noise(&c.Memory, clamp(prior.Noise, 0, maxNoise), maxNoise)
	usual := prior.shape() / prior.mean()
	if whole > 0 {
		// The prior's tail is lighter than that of real peers: left alone, it would take a giant hundreds of windows to be
		// believed. So it never counts more than some windows of the entity's own.
		usual = min(usual, priorWindows/(1+noise*sum/whole))
	}
	shape := usual * prior.mean()
	// How much a window tells depends on the level. A few low counts may be scatter, so the level for this is first
	// estimated as if windows told as little as the average peer's, and then taken with its doubt, E[λ²]/E[λ].
	information := 1 / (1 + noise*prior.mean())
	evidence := shape + information*sum
	information = 1 / (1 + noise*(evidence+1)/(usual+information*whole))
	a, b := shape+information*sum, usual+information*whole
	return known{level: a / b, doubt: 1 / a, noise: noise, own: clamp(1-usual/b, 1e-6, 1)}
}

// Learn takes a closed window in, and returns what it tells about the entity's peers.
func (c *Counts) Learn(p *Past, prior *Prior, w Window) Sample {
	fast, slow := p.advance(&c.Memory, seconds(w.Time))
	exposure := clamp(w.Exposure, 0, maxCount)
	k := c.known(p, prior, Slow, p.Time)
	mean := max(k.level*exposure, minMean)
	law := newLaw(mean, k.doubt, k.noise)
	// As long as little is known there is no level that a clip could protect.
	count, weight := c.Memory.clip(w, w.Count, law.Mean+c.Memory.Clip*law.Deviation()/k.own)
	near := c.known(p, prior, Fast, p.Time)
	before := p.Slow
	p.Slow.add(slow*weight*count, slow*weight*exposure)
	p.Fast.add(fast*weight*count, fast*weight*exposure)
	// Each window's scatter, relative to its mean where that is large; about the fast level, so that a level that moves is
	// not taken for scatter. The mean was not known exactly, and that part of the scatter is doubt and not noise. While the
	// level is the peers' rather than its own it would be their spread.
	mean = max(near.level*exposure, minMean)
	scattered := min(count, mean+c.Memory.Clip*newLaw(mean, near.doubt, near.noise).Deviation())
	worth := weight * slow * near.own / ((1 + mean) * (1 + mean))
	excess := worth * ((scattered-mean)*(scattered-mean) - scattered - mean*mean*near.doubt)
	scale := worth * mean * mean
	p.Excess, p.Scale = small(float64(p.Excess)+excess), small(float64(p.Scale)+scale)
	return sample(p, before, Sample{
		Time: w.Time, Value: count / max(exposure, minMean), Excess: excess, Scale: scale, Weight: slow * weight * exposure,
	})
}

// sample completes what a window tells: how it compares with what was known before, and how much of all that is known
// about the entity it is, so that each entity has the same say however much it does.
func sample(p *Past, before Evidence, s Sample) Sample {
	if p.Slow.Whole <= 0 || s.Weight <= 0 {
		return Sample{Time: s.Time}
	}
	s.Weight = clamp(s.Weight/float64(p.Slow.Whole), 0, 1)
	// Half a count more, since levels are compared by their logarithms and many have none yet.
	s.Level = (float64(p.Slow.Sum) + 0.5) / float64(p.Slow.Whole)
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

// Drift compares the horizons. The fast level is what remains of a count over what remains of its exposure. Its law has the
// slow level's doubt, the noise of as many windows, and the variance Memory.Drift by which levels wander anyhow. The
// evidence of a fading sum is up to twice its value, which this does not use: windows next to each other are not quite
// independent.
func (c *Counts) Drift(p *Past, prior *Prior, at int64) Drift {
	now := seconds(at)
	sum, whole := p.evidence(&c.Memory, Fast, now)
	k := c.known(p, prior, Slow, now)
	if whole <= 0 {
		return Drift{Ratio: 1, Expected: k.level}
	}
	wander := clamp(c.Memory.Drift, 0, maxNoise) + k.noise/max(whole, 1)
	law := newLaw(k.level*whole, k.doubt, wander)
	return Drift{Ratio: clamp(sum/law.Mean, 0, maxCount), Expected: k.level, Surprise: law.Surprise(math.Floor(sum))}
}
