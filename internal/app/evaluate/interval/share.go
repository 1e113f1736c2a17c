package interval

import "math"

// Share is how many of some things are of a kind.
type Share struct {
	Hits int `json:"hits"`
	Of   int `json:"of"`
	// Value is Hits ÷ Of, 0 where there is nothing to divide by.
	Value float64 `json:"value"`
	// Low and High are the bounds of Wilson's interval; of nothing, anything may be true.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// ShareOf is hits of n with Wilson's score interval, which holds for few things and for shares of 0 and 1 too, where the
// textbook's p ± z·√(p(1−p)/n) has no width:
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)
//
// E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212; recommended
// by L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001) 101–133.
func ShareOf(hits, n int) Share {
	s := Share{Hits: hits, Of: n, High: 1}
	if n <= 0 {
		return s
	}
	size := float64(n)
	p := float64(hits) / size
	middle := p + Z*Z/(2*size)
	reach := Z * math.Sqrt(p*(1-p)/size+Z*Z/(4*size*size))
	scale := 1 + Z*Z/size
	s.Value = p
	s.Low, s.High = max((middle-reach)/scale, 0), min((middle+reach)/scale, 1)
	// At the ends the formula gives the end itself, but for rounding.
	if hits == 0 {
		s.Low = 0
	}
	if hits == n {
		s.High = 1
	}
	return s
}
