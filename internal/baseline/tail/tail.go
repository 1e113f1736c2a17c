// Package tail computes how improbable a count is: natural logarithms of the tail probabilities of the negative binomial,
// the beta-binomial and Student's law, far beyond where the probabilities themselves underflow. It holds no model and no
// data; nothing in it allocates. The relative error of the logarithm is at most 1e-12 (see the tests), because everything
// that cancels is written in terms of the distance to the mean, which the caller's parameters give exactly.
//
// The functions expect finite parameters within the ranges of their comments; package baseline sees to it.
package tail

import "math"

const (
	ln2Pi = 1.8378770664093454835606594728112
	// Ln10 turns natural logarithms into decimal ones.
	Ln10 = math.Ln10
)

// LogNegBinomial is ln P(K = k) of a negative binomial law with the given size (r > 0) and mean (μ > 0); k is a whole
// number ≥ 0.
//
//	P(K = k) = Γ(k+r) / (k! Γ(r)) · p^r q^k,   p = r/(r+μ), q = μ/(r+μ)
//
// It is r/(r+k) times a binomial probability, computed from deviances as in Loader, "Fast and Accurate Computation of
// Binomial Probabilities" (2000).
func LogNegBinomial(k, size, mean float64) float64 {
	if k <= 0 {
		return -size * math.Log1p(mean/size)
	}
	return aboveMean(k, size, mean).logPoint() - math.Log1p(k/size)
}

// UpperNegBinomial is ln P(K ≥ k) = ln I_q(k, r), DLMF 8.17.24.
func UpperNegBinomial(k, size, mean float64) float64 {
	if k <= 0 {
		return 0
	}
	return incomplete(aboveMean(k, size, mean))
}

func aboveMean(k, size, mean float64) betaPoint {
	sum := size + mean
	return betaPoint{a: k, b: size, x: mean / sum, y: size / sum, lambda: size * ((k - mean) / sum)}
}

// LowerNegBinomial is ln P(K ≤ k) = ln I_p(r, k+1).
func LowerNegBinomial(k, size, mean float64) float64 {
	if k < 0 {
		return math.Inf(-1)
	}
	sum := size + mean
	return incomplete(betaPoint{a: size, b: k + 1, x: size / sum, y: mean / sum, lambda: size * ((mean - k - 1) / sum)})
}

// UpperStudent is ln P(T ≥ t) of Student's law with ν degrees of freedom: ½ I_x(ν/2, ½) with x = ν/(ν+t²) for t ≥ 0,
// DLMF 8.17 and Abramowitz and Stegun 26.7.1.
func UpperStudent(t, nu float64) float64 {
	if t < 0 {
		return log1mExp(UpperStudent(-t, nu))
	}
	t2 := t * t
	x, y := nu/(nu+t2), t2/(nu+t2)
	if y == 0 {
		return -math.Ln2
	}
	// a − (a+b)x with a = ν/2, b = ½ is (ν/2)(t²−1)/(ν+t²).
	return incomplete(betaPoint{a: nu / 2, b: 0.5, x: x, y: y, lambda: nu / 2 * ((t2 - 1) / (nu + t2))}) - math.Ln2
}

// log1mExp is ln(1 − e^v) for v ≤ 0 (Mächler, "Accurately Computing log(1 − exp(−|a|))", 2012).
func log1mExp(v float64) float64 {
	if v > -math.Ln2 {
		return math.Log(-math.Expm1(v))
	}
	return math.Log1p(-math.Exp(v))
}

// logPoint is ln[ Γ(a+b+1)/(Γ(a+1)Γ(b+1)) · x^a y^b ]. Both deviances are of one sign, so that nothing cancels.
func (p betaPoint) logPoint() float64 {
	sum := p.a + p.b
	return stirling(sum) - stirling(p.a) - stirling(p.b) + deviance(p.a, -p.lambda, p.x*(sum/p.a)) +
		deviance(p.b, p.lambda, p.y*(sum/p.b)) + (math.Log(sum/p.b/p.a)-ln2Pi)/2
}

// deviance is n·(ln(1 + off/n) − off/n); ratio is 1 + off/n, which keeps its digits where off/n is close to −1.
func deviance(n, off, ratio float64) float64 {
	if off < -0.5*n {
		return n*math.Log(ratio) - off
	}
	return n * log1pMinus(off/n)
}

// stirling is the error of Stirling's formula, ln Γ(n+1) − (n+½) ln n + n − ½ ln 2π (DLMF 5.11.1).
func stirling(n float64) float64 {
	if n <= 15 {
		g, _ := math.Lgamma(n + 1)
		return g - (n+0.5)*math.Log(n) + n - ln2Pi/2
	}
	v := 1 / (n * n)
	return (1./12 - (1./360-(1./1260-(1./1680-(1./1188-(691./360360-v/156)*v)*v)*v)*v)*v) / n
}

// log1pMinus is ln(1+x) − x without cancellation. With r = x/(2+x) it is 2 artanh r − x = −r·x + 2r³(⅓ + r²/5 + …).
func log1pMinus(x float64) float64 {
	if x < -0.3 || x > 0.4 {
		return math.Log1p(x) - x
	}
	r := x / (2 + x)
	v := r * r
	// |r| ≤ 0.177, so the first term left out is below 1e-17 of the first.
	s := 1./3 + v*(1./5+v*(1./7+v*(1./9+v*(1./11+v*(1./13+v*(1./15+v*(1./17+v*(1./19+v*(1./21+v/23)))))))))
	return 2*r*v*s - r*x
}
