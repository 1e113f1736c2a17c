// Package baseline says what is normal: for counts, for shares and for sizes of one entity, against its own past, its
// peers and the hour of the week, and how many false alerts a day a threshold costs. A model is an immutable value shared
// by all entities; what is remembered about one is a state of tens of bytes without pointers, which lives in a slab and is
// stored as its memory. Time is the events'. The package decides nothing: it gives expectations and surprises,
// −log₁₀ of tail probabilities, and detectors decide. It finds no windows either: callers cut time into windows and
// hand over what each held.
//
// Whatever goes in, what comes out is finite and no less than zero: numbers outside of what makes sense count as the
// nearest that does.
package baseline

import (
	"math"
	"time"
)

const (
	// maxCount bounds counts and exposures: above 2⁵³ a float64 does not tell neighbours apart.
	maxCount = 1 << 50
	// minMean and minSize keep laws away from where their tails lose digits.
	minMean = 1e-9
	minSize = 1e-3
	maxSize = 1e12
)

// clamp is v within bounds; not-a-number counts as the lower one.
func clamp(v, low, high float64) float64 {
	if !(v > low) {
		return low
	}
	return min(v, high)
}

// small is v as it is kept in a state: finite whatever comes.
func small(v float64) float32 { return float32(clamp(v, -1e30, 1e30)) }

// seconds is an event time as states keep it, in seconds since the epoch: enough until 2106.
func seconds(t int64) uint32 { return uint32(max(0, min(t/int64(time.Second), math.MaxUint32))) }

// fade is what is left of evidence after some seconds: 2^(−Δ/half-life). Since it is a function of the difference of two
// times, it does not matter in how many steps they are apart.
func fade(age, halfLife float64) float64 {
	if age <= 0 {
		return 1
	}
	return math.Exp2(-age / halfLife)
}
