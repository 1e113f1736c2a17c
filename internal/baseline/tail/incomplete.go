package tail

import "math"

// betaPoint is where the regularised incomplete beta function I_x(a, b) is wanted. y is 1 − x and lambda is
// a − (a+b)x; both are given because the caller knows them without cancellation.
type betaPoint struct{ a, b, x, y, lambda float64 }

// incomplete is ln I_x(a, b). Where x is beyond the mean it takes the other tail, I_x(a, b) = 1 − I_y(b, a)
// (DLMF 8.17.4).
func incomplete(p betaPoint) float64 {
	if p.lambda < 0 {
		return log1mExp(beyondMean(betaPoint{a: p.b, b: p.a, x: p.y, y: p.x, lambda: -p.lambda}))
	}
	return beyondMean(p)
}

// wide is the a·b/(a+b) from which the fraction takes so many terms that quadrature is cheaper.
const wide = 3000

func beyondMean(p betaPoint) float64 {
	scale := p.a / (p.a + p.b) * p.b
	ln := p.logPoint() + math.Log(scale)
	if scale > wide {
		return min(ln+math.Log(p.quadrature())-math.Log(p.y), 0)
	}
	return min(ln+math.Log(p.fraction()), 0)
}

// fraction is I_x(a, b)·B(a, b) / (x^a y^b): the even part of the continued fraction DLMF 8.17.22, as in Didonato and
// Morris, "Algorithm 708" (ACM TOMS 18, 1992), equation 9, by Wallis's recurrence with scaling.
func (p betaPoint) fraction() float64 {
	const (
		terms   = 20_000
		epsilon = 1e-15
	)
	yp1 := 1 + p.y
	c := 1 + p.lambda
	c0, c1 := p.b/p.a, 1+1/p.a
	n, s := 1.0, p.a+1
	pp := 1.0
	an, bn, anp1, bnp1 := 0.0, 1.0, 1.0, c/c1
	r := c1 / c
	for ; n < terms; n++ {
		t := n / p.a
		w := n * (p.b - n) * p.x
		e := p.a / s
		alpha := pp * (pp + c0) * e * e * (w * p.x)
		e = (1 + t) / (c1 + t + t)
		beta := n + w/s + e*(c+n*yp1)
		pp = 1 + t
		s += 2
		an, anp1 = anp1, alpha*an+beta*anp1
		bn, bnp1 = bnp1, alpha*bn+beta*bnp1
		r0 := r
		r = anp1 / bnp1
		if math.Abs(r-r0) <= epsilon*r {
			break
		}
		an /= bnp1
		bn /= bnp1
		anp1 = r
		bnp1 = 1
	}
	return r
}
