package detect

import "math"

// share is part/whole; 0 of nothing.
func share(part, whole uint32) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// round2 rounds to hundredths: what people read in evidence.
func round2(v float64) float64 { return math.Round(v*100) / 100 }
