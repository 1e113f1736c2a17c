package baseline

import "math"

// Shares is the model of shares: failures of logins, missing of requests. The share p of an entity has a Beta law, whose
// evidence fades in event time, and hits out of n trials are binomial with a scatter of their own from window to window.
//
//	p ~ Beta(a, b),  a = s·m + Σ fᵢwᵢkᵢ,  b = s·(1−m) + Σ fᵢwᵢ(nᵢ−kᵢ),  fᵢ = 2^(−age/half-life),  wᵢ = 1/(1 + (nᵢ−1)ρ)
//	K ~ BetaBinomial(n, mean a/(a+b), correlation 1 − (1−ρ)(1 − 1/(a+b+1)))
//
// The peers' mean m and strength s are the prior, ρ is the correlation of trials of one window (0: binomial), and wᵢ is
// Kish's design effect ("Survey Sampling", 1965). The fading Beta law is Harvey and Fernandes (1989), as for counts; the
// correlation is matched by moments as in Williams, "Extra-binomial variation in logistic linear models" (Appl. Stat. 31,
// 1982).
type Shares struct{ Memory Memory }

const (
	// maxTrials bounds the trials of one window, so that a tail is a sum of bounded length.
	maxTrials = 1 << 40
	// minShare keeps shares off their ends, where no law has any width.
	minShare = 1e-7
	// maxCorrelation is of trials that nearly all end alike.
	maxCorrelation = 0.99
)

// Law is what the hits out of so many trials are expected to be.
func (r *Shares) Law(p *Past, prior *Prior, h Horizon, at Trials) ShareLaw {
	share, doubt := r.level(p, prior, h, seconds(at.Time))
	noise := p.noise(&r.Memory, clamp(prior.Noise, 0, maxCorrelation), maxCorrelation)
	return newShareLaw(whole(clamp(at.Trials, 0, maxTrials)), share, 1-(1-doubt)*(1-noise))
}

// Trials is a time and how many trials are looked at.
type Trials struct {
	Time   int64 // nanoseconds since the epoch
	Trials float64
}

// trust is which part of what is known is the entity's own, as against a prior worth some trials.
func trust(p *Past, prior float64) float64 {
	own := clamp(float64(p.Slow.Whole), 0, maxCount)
	return clamp(own/(own+prior), 1e-6, 1)
}

// level is the expected share, and the correlation 1/(a+b+1) that its uncertainty gives to trials.
func (r *Shares) level(p *Past, prior *Prior, h Horizon, at uint32) (share, doubt float64) {
	sum, trials := p.evidence(&r.Memory, h, at)
	strength := prior.shape()
	all := strength + trials
	a := strength*clamp(prior.Mean, minShare, 1-minShare) + min(sum, trials)
	return clamp(a/all, minShare, 1-minShare), 1 / (all + 1)
}

// Learn takes a closed window in, and returns what it tells about the entity's peers.
func (r *Shares) Learn(p *Past, prior *Prior, w Window) Sample {
	fast, slow := p.advance(&r.Memory, seconds(w.Time))
	n := clamp(w.Trials, 0, maxTrials)
	if n < 1 {
		return Sample{Time: w.Time}
	}
	share, doubt := r.level(p, prior, Slow, p.Time)
	noise := p.noise(&r.Memory, clamp(prior.Noise, 0, maxCorrelation), maxCorrelation)
	law := newShareLaw(n, share, 1-(1-doubt)*(1-noise))
	own := trust(p, prior.shape())
	hits, weight := r.Memory.clip(w, min(w.Count, n), n*share+r.Memory.Clip*law.Deviation()/own)
	before := p.Slow
	information := weight / (1 + (n-1)*noise)
	p.Slow.add(slow*information*hits, slow*information*n)
	p.Fast.add(fast*information*hits, fast*information*n)
	// (k−nm)² is nm(1−m)(1 + (n−1)ρ) on average, and (n−1)/(a+b+1) for not knowing m. Windows with few expected hits tell
	// little of it.
	variance := n * share * (1 - share)
	worth := weight * slow * own * variance / (1 + variance) / n
	excess := worth * ((hits-n*share)*(hits-n*share)/variance - 1 - (n-1)*doubt)
	scale := worth * (n - 1)
	p.Excess, p.Scale = small(float64(p.Excess)+excess), small(float64(p.Scale)+scale)
	s := Sample{Time: w.Time, Value: hits / n, Excess: excess, Scale: scale, Weight: slow * information * n}
	return sample(p, before, s)
}

// Drift compares the horizons, as Counts.Drift does.
func (r *Shares) Drift(p *Past, prior *Prior, at int64) Drift {
	now := seconds(at)
	sum, trials := p.evidence(&r.Memory, Fast, now)
	share, doubt := r.level(p, prior, Slow, now)
	n := math.Floor(min(trials, maxTrials))
	if n < 1 {
		return Drift{Ratio: 1, Expected: share}
	}
	law := newShareLaw(n, share, 1-(1-doubt)*(1-min(r.Memory.Drift*share, maxCorrelation)))
	hits := math.Floor(min(sum, n))
	return Drift{Ratio: clamp(sum/trials/share, 0, maxCount), Expected: share, Surprise: law.Surprise(hits)}
}
