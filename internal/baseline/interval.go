package baseline

import "math"

// Interval is between which counts all but a share of 2·10^(−surprise) lie.
func (l Law) Interval(surprise float64) (low, high float64) {
	l = l.clean()
	high = edge(l.Mean, func(k float64) bool { return l.Surprise(k+1) >= surprise })
	if l.Lack(0) >= surprise {
		low = high - edge(high, func(d float64) bool { return d >= high || l.Lack(high-d-1) >= surprise })
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
