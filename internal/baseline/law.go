package baseline

import (
	"math"

	"gatewatch/internal/baseline/tail"
)

// Law is what a count is expected to be: negative binomial, with variance mean + mean²/size.
type Law struct {
	Mean float64
	Size float64
}

// newLaw is the law with a mean and a relative variance beyond Poisson's.
func newLaw(mean, scatter float64) Law {
	return Law{Mean: clamp(mean, minMean, maxCount), Size: clamp(1/clamp(scatter, 1/maxSize, 1/minSize), minSize, maxSize)}
}

// Deviation is the standard deviation.
func (l Law) Deviation() float64 { return math.Sqrt(l.Mean + l.Mean/l.Size*l.Mean) }

// Surprise is −log₁₀ P(K ≥ count).
func (l Law) Surprise(count float64) float64 {
	l = l.clean()
	return surprise(tail.UpperNegBinomial(whole(count), l.Size, l.Mean))
}

// Lack is −log₁₀ P(K ≤ count): how surprising so few are.
func (l Law) Lack(count float64) float64 {
	l = l.clean()
	return surprise(tail.LowerNegBinomial(whole(count), l.Size, l.Mean))
}

// Uniform is P(K > count) + u·P(K = count): with u uniform on [0, 1] it is uniform where the law is right, which
// P(K ≥ count) is not, counts being whole (Dunn and Smyth, "Randomized quantile residuals", 1996). With u = ½ it is the
// mid-p-value.
func (l Law) Uniform(count, u float64) float64 {
	l = l.clean()
	count = whole(count)
	above := math.Exp(tail.UpperNegBinomial(count+1, l.Size, l.Mean))
	return clamp(above+clamp(u, 0, 1)*math.Exp(tail.LogNegBinomial(count, l.Size, l.Mean)), 0, 1)
}

// Interval is between which counts all but a share of 2·10^(−surprise) lie.
func (l Law) Interval(surprise float64) (low, high float64) {
	l = l.clean()
	high = edge(l.Mean, func(k float64) bool { return l.Surprise(k+1) >= surprise })
	if l.Lack(0) >= surprise {
		low = high - edge(high, func(d float64) bool { return l.Lack(high-d-1) >= surprise || d >= high })
	}
	return max(low, 0), high
}

// edge is the smallest whole number that a monotone test accepts, found by doubling and halving.
func edge(start float64, accepts func(float64) bool) float64 {
	low, high := -1.0, max(math.Floor(start), 1)
	for high < maxCount && !accepts(high) {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if mid := math.Floor((low + high) / 2); accepts(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

func (l Law) clean() Law {
	return Law{Mean: clamp(l.Mean, minMean, maxCount), Size: clamp(l.Size, minSize, maxSize)}
}

// whole is a count as the laws take it.
func whole(count float64) float64 { return math.Floor(clamp(count, 0, maxCount)) }

// surprise turns a natural logarithm of a probability into a surprise.
func surprise(ln float64) float64 { return clamp(-ln/tail.Ln10, 0, maxSurprise) }

// maxSurprise stands for what cannot be under a law.
const maxSurprise = 1e18
