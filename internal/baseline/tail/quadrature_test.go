package tail

import (
	"fmt"
	"math"
	"testing"
)

// TestTwoMethodsAgree holds the continued fraction and the quadrature against each other where sums are too long.
func TestTwoMethodsAgree(t *testing.T) {
	var a accuracy
	for _, size := range []float64{4000, 1e5, 1e7, 1e9, 1e12} {
		for _, mean := range []float64{4000, 1e6, 1e9, 1e12} {
			sd := math.Sqrt(mean + mean*mean/size)
			for _, z := range []float64{0.05, 0.5, 2, 8, 30} {
				k := math.Round(mean + z*sd)
				p := aboveMean(k, size, mean)
				f := p.fraction()
				if math.Sqrt(p.a/(p.a+p.b)*p.b) > 1e4 {
					continue // the fraction ends before it has converged
				}
				base := p.logPoint() + math.Log(p.a/(p.a+p.b)*p.b)
				a.check(t, base+math.Log(p.quadrature()/p.y), base+math.Log(f), "k %g, size %g, mean %g", k, size, mean)
			}
		}
	}
	a.log(t)
}

func BenchmarkUpperNegBinomial(b *testing.B) {
	for _, bb := range []struct{ k, size, mean float64 }{
		{3, 0.5, 1},
		{60, 2, 7},
		{200, 20, 100},
		{105, 20, 100},
		{5000, 3, 1000},
		{1100, 1e4, 1000},
		{3e4, 2e4, 2e4},
		{1.01e6, 5e5, 1e6},
		{1.1e12, 100, 1e12},
		{1.001e12, 1e9, 1e12},
	} {
		b.Run(fmt.Sprintf("k=%g/size=%g/mean=%g", bb.k, bb.size, bb.mean), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				UpperNegBinomial(bb.k, bb.size, bb.mean)
			}
		})
	}
}

func BenchmarkUpperBetaBinomial(b *testing.B) {
	for _, bb := range []struct{ k, n, alpha, beta float64 }{{8, 10, 2, 30}, {300, 1000, 20, 180}, {9e4, 1e5, 2, 3}, {5e6, 1e7, 20, 30}} {
		b.Run(fmt.Sprintf("k=%g/n=%g", bb.k, bb.n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				UpperBetaBinomial(bb.k, bb.n, bb.alpha, bb.beta)
			}
		})
	}
}

func BenchmarkUpperStudent(b *testing.B) {
	for b.Loop() {
		UpperStudent(4, 30)
	}
}
