package interval

import "math"

// Rate is how often something happens in a day.
type Rate struct {
	Count int     `json:"count"`
	Days  float64 `json:"days"`
	// PerDay is Count ÷ Days. It and its bounds are 0 where Days is.
	PerDay float64 `json:"per_day"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// RateOf is count events in so many days with Garwood's exact interval for a Poisson mean: Low is the mean under which so
// many or more come with a probability of 2.5 %, High the one under which so many or fewer do. With Q the regularised upper
// incomplete gamma function, P(X ≤ k | μ) = Q(k+1, μ), so that
//
//	1 − Q(k, Low) = 0.025   and   Q(k+1, High) = 0.025
//
// which is χ²(0.025; 2k)/2 and χ²(0.975; 2k+2)/2. F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28
// (1936) 437–442.
func RateOf(count int, days float64) Rate {
	r := Rate{Count: count, Days: days}
	if days <= 0 {
		return r
	}
	r.PerDay = float64(count) / days
	r.Low, r.High = garwood(count)
	r.Low /= days
	r.High /= days
	return r
}

func garwood(count int) (low, high float64) {
	k := float64(count)
	// The bounds are within some 2 √k of k; ten and a few more hold them for every k.
	reach := 10*math.Sqrt(k) + 10
	if count > 0 {
		low = bisect(max(k-reach, 0), k, func(mu float64) bool { return 1-upperGamma(k, mu) >= tail })
	}
	high = bisect(k, k+reach, func(mu float64) bool { return upperGamma(k+1, mu) <= tail })
	return low, high
}

// bisect finds where a monotonous statement becomes true, to the last bits.
func bisect(no, yes float64, is func(float64) bool) float64 {
	for range 200 {
		middle := no + (yes-no)/2
		if middle <= no || middle >= yes {
			break
		}
		if is(middle) {
			yes = middle
		} else {
			no = middle
		}
	}
	return yes
}
