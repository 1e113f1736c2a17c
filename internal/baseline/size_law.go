package baseline

import (
	"math"

	"gatewatch/internal/baseline/tail"
)

// maxLog bounds logarithms of sizes: e^±700 are all the positive float64s.
const maxLog = 700

func logOf(v float64) float64 {
	return clamp(math.Log(clamp(v, 1e-300, math.MaxFloat64)), -maxLog, maxLog)
}

// SizeLaw is what the logarithm of a size is expected to be: Student's law about Middle.
type SizeLaw struct {
	Middle  float64
	Scale   float64
	Degrees float64
}

func (l SizeLaw) clean() SizeLaw {
	return SizeLaw{
		Middle: clamp(l.Middle, -maxLog, maxLog), Scale: clamp(l.Scale, 1e-3, maxLog), Degrees: clamp(l.Degrees, 1, 1e6),
	}
}

// Expected is the median of the size.
func (l SizeLaw) Expected() float64 { return math.Exp(l.clean().Middle) }

// Surprise is −log₁₀ of the probability of a size at least as large.
func (l SizeLaw) Surprise(value float64) float64 { return l.surprise(logOf(value)) }

func (l SizeLaw) surprise(y float64) float64 {
	l = l.clean()
	return surprise(tail.UpperStudent((y-l.Middle)/l.Scale, l.Degrees))
}

// Lack is −log₁₀ of the probability of a size at most as large.
func (l SizeLaw) Lack(value float64) float64 {
	l = l.clean()
	return surprise(tail.UpperStudent((l.Middle-logOf(value))/l.Scale, l.Degrees))
}

// P is the probability of a size at least as large.
func (l SizeLaw) P(value float64) float64 {
	l = l.clean()
	return clamp(math.Exp(tail.UpperStudent((logOf(value)-l.Middle)/l.Scale, l.Degrees)), 0, 1)
}
