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

// long is the number of trials up to which tails are summed.
const long = 1 << 17

// UpperBetaBinomial is ln P(K ≥ k). Beyond 131 072 trials, whose sum takes too long, it is that of the beta law of the share
// with the same mean and variance, continuity corrected: the trials' own chance is then small beside the share's.
func UpperBetaBinomial(k, n, alpha, beta float64) float64 {
	switch {
	case k <= 0:
		return 0
	case k > n:
		return math.Inf(-1)
	case n > long:
		return upperShare((k-0.5)/n, n, alpha, beta)
	case k > n*(alpha/(alpha+beta)):
		return upwards(k, n, alpha, beta)
	}
	below := min(LogBetaBinomial(k-1, n, alpha, beta)+math.Log(outward(n-k+1, n, beta, alpha)), 0)
	if below > -0.1 {
		return upwards(k, n, alpha, beta) // most is below although the mean is not: one minus it would lose digits
	}
	return log1mExp(below)
}

func upwards(k, n, alpha, beta float64) float64 {
	return min(LogBetaBinomial(k, n, alpha, beta)+math.Log(outward(k, n, alpha, beta)), 0)
}

// upperShare is ln P(X ≥ x) of the beta law with mean m = α/(α+β) and the variance of K/n, m(1−m)(1/n + (1−1/n)/(α+β+1)).
func upperShare(x, n, alpha, beta float64) float64 {
	strength := 1/(1/n+(1-1/n)/(alpha+beta+1)) - 1
	a, b := strength*(alpha/(alpha+beta)), strength*(beta/(alpha+beta))
	return incomplete(betaPoint{a: b, b: a, x: 1 - x, y: x, lambda: b*x - a*(1-x)})
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
