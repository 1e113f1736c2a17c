package tail

import (
	"fmt"
	"math"
	"testing"
)

// worst is the largest relative error of a logarithm that is allowed.
const worst = 1e-12

// accuracy collects how far logarithms of tails are from the reference.
type accuracy struct {
	tails        int
	lowest, seen float64
	where        string
}

func (a *accuracy) check(t *testing.T, got, want float64, format string, args ...any) {
	t.Helper()
	e := math.Abs(got/want - 1)
	if got == want {
		e = 0
	}
	if !(e <= worst) {
		t.Errorf(format+" = %.17g, want %.17g: relative error %.2g", append(args, got, want, e)...)
	}
	a.tails++
	a.lowest = min(a.lowest, want)
	if e > a.seen {
		a.seen, a.where = e, fmt.Sprintf(format, args...)
	}
}

func (a *accuracy) log(t *testing.T) {
	t.Helper()
	t.Logf("%d tails down to 10^%.0f, largest relative error of the logarithm %.2g at %s", a.tails, a.lowest/Ln10, a.seen, a.where)
}

func TestNegBinomialAgainstExactSums(t *testing.T) {
	var a accuracy
	for _, size := range []float64{0.001, 0.01, 0.1, 0.5, 1, 2.5, 10, 100, 1e4, 1e6, 1e9} {
		for _, mean := range []float64{0.001, 0.1, 1, 7.3, 100, 2000} {
			ref := negBinomial(size, mean)
			sd := math.Sqrt(mean + mean*mean/size)
			for _, z := range []float64{-3, -1, -0.3, 0, 0.3, 1, 2, 4, 8, 16, 40} {
				k := math.Max(math.Round(mean+z*sd), 1)
				if k > mean && sd > 300 {
					continue // the sum is too long; TestTailsAgainstFraction has these
				}
				want := ref.upper(k)
				if want < -3000 {
					continue
				}
				a.check(t, UpperNegBinomial(k, size, mean), want, "UpperNegBinomial(%g, %g, %g)", k, size, mean)
			}
		}
	}
	a.log(t)
}

func TestLowerNegBinomialAgainstExactSums(t *testing.T) {
	var a accuracy
	for _, size := range []float64{0.01, 0.5, 2.5, 100, 1e6} {
		for _, mean := range []float64{0.1, 7.3, 100, 2000} {
			ref := negBinomial(size, mean)
			for _, share := range []float64{0, 0.01, 0.1, 0.5, 0.9, 1, 1.2, 3} {
				k := math.Round(mean * share)
				want := float(bigLog(mul(bigExp(ref.logPoint(k)), ref.sum(k, -1))))
				a.check(t, LowerNegBinomial(k, size, mean), want, "LowerNegBinomial(%g, %g, %g)", k, size, mean)
			}
		}
	}
	a.log(t)
}

func TestBetaBinomialAgainstExactSums(t *testing.T) {
	var a accuracy
	for _, n := range []float64{1, 5, 40, 1000, 20_000} {
		for _, strength := range []float64{0.01, 0.5, 2, 30, 1e3, 1e6, 1e10} {
			for _, share := range []float64{1e-4, 0.02, 0.3, 0.9} {
				alpha, beta := strength*share, strength*(1-share)
				ref := betaBinomial(n, alpha, beta)
				sd := math.Sqrt(n * share * (1 - share) * (strength + n) / (strength + 1))
				for _, z := range []float64{-2, -0.4, 0.1, 1, 3, 9, 30} {
					k := math.Min(math.Max(math.Round(n*share+z*sd), 1), n)
					if sd > 200 {
						continue
					}
					a.check(t, UpperBetaBinomial(k, n, alpha, beta), ref.upper(k), "UpperBetaBinomial(%g, %g, %g, %g)", k, n, alpha, beta)
				}
			}
		}
	}
	a.log(t)
}
