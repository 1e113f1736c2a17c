package baseline

import "math"

// Sizes is the model of sizes and times: bytes of a window, bytes per request, latency. The logarithm y of a window's value is
// normal about the entity's level with a variance that is learned, so that what is expected of the next one is Student's
// law in logarithms; evidence fades in event time.
//
//	μₙ = (κμ₀ + Σ fᵢwᵢyᵢ)/(κ+W),  σₙ² = (νσ₀² + Σ fᵢwᵢ(yᵢ−ȳ)²)/(ν+W),  W = Σ fᵢwᵢ,  fᵢ = 2^(−age/half-life)
//	(y − μₙ) / (σₙ √(1/w + 1/(κ+W))) ~ t with min(ν+W, Degrees) degrees of freedom
//
// which is the normal-inverse-χ² law of Gelman et al., "Bayesian Data Analysis" (3rd ed., section 3.3), with the sums
// of West, "Updating mean and variance estimates" (CACM 22, 1979). Sizes on the web are log-normal in the middle and heavier
// at the end (Crovella and Bestavros 1997; Mitzenmacher, "A brief history of generative models for power law and
// lognormal distributions", 2004): Student's law in logarithms is heavier than any Pareto law, and Degrees says by how much. A
// gamma or normal law of the value itself takes the largest download of every month for an attack.
type Sizes struct {
	Memory  Memory
	Degrees float64 // most degrees of freedom: how light a tail is believed
	Blur    float64 // requests whose average scatters as much as windows do anyhow: w = n/(n+Blur)
}

// DefaultSizes returns the defaults. With 30 degrees of freedom one in a million is 5.9 deviations, with 4.75 for a
// normal law. A clip at 4 deviations of a logarithm is one in ten thousand.
func DefaultSizes() Sizes {
	m := DefaultMemory()
	m.Clip = 4
	return Sizes{Memory: m, Degrees: 30, Blur: 10}
}

// Size is what is remembered about a size: 24 bytes. The zero value has no past. One goroutine owns it.
type Size struct {
	Weight, Mean, Spread float32 // of the slow horizon: Σw, mean and Σw(y−mean)² of logarithms
	FastWeight, FastMean float32
	Time                 uint32 // seconds since the epoch
}

// SizePrior is what is known about a size before an entity has had any.
type SizePrior struct {
	Mean      float64 // of logarithms
	Deviation float64 // of one window's logarithm about its level
	Between   float64 // deviation of levels between peers
}

// Measure is the size of one window.
type Measure struct {
	Time     int64   // nanoseconds since the epoch
	Value    float64 // geometric mean of requests, or total: bytes, nanoseconds; 0 is not learned
	Requests float64 // how many requests it is over; 0 for a total
	Held     bool    // it was found unusual: hardly learn from it
}

// degrees is how much the peers' deviation counts, in windows.
const degrees = 8

// weight is how much of a window's information a measure has.
func (z *Sizes) weight(requests float64) float64 {
	if !(requests > 0) {
		return 1
	}
	requests = min(requests, maxCount)
	return requests / (requests + clamp(z.Blur, 0, maxCount))
}

// advance fades up to a time; how much a measure of that time weighs.
func (z *Sizes) advance(s *Size, at uint32) (fast, slow float64) {
	if at < s.Time {
		return z.Memory.left(float64(s.Time - at))
	}
	if at > s.Time {
		fast, slow = z.Memory.left(float64(at - s.Time))
		s.Weight, s.Spread = small(float64(s.Weight)*slow), small(float64(s.Spread)*slow)
		s.FastWeight = small(float64(s.FastWeight) * fast)
		s.Time = at
	}
	return 1, 1
}

// Learn takes a measure in. It returns the law it was held against, which is what peers learn from.
func (z *Sizes) Learn(s *Size, prior *SizePrior, m Measure) SizeLaw {
	fast, slow := z.advance(s, seconds(m.Time))
	law := z.Law(s, prior, Slow, m)
	if !(m.Value > 0) {
		return law
	}
	y := logOf(m.Value)
	reach := z.Memory.Clip * law.Scale
	y = law.Middle + clamp(y-law.Middle, -reach, reach)
	weight := z.weight(m.Requests)
	if m.Held {
		weight *= clamp(z.Memory.Held, 0, 1)
	}
	mean, was := float64(s.Mean), clamp(float64(s.Weight), 0, maxCount)
	if w := slow * weight; w > 0 {
		step := y - mean
		s.Weight, s.Mean = small(was+w), small(mean+step*w/(was+w))
		s.Spread = small(float64(s.Spread) + step*step*w*was/(was+w))
	}
	if w := fast * weight; w > 0 {
		was := clamp(float64(s.FastWeight), 0, maxCount)
		s.FastWeight, s.FastMean = small(was+w), small(float64(s.FastMean)+(y-float64(s.FastMean))*w/(was+w))
	}
	return law
}

// Law is what the logarithm of a measure is expected to be; only its time and requests are looked at.
func (z *Sizes) Law(s *Size, prior *SizePrior, h Horizon, m Measure) SizeLaw {
	fast, slow := 1.0, 1.0
	if at := seconds(m.Time); at > s.Time {
		fast, slow = z.Memory.left(float64(at - s.Time))
	}
	w, mean := clamp(float64(s.Weight), 0, maxCount)*slow, float64(s.Mean)
	spread := clamp(float64(s.Spread), 0, maxCount) * slow
	deviation, between := prior.deviation(), clamp(prior.Between, 1e-3, 50)
	kappa := deviation * deviation / (between * between)
	start := clamp(prior.Mean, -maxLog, maxLog)
	// How far the level is off the peers' is no scatter of windows, so Gelman's term for it is left out: giants would be
	// deaf.
	variance := (degrees*deviation*deviation + spread) / (degrees + w)
	nu := clamp(degrees+w, 1, clamp(z.Degrees, 1, 1e6))
	if h == Fast {
		w, mean = clamp(float64(s.FastWeight), 0, maxCount)*fast, float64(s.FastMean)
	}
	middle := (kappa*start + w*mean) / (kappa + w)
	scale := math.Sqrt(variance * (1/z.weight(m.Requests) + 1/(kappa+w)))
	return SizeLaw{Middle: clamp(middle, -maxLog, maxLog), Scale: clamp(scale, 1e-3, maxLog), Degrees: nu}
}

// Drift compares the horizons: the ratio of the fast to the slow level, and how surprising a fast level as high would be,
// with the variance Memory.Drift by which levels wander anyhow.
func (z *Sizes) Drift(s *Size, prior *SizePrior, at int64) Drift {
	fast := 1.0
	if now := seconds(at); now > s.Time {
		fast, _ = z.Memory.left(float64(now - s.Time))
	}
	slow := z.Law(s, prior, Slow, Measure{Time: at})
	weight := clamp(float64(s.FastWeight), 0, maxCount) * fast
	if weight < 1 {
		return Drift{Ratio: 1, Expected: slow.Expected()}
	}
	level := clamp(float64(s.FastMean), -maxLog, maxLog)
	slow.Scale = math.Sqrt(slow.Scale*slow.Scale/weight + clamp(z.Memory.Drift, 0, maxNoise))
	return Drift{
		Ratio: clamp(math.Exp(min(level-slow.Middle, maxLog)), 0, maxCount), Expected: slow.Expected(), Surprise: slow.surprise(level),
	}
}

func (p *SizePrior) deviation() float64 { return clamp(p.Deviation, 0.02, 50) }
