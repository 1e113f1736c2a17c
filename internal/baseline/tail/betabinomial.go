package tail

import "math"

// LogBetaBinomial is ln P(K = k) of a beta-binomial law: k of n, α and β > 0.
//
//	P(K = k) = C(n, k) B(k+α, n−k+β) / B(α, β)
//
// It equals NB(k; α)·NB(n−k; β) / NB(n; α+β) for negative binomial laws of any common p. With the p that gives the last
// one mean n, nothing cancels.
func LogBetaBinomial(k, n, alpha, beta float64) float64 {
	if n <= 0 {
		return 0
	}
	share := alpha / (alpha + beta)
	other := beta / (alpha + beta)
	return min(LogNegBinomial(k, alpha, n*share)+LogNegBinomial(n-k, beta, n*other)-LogNegBinomial(n, alpha+beta, n), 0)
}

// UpperBetaBinomial is ln P(K ≥ k).
func UpperBetaBinomial(k, n, alpha, beta float64) float64 {
	switch {
	case k <= 0:
		return 0
	case k > n:
		return math.Inf(-1)
	case k > n*(alpha/(alpha+beta)):
		return min(LogBetaBinomial(k, n, alpha, beta)+math.Log(outward(k, n, alpha, beta)), 0)
	default:
		return log1mExp(min(LogBetaBinomial(k-1, n, alpha, beta)+math.Log(outward(n-k+1, n, beta, alpha)), 0))
	}
}

// LowerBetaBinomial is ln P(K ≤ k): the upper tail of what is left.
func LowerBetaBinomial(k, n, alpha, beta float64) float64 {
	return UpperBetaBinomial(n-k, n, beta, alpha)
}

// outward is Σ P(K = j)/P(K = k) over j from k to n, by the ratio of neighbours. It ends where what is left cannot
// matter.
func outward(k, n, alpha, beta float64) float64 {
	sum, term := 1.0, 1.0
	for j := k; j < n; j++ {
		ratio := (n - j) / (j + 1) * ((j + alpha) / (n - j - 1 + beta))
		term *= ratio
		sum += term
		if ratio < 1 && rest(term, ratio, n-j, beta) < 1e-17*sum {
			break
		}
	}
	return sum
}

// rest bounds the sum of the terms after one. Ratios fall, so a geometric series does; with β < 1 they rise again
// towards the end, by less than the number of terms that are left.
func rest(term, ratio, left, beta float64) float64 {
	if beta < 1 {
		return term * left * left
	}
	return term / (1 - ratio)
}
