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
	for _, size := range []float64{0.001, 0.05, 0.5, 1, 2.5, 10, 100, 1e4, 1e9} {
		for _, mean := range []float64{0.001, 0.1, 1, 7.3, 100, 1500} {
			ref := negBinomial(size, mean)
			sd := math.Sqrt(mean + mean*mean/size)
			for _, z := range []float64{-3, -1, -0.3, 0, 0.3, 1, 2, 4, 8, 16, 40} {
				k := math.Max(math.Round(mean+z*sd), 1)
				if k > mean && max(sd, mean/size) > 300 {
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
	for _, size := range []float64{0.02, 0.5, 2.5, 100, 1e6} {
		for _, mean := range []float64{0.1, 7.3, 100, 2000} {
			ref := negBinomial(size, mean)
			for _, share := range []float64{0, 0.01, 0.1, 0.5, 0.9, 1, 1.2, 3} {
				k := math.Round(mean * share)
				want := float(bigLog(mul(bigExp(ref.logPoint(k)), ref.sum(k, -1))))
				if want > -1e-20 {
					continue // all but everything is below: the reference has no digits left
				}
				a.check(t, LowerNegBinomial(k, size, mean), want, "LowerNegBinomial(%g, %g, %g)", k, size, mean)
			}
		}
	}
	a.log(t)
}

func TestBetaBinomialAgainstExactSums(t *testing.T) {
	var a accuracy
	for _, n := range []float64{1, 5, 40, 1000, 4000} {
		for _, strength := range []float64{0.01, 0.5, 2, 30, 1e3, 1e6, 1e10} {
			for _, share := range []float64{1e-4, 0.02, 0.3, 0.9} {
				alpha, beta := strength*share, strength*(1-share)
				ref := betaBinomial(n, alpha, beta)
				sd := math.Sqrt(n * share * (1 - share) * (strength + n) / (strength + 1))
				for _, z := range []float64{-2, -0.4, 0.1, 1, 3, 9, 30} {
					k := math.Min(math.Max(math.Round(n*share+z*sd), 1), n)
					if sd > 100 {
						continue
					}
					a.check(t, UpperBetaBinomial(k, n, alpha, beta), ref.upper(k), "UpperBetaBinomial(%g, %g, %g, %g)", k, n, alpha, beta)
				}
			}
		}
	}
	a.log(t)
}

// TestUpperStudent holds Student's law against its closed forms, DLMF 8.17 with ν = 1, 2 and 4, and the limits.
func TestUpperStudent(t *testing.T) {
	var a accuracy
	for _, v := range []float64{0.01, 0.3, 1, 2.5, 6, 40, 1e3, 1e6, 1e20} {
		cauchy := math.Log(math.Atan(1/v) / math.Pi)
		a.check(t, UpperStudent(v, 1), cauchy, "UpperStudent(%g, 1)", v)
		// ½(1 − t/√(2+t²)) with nothing subtracted.
		root := math.Sqrt(2 + v*v)
		a.check(t, UpperStudent(v, 2), -math.Log(root)-math.Log(root+v), "UpperStudent(%g, 2)", v)
		a.check(t, UpperStudent(-v, 2), math.Log1p(-1/(root*(root+v))), "UpperStudent(−%g, 2)", v)
	}
	// Q(6) of the normal law is 9.865876450376946e-10 (Abramowitz and Stegun, table 26.2); at 1e12 degrees of freedom
	// Student's is the same to 1e-9.
	if got, want := UpperStudent(6, 1e12), math.Log(9.865876450376946e-10); math.Abs(got/want-1) > 1e-9 {
		t.Errorf("UpperStudent(6, 1e12) = %.15g, want %.15g", got, want)
	}
	if got := UpperStudent(0, 5); got != -math.Ln2 {
		t.Errorf("UpperStudent(0, 5) = %g, want ln ½", got)
	}
	a.log(t)
}

// TestManyTrials holds the beta law of many trials against the sum where the one takes over from the other.
func TestManyTrials(t *testing.T) {
	for _, tt := range []struct{ k, alpha, beta float64 }{{20_000, 3, 40}, {60_000, 30, 200}, {5_000, 1, 300}, {130_000, 5, 5}} {
		sum := upwards(tt.k, long, tt.alpha, tt.beta)
		beta := upperShare((tt.k-0.5)/long, long, tt.alpha, tt.beta)
		if math.Abs(beta/sum-1) > 2e-3 {
			t.Errorf("ln P(K ≥ %g) of %g, %g: %g by the beta law, want %g", tt.k, tt.alpha, tt.beta, beta, sum)
		}
	}
}

// TestMonotone follows tails over counts: more is never less surprising, and nothing jumps where methods change.
func TestMonotone(t *testing.T) {
	for _, size := range []float64{0.005, 0.7, 12, 5e3, 1e8} {
		for _, mean := range []float64{0.01, 3, 2500, 1e7} {
			last := 0.0
			for k := 1.0; k < 1e9; k = math.Ceil(k * 1.02) {
				got := UpperNegBinomial(k, size, mean)
				if got > last || math.IsNaN(got) || math.IsInf(got, 0) {
					t.Fatalf("UpperNegBinomial(%g, %g, %g) = %g after %g", k, size, mean, got, last)
				}
				last = got
			}
		}
	}
}
