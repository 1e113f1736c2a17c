package sketch

import "math"

// ertl is the number of different values that HyperLogLog registers with ranks of 0 to q+1 have seen, by how many of the m
// registers have each rank: Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284,
// algorithm 6,
//
//	E = m²/(2·ln 2) / (m·σ(C[0]/m) + Σ C[k]·2^(−k) + m·τ(1−C[q+1]/m)·2^(−q)),
//
// which has no bias at any number and does not fall when registers grow.
func ertl(counts []uint32) float64 {
	sum := uint32(0)
	for _, n := range counts {
		sum += n
	}
	m, q := float64(sum), len(counts)-2
	z := m * ertlTau(1-float64(counts[q+1])/m)
	for k := q; k >= 1; k-- {
		z = 0.5 * (z + float64(counts[k]))
	}
	z += m * ertlSigma(float64(counts[0])/m)
	return min(m*m/(2*math.Ln2*z), math.MaxInt64/2) // registers that are all full say infinitely many
}

// ertlSigma is σ(x) = x + Σ x^(2^k)·2^(k−1) over k ≥ 1: what registers still at 0 add.
func ertlSigma(x float64) float64 {
	if x >= 1 {
		return math.Inf(1)
	}
	z, y := x, 1.0
	for last := -1.0; z != last; y += y {
		x *= x
		last = z
		z += x * y
	}
	return z
}

// ertlTau is τ(x) = (1 − x − Σ (1−x^(2^(−k)))²·2^(−k))/3 over k ≥ 1: what registers at their highest take away.
func ertlTau(x float64) float64 {
	if x <= 0 || x >= 1 {
		return 0
	}
	z, y := 1-x, 1.0
	for last := -1.0; z != last; {
		x = math.Sqrt(x)
		y *= 0.5
		last = z
		z -= (1 - x) * (1 - x) * y
	}
	return z / 3
}
