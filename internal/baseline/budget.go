package baseline

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Budget is how many false alerts a day the operator accepts, and what of them one detector gets.
//
//	threshold = u + c·log₁₀(D/A),  A = PerDay·Share,  D = alarming tests a day, those with a surprise of u and more
//
// Were all p-values uniform, D would be tests·10^(−u) and c would be 1, and the threshold log₁₀(tests/A). Traffic is not
// as well-behaved as any law, so both are learned from the surprises themselves, as peaks over a threshold: beyond a high
// level what is exceeded is exponential with mean c·log₁₀e (Pickands 1975; in streams Siffer et al., "Anomaly detection in
// streams with extreme value theory", KDD 2017). Excesses are bounded before they are averaged, and c is the one with that
// bounded mean, c(1 − 10^(−Most/c))·log₁₀e: an attack of surprise 300 weighs as much as one of 4.
type Budget struct {
	PerDay   float64       // false alerts a day over all detectors
	Share    float64       // of them, this detector's, 0–1
	Level    float64       // u, the surprise from which excesses are looked at
	Most     float64       // excess above which more counts as this
	Trust    float64       // excesses whose evidence the assumption of uniform p-values is worth
	HalfLife time.Duration // of what is learned
}

// DefaultBudget returns the defaults: ten a day, all for one detector.
func DefaultBudget() Budget {
	return Budget{PerDay: 10, Share: 1, Level: 2, Most: 1.5, Trust: 30, HalfLife: 7 * 24 * time.Hour}
}

// Validate tells what is wrong with the settings.
func (b *Budget) Validate() error {
	var errs []error
	if !(b.PerDay > 0 && b.PerDay <= 1e9) || !(b.Share > 0 && b.Share <= 1) {
		errs = append(errs, fmt.Errorf("per_day %g, share %g: want above 0, and at most 1e9 and 1", b.PerDay, b.Share))
	}
	if !(b.Level > 0 && b.Level <= 10) || !(b.Most > 0 && b.Most <= 100) || !(b.Trust > 0) {
		errs = append(errs, fmt.Errorf("level %g, most %g, trust %g: want above 0, at most 10 and 100", b.Level, b.Most, b.Trust))
	}
	if b.HalfLife < time.Hour {
		errs = append(errs, fmt.Errorf("half_life %s: want at least 1h", b.HalfLife))
	}
	return errors.Join(errs...)
}

// Meter counts the tests of one detector and how surprising they were: 48 bytes, the zero value has seen none. One
// goroutine owns it.
type Meter struct {
	Tests    float64 // fading
	Alarming float64 // of them, with a surprise of Level and more
	Excess   float64 // their sum of what is above Level
	Days     float64 // over how long, fading alike
	Since    int64   // of the first test, nanoseconds since the epoch
	Time     int64   // of the newest
}

// Count takes one test in: one for each window, with the surprise that it had in the end. Of an episode only the first
// window is a test, the others are news of the same thing, and a storm of them would buy silence.
func (b *Budget) Count(m *Meter, at int64, surprise float64) {
	b.advance(m, at)
	m.Tests++
	if over := clamp(surprise, 0, maxSurprise) - b.Level; over >= 0 {
		m.Alarming++
		m.Excess += min(over, b.Most)
	}
}

func (b *Budget) advance(m *Meter, at int64) {
	if m.Tests == 0 && m.Time == 0 {
		m.Since, m.Time = at, at
		return
	}
	age := float64(at-m.Time) / float64(24*time.Hour)
	if age <= 0 {
		return
	}
	halfLife := float64(b.HalfLife) / float64(24*time.Hour)
	left := fade(age, halfLife)
	m.Tests, m.Alarming, m.Excess = m.Tests*left, m.Alarming*left, m.Excess*left
	// Time passed fades as it passes: the integral of 2^(−s/h) over the age.
	m.Days = m.Days*left + (1-left)*halfLife/math.Ln2
	m.Time = at
}

// TestsPerDay is how many tests a day there have been lately. In the first hours it is what an hour's would give.
func (b *Budget) TestsPerDay(m *Meter) float64 {
	return clamp(m.Tests, 0, maxCount) / max(clamp(m.Days, 0, maxCount), 1./24)
}

// Threshold is the surprise from which a test is worth one of the alerts.
func (b *Budget) Threshold(m *Meter) float64 {
	tests := max(b.TestsPerDay(m), 1)
	uniform := math.Pow(10, -b.Level)
	n, trust := clamp(m.Tests, 0, maxCount), clamp(b.Trust, 1e-3, maxCount)
	// Uniform p-values are believed with the weight of trust excesses.
	share := (clamp(m.Alarming, 0, maxCount) + trust) / (n + trust/uniform)
	mean := (clamp(m.Excess, 0, maxCount)*math.Ln10 + trust*b.bounded(1)) / (clamp(m.Alarming, 0, maxCount) + trust)
	alerts := clamp(b.PerDay, 1e-9, 1e9) * clamp(b.Share, 1e-9, 1)
	return clamp(b.Level+b.slope(mean)*math.Log10(tests*share/alerts), b.Level, 300)
}

// bounded is the mean of excesses with slope c when what is above Most counts as Most, in units of log₁₀e.
func (b *Budget) bounded(c float64) float64 {
	return c * -math.Expm1(-clamp(b.Most, 1e-3, 100)*math.Ln10/c)
}

// slope is the c whose bounded mean it is.
func (b *Budget) slope(mean float64) float64 {
	low, high := 0.5, 5.0
	for range 40 {
		if mid := (low + high) / 2; b.bounded(mid) < mean {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// Floor is what an alert must have beside a surprise: a surprise about twelve requests is not worth anybody's time. It
// is cheap, so it comes first: below it no tail is computed at all.
type Floor struct {
	Least float64 // least count
	Ratio float64 // least ratio of the count to what is expected
}

// Clears tells whether a count is worth a test.
func (f Floor) Clears(count, expected float64) bool {
	return count >= f.Least && count >= f.Ratio*clamp(expected, 0, maxCount)
}
