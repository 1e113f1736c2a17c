package tail

import "math"

// nodes is the order of the quadrature: on a Gaussian flank of nine standard deviations its error is below 1e-15.
const nodes = 32

// legendre holds the positive nodes and the weights of Gauss–Legendre quadrature on [−1, 1].
var legendre = gaussLegendre()

type rule struct{ x, w [nodes / 2]float64 }

// gaussLegendre finds the roots of the Legendre polynomial by Newton's method (DLMF 3.5.19).
func gaussLegendre() rule {
	var g rule
	for i := range nodes / 2 {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (nodes + 0.5))
		var slope float64
		for range 8 {
			p0, p1 := 1.0, x
			for n := 2.0; n <= nodes; n++ {
				p0, p1 = p1, ((2*n-1)*x*p1-(n-1)*p0)/n
			}
			slope = nodes * (x*p1 - p0) / (x*x - 1)
			x -= p1 / slope
		}
		g.x[i], g.w[i] = x, 2/((1-x*x)*slope*slope)
	}
	return g
}

// quadrature is I_x(a, b)·B(a, b) / (x^a y^(b−1)) for large a and b: with t = x e^(−s) the integral DLMF 8.17.1 is
//
//	∫ exp(−ψ(s)) ds over s ≥ 0,  ψ(s) = s(λ+x)/y + c·(e^(−s) − 1 + s) − (b−1)·(ln(1+z) − z),  z = (1 − e^(−s))x/y
//
// with c = (b−1)x/y. All terms of ψ are positive, ψ is convex, and the integrand has fallen below 1e-17 where the range
// ends.
func (p betaPoint) quadrature() float64 {
	const far = 39.5
	odds := p.x / p.y
	c := (p.b - 1) * odds
	slope := (p.lambda + p.x) / p.y
	curve := c * (1 + odds)
	// The positive root of slope·s + curve·s²/2 = far, in the form that does not cancel; ψ is a little flatter than
	// this parabola further out, so a tenth is added.
	end := 1.1 * 2 * far / (slope + math.Sqrt(slope*slope+2*curve*far))
	var sum float64
	for i, x := range legendre.x {
		near, away := end/2*(1-x), end/2*(1+x)
		sum += legendre.w[i] * (p.decay(near, slope, c) + p.decay(away, slope, c))
	}
	return sum * end / 2
}

func (p betaPoint) decay(s, slope, c float64) float64 {
	em1 := math.Expm1(-s)
	var bend float64 // e^(−s) − 1 + s
	if s < 1e-2 {
		bend = s * s * (0.5 - s*(1./6-s*(1./24-s*(1./120-s*(1./720-s/5040)))))
	} else {
		bend = em1 + s
	}
	return math.Exp(-(slope*s + c*bend - (p.b-1)*log1pMinus(-em1*p.x/p.y)))
}
