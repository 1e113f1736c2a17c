package tail

import "math"

// BoundNegBinomial is a number that ln P(K ≥ k) is not below, at a fraction of its cost, to tell early what is no
// surprise. It is P(K = k), with Stirling's error replaced by ½ ln(1 + 1/6n), which it exceeds by less than 0.03 (after
// Gosper, "Decision procedure for indefinite hypergeometric summation", 1978), times the geometric series with the least
// ratio of neighbours from k on.
func BoundNegBinomial(k, size, mean float64) float64 {
	if k <= 0 {
		return 0
	}
	p := aboveMean(k, size, mean)
	// The ratio is q(j+r)/(j+1), which falls to q, or rises to it where r < 1.
	rest := p.y
	if size < 1 {
		rest = (k*p.y + 1 - p.x*size) / (k + 1)
	}
	ratio := size / (size + k) / (2 * math.Pi * k * (1 + 1/(6*size)) * (1 + 1/(6*k))) / (rest * rest)
	return min(deviance(k, -p.lambda, p.x*((k+size)/k))+deviance(size, p.lambda, p.y*((k+size)/size))+math.Log(ratio)/2-0.03, 0)
}
