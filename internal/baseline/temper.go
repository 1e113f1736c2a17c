package baseline

import "math"

// temper is the surprise of a law with a stray share: an entity does what its own past says, but once in a while what any of
// its peers might do,
//
//	P = (1−ε)·P(own past) + ε·P(peers)
//
// the ε-contaminated law of Huber, "Robust estimation of a location parameter" (1964), with the contamination known, as in
// Berger and Berliner, "Robust Bayes and empirical Bayes analysis with ε-contaminated priors" (Ann. Stat. 14, 1986). A
// phone that fetches one thing an hour for weeks, and then is picked up by its owner, is no attack; no law of its own
// past says so.
func temper(own, peers, stray float64) float64 {
	stray = clamp(stray, 0, 1)
	// Each part's surprise with its weight; infinite, and so nothing, where the weight is 0.
	own, peers = own-math.Log10(1-stray), peers-math.Log10(stray)
	least := min(own, peers)
	return clamp(least-math.Log10(1+math.Pow(10, least-max(own, peers))), 0, maxSurprise)
}

// tempered is from which surprise on peers are asked: below, they cannot change much.
const tempered = 1

// Surprise is how surprising a window's count is by what is known of the entity, with Memory.Stray of what is known of its
// peers. It is what to hold against a threshold; Law says what was expected.
func (c *Counts) Surprise(p *Past, prior *Prior, h Horizon, w Window) float64 {
	at := Span{w.Time, w.Exposure}
	own := c.Law(p, prior, h, at).Surprise(w.Count)
	if own < tempered {
		return own
	}
	return temper(own, c.Law(&Past{}, prior, h, at).Surprise(w.Count), c.Memory.Stray)
}

// Surprise is how surprising a window's hits are, as Counts.Surprise is.
func (r *Shares) Surprise(p *Past, prior *Prior, h Horizon, w Window) float64 {
	at := Trials{w.Time, w.Trials}
	own := r.Law(p, prior, h, at).Surprise(w.Count)
	if own < tempered {
		return own
	}
	return temper(own, r.Law(&Past{}, prior, h, at).Surprise(w.Count), r.Memory.Stray)
}

// Surprise is how surprisingly large a measure is, as Counts.Surprise is.
func (z *Sizes) Surprise(s *Size, prior *SizePrior, h Horizon, m Measure) float64 {
	own := z.Law(s, prior, h, m).Surprise(m.Value)
	if own < tempered {
		return own
	}
	return temper(own, z.Law(&Size{}, prior, h, m).Surprise(m.Value), z.Memory.Stray)
}
