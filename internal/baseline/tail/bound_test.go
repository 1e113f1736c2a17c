package tail

import (
	"math"
	"testing"
)

func TestBoundIsBelow(t *testing.T) {
	var farthest float64
	for _, size := range []float64{0.001, 0.05, 0.5, 1, 3, 20, 1e4, 1e9} {
		for _, mean := range []float64{1e-6, 0.01, 0.7, 1, 7, 150, 1e5} {
			for k := 1.0; k < 1e7; k = math.Ceil(k * 1.3) {
				want, got := UpperNegBinomial(k, size, mean), BoundNegBinomial(k, size, mean)
				if got > want {
					t.Fatalf("BoundNegBinomial(%g, %g, %g) = %g, above %g", k, size, mean, got, want)
				}
				if k > mean && want > -30*Ln10 {
					farthest = max(farthest, (want-got)/Ln10)
				}
			}
		}
	}
	t.Logf("the bound is at most %.2f decades below tails above the mean", farthest)
}

func BenchmarkBoundNegBinomial(b *testing.B) {
	for b.Loop() {
		BoundNegBinomial(60, 2, 7)
	}
}
