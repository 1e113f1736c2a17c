package interval

import "math"

const (
	// precision is where a sum is as good as it gets.
	precision = 1e-16
	// tiny stands for 0 where it would be divided by.
	tiny = 1e-300
)

// upperGamma is Q(a, x) = Γ(a, x)/Γ(a), the regularised upper incomplete gamma function, for a > 0 and x ≥ 0: below a+1 from
// the series of its complement (Abramowitz and Stegun, Handbook of Mathematical Functions, 6.5.29),
//
//	P(a, x) = x^a·e^−x/Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …)
//
// and above from the continued fraction (6.5.31) by Lentz's method.
func upperGamma(a, x float64) float64 {
	if x <= 0 {
		return 1
	}
	logGamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - logGamma)
	if x < a+1 {
		return 1 - front*lowerSeries(a, x)
	}
	return front * upperFraction(a, x)
}

// terms bounds both: they converge in a few times √a.
func terms(a float64) int { return 200 + int(20*math.Sqrt(a)) }

func lowerSeries(a, x float64) float64 {
	term := 1 / a
	sum := term
	for n := range terms(a) {
		term *= x / (a + float64(n) + 1)
		sum += term
		if term < sum*precision {
			break
		}
	}
	return sum
}

func upperFraction(a, x float64) float64 {
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for n := 1; n < terms(a); n++ {
		i := float64(n)
		num := -i * (i - a)
		b += 2
		d = num*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + num/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		h *= d * c
		if math.Abs(d*c-1) < precision {
			break
		}
	}
	return h
}
