package baseline

import (
	"math"

	"gatewatch/internal/baseline/tail"
)

// Law is what a count is expected to be: Poisson about a mean that is multiplied by two independent Gamma variables, one for
// not knowing the level and one for the scatter of windows about it. Where one of them is small beside the other it is the
// negative binomial law with the same variance, otherwise negative binomial laws mixed over the narrower of the two (the
// K distribution with Poisson counts: Jakeman and Pusey, "A model for non-Rayleigh sea echo", 1976).
type Law struct {
	Mean  float64
	Doubt float64 // relative variance of the level, 1/a
	Noise float64 // relative variance of a window about its level
}

func newLaw(mean, doubt, noise float64) Law { return Law{mean, doubt, noise}.clean() }

func (l Law) clean() Law {
	return Law{clamp(l.Mean, minMean, maxCount), clamp(l.Doubt, 0, maxDoubt), clamp(l.Noise, 0, maxNoise)}
}

const (
	// maxDoubt is that of a prior of the least shape.
	maxDoubt = 20
	// maxNoise bounds the relative variance of one window about its level.
	maxNoise = 1000
	// narrow is the relative variance, or its ratio to the other, below which a Gamma variable only widens the law.
	narrow = 0.02
)

// size is that of the negative binomial law with the same mean and variance.
func (l Law) size() float64 {
	return clamp(1/clamp((1+l.Doubt)*(1+l.Noise)-1, 1/maxSize, 1/minSize), minSize, maxSize)
}

// Deviation is the standard deviation.
func (l Law) Deviation() float64 {
	l = l.clean()
	return math.Sqrt(l.Mean + l.Mean/l.size()*l.Mean)
}

// Surprise is −log₁₀ P(K ≥ count).
func (l Law) Surprise(count float64) float64 {
	l = l.clean()
	return surprise(l.mixed(whole(count), tail.UpperNegBinomial))
}

// Below tells, without computing a tail, that the surprise of a count is below a threshold; where it does not, the surprise
// has to be asked for. Of a mixed law the narrower variable is above its mean with a probability of at least 10^(−1.2), and
// larger means only make the count less surprising.
func (l Law) Below(count, threshold float64) bool {
	l = l.clean()
	size := l.size()
	if inner, mixed := l.mixture(); mixed {
		size, threshold = clamp(1/inner, minSize, maxSize), threshold-1.2
	}
	return surprise(tail.BoundNegBinomial(whole(count), size, l.Mean)) < threshold
}

// mixture is the relative variance of the wider of the two variables, and whether the narrower has to be mixed over.
func (l Law) mixture() (inner float64, mixed bool) {
	inner, outer := max(l.Doubt, l.Noise), min(l.Doubt, l.Noise)
	return inner, outer > narrow && outer*inner > narrow*narrow
}

// Lack is −log₁₀ P(K ≤ count): how surprising so few are.
func (l Law) Lack(count float64) float64 {
	l = l.clean()
	return surprise(l.mixed(whole(count), tail.LowerNegBinomial))
}

// LackAbout is Lack by the negative binomial law with the same mean and variance: near it where either is small, for a
// tenth of the work.
func (l Law) LackAbout(count float64) float64 {
	l = l.clean()
	return surprise(tail.LowerNegBinomial(whole(count), l.size(), l.Mean))
}

// Uniform is P(K > count) + u·P(K = count): with u uniform on [0, 1] it is uniform where the law is right, which
// P(K ≥ count) is not, counts being whole (Dunn and Smyth, "Randomized quantile residuals", 1996). With u = ½ it is the
// mid-p-value.
func (l Law) Uniform(count, u float64) float64 {
	l = l.clean()
	count = whole(count)
	above := math.Exp(l.mixed(count+1, tail.UpperNegBinomial))
	return clamp(above+clamp(u, 0, 1)*math.Exp(l.mixed(count, tail.LogNegBinomial)), 0, 1)
}

// mixed is ln of a probability of the law, from that of negative binomial laws. With x = e^t the mixture over a Gamma
// variable of shape A and mean 1 is an integral over t of an analytic function that falls fast on both sides, for which the
// trapezoidal rule is the best there is (Trefethen and Weideman, "The exponentially convergent trapezoidal rule", 2014);
// with this many nodes surprises are within 1 %.
func (l Law) mixed(count float64, ln func(k, size, mean float64) float64) float64 {
	inner, mixed := l.mixture()
	if !mixed {
		return ln(count, l.size(), l.Mean)
	}
	shape, size := 1/min(l.Doubt, l.Noise), clamp(1/inner, minSize, maxSize)
	// The density of t is e^(A(t + 1 − e^t)) but for a factor. Nodes lie where it is above e^−37, but not beyond where
	// x is too small to make a difference.
	const nodes, least = 33, -37
	low, high := edges(least / shape)
	step := (high - low) / (nodes - 1)
	var all, sum float64
	most, past := math.Inf(-1), false
	for i := range nodes {
		t := high - float64(i)*step
		density := shape * (t + 1 - math.Exp(t))
		all += math.Exp(density)
		if past {
			continue
		}
		v := density + ln(count, size, max(l.Mean*math.Exp(t), minMean))
		if v > most {
			sum, most = sum*math.Exp(most-v)+1, v
		} else {
			sum += math.Exp(v - most)
			// The integrand has one peak, so what comes after this is less.
			past = v < most+least
		}
	}
	return min(most+math.Log(sum/all), 0)
}

// edges is where t + 1 − e^t is as low as some negative depth, on both sides of 0.
func edges(depth float64) (low, high float64) {
	low = max(depth-1, -14)
	if near := -math.Sqrt(-2 * depth); near > low && depth > -2 {
		low = near * 1.25
	}
	for high = math.Log1p(math.Sqrt(-2*depth) - depth); high+1-math.Exp(high) > depth; {
		high += 0.1
	}
	return low, high
}

// whole is a count as the laws take it.
func whole(count float64) float64 { return math.Floor(clamp(count, 0, maxCount)) }

// surprise turns a natural logarithm of a probability into a surprise.
func surprise(ln float64) float64 { return clamp(-ln/tail.Ln10, 0, maxSurprise) }

// maxSurprise stands for what cannot be under a law.
const maxSurprise = 1e18
