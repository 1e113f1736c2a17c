package baseline

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Budget is how many false alerts a day the operator accepts, and what of them one detector gets.
//
//	threshold = u + c·log₁₀(D/A),  A = PerDay·Share,  D = tests a day with a surprise of u and more
//
// Were all p-values uniform, D would be tests·10^(−u) and c would be 1, and the threshold log₁₀(tests/A). Traffic is not
// as well-behaved as any law, and floors leave of all tests those that are far out, so both are learned from the surprises
// themselves, as peaks over a threshold: beyond a high level what is exceeded is exponential with mean c·log₁₀e (Pickands
// 1975; in streams Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017). The level u is the
// highest that is still exceeded Reach times as often as there may be alerts, so that it is little that is extrapolated.
//
// Attacks are no false alerts, and must not buy silence. So u is no higher than where uniform p-values would have the
// threshold; excesses are bounded before they are averaged, c being the one with that bounded mean,
// c(1 − 10^(−Most/c))·log₁₀e, and at most 1.8; and tests beyond the threshold count in full only as long as there are at most
// ten times as many as accepted.
type Budget struct {
	PerDay   float64       // false alerts a day over all detectors
	Share    float64       // of them, this detector's, 0–1
	Level    float64       // the surprise from which tests are told apart
	Reach    float64       // how much more often u is exceeded than alerts are accepted
	Most     float64       // excess above which more counts as this
	Trust    float64       // excesses whose evidence the assumption of uniform p-values is worth, and least number above u
	HalfLife time.Duration // of what is learned
}

// DefaultBudget returns the defaults: ten a day, all for one detector.
func DefaultBudget() Budget {
	return Budget{PerDay: 10, Share: 1, Level: 2, Reach: 3, Most: 1.5, Trust: 30, HalfLife: 7 * 24 * time.Hour}
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
	if !(b.Reach >= 1 && b.Reach <= 1000) {
		errs = append(errs, fmt.Errorf("reach %g: want 1 to 1000", b.Reach))
	}
	if b.HalfLife < time.Hour {
		errs = append(errs, fmt.Errorf("half_life %s: want at least 1h", b.HalfLife))
	}
	return errors.Join(errs...)
}

const (
	// meterBins is how many surprises are told apart from Level on, and meterWidth how far they are apart.
	meterBins  = 48
	meterWidth = 0.25
	// within is how far into a bin surprises are on average that are exponential with mean log₁₀e.
	within = 0.113
)

// Meter counts the tests of one detector and how surprising they were: 232 bytes. The zero value has seen none. One
// goroutine owns it.
type Meter struct {
	Tests  float64            // fading
	Days   float64            // over how long, fading alike
	Time   int64              // of the newest, nanoseconds since the epoch
	Limit  float64            // the threshold as of Time, or when it was asked for last; 0 for never
	Beyond float64            // of the tests, those beyond the threshold, as far as they counted
	Bins   [meterBins]float32 // of the tests, those with a surprise of Level and more, by how much
}

// Count takes one test in: one for each window, with the surprise that it had in the end. Of an episode only the first
// window is a test, the others are news of the same thing, and a storm of them would buy silence.
func (b *Budget) Count(m *Meter, at int64, surprise float64) {
	b.advance(m, at)
	m.Tests++
	surprise, weight := clamp(surprise, 0, maxSurprise), 1.0
	if m.Limit > 0 && surprise > m.Limit {
		if !b.Credits(m) {
			weight = storm
		}
		m.Beyond += weight
	}
	if surprise >= b.Level {
		i := b.bin(surprise)
		m.Bins[i] = small(float64(m.Bins[i]) + weight)
	}
}

// Unlikely is the surprise that one of ten accepted alerts would have, were p-values uniform and all tests open to alerts:
// what is beyond it is hardly chance, however low the threshold is that floors leave.
func (b *Budget) Unlikely(m *Meter) float64 {
	return 1 + b.uniform(m)
}

// uniform is the threshold, were p-values uniform and all tests open to alerts.
func (b *Budget) uniform(m *Meter) float64 {
	return clamp(math.Log10(max(b.TestsPerDay(m), 1)/b.alerts()), b.Level, 300)
}

// alerts is how many a day are accepted.
func (b *Budget) alerts() float64 { return clamp(b.PerDay, 1e-9, 1e9) * clamp(b.Share, 1e-9, 1) }

// bin is that of a surprise of Level and more.
func (b *Budget) bin(surprise float64) int {
	return int(clamp((surprise-b.Level)/meterWidth, 0, meterBins-1))
}

// Credits tells whether a test beyond the threshold may still be a false alert. There can be more of them than are accepted,
// since thresholds are learned; what comes beyond ten times as many is an attack, and hardly counts.
func (b *Budget) Credits(m *Meter) bool {
	return m.Beyond < 10*b.alerts()*max(clamp(m.Days, 0, maxCount), 1)
}

// storm is how much a test counts beyond the threshold when there have been too many of them.
const storm = 0.01

func (b *Budget) advance(m *Meter, at int64) {
	if m.Tests == 0 && m.Time == 0 {
		m.Time = at
		return
	}
	age := float64(at-m.Time) / float64(24*time.Hour)
	if age < step {
		return
	}
	halfLife := float64(b.HalfLife) / float64(24*time.Hour)
	left := fade(age, halfLife)
	m.Tests, m.Beyond = clamp(m.Tests*left, 0, maxCount), clamp(m.Beyond*left, 0, maxCount)
	for i := range m.Bins {
		m.Bins[i] = small(float64(m.Bins[i]) * left)
	}
	// Time passed fades as it passes: the integral of 2^(−s/h) over the age.
	m.Days = clamp(m.Days*left+(1-left)*halfLife/math.Ln2, 0, maxCount)
	m.Time = at
	b.Threshold(m)
}

// step is in how many days so little is forgotten and learned that it is put off: ten minutes.
const step = 1. / (24 * 6)

// TestsPerDay is how many tests a day there have been lately. In the first hours it is what an hour's would give.
func (b *Budget) TestsPerDay(m *Meter) float64 {
	return clamp(m.Tests, 0, maxCount) / max(clamp(m.Days, 0, maxCount), 1./24)
}

// Threshold is the surprise from which a test is worth one of the alerts. The meter remembers it.
func (b *Budget) Threshold(m *Meter) float64 {
	n, trust := clamp(m.Tests, 0, maxCount), clamp(b.Trust, 1e-3, maxCount)
	tests := max(b.TestsPerDay(m), 1)
	alerts := b.alerts()
	// From the top down, to the first level with enough above it; at the lowest, uniform p-values are believed with the
	// weight of trust excesses.
	i, above := b.bin(b.uniform(m)), 0.0
	for _, n := range m.Bins[i:] {
		above += clamp(float64(n), 0, maxCount)
	}
	for i > 0 && (above < trust || tests*above < b.Reach*alerts*n) {
		i--
		above += clamp(float64(m.Bins[i]), 0, maxCount)
	}
	level, rate := b.Level+float64(i)*meterWidth, tests*above/max(n, 1)
	if i == 0 {
		rate = tests * (above + trust) / (n + trust*math.Pow(10, level))
	}
	mean := (b.excess(m, i)*math.Ln10 + trust*b.bounded(1)) / (above + trust)
	m.Limit = clamp(level+b.slope(mean)*math.Log10(rate/alerts), b.Level, 300)
	return m.Limit
}

// excess is the sum of what tests have above the level of a bin, where more than Most counts as that.
func (b *Budget) excess(m *Meter, from int) float64 {
	var sum float64
	for i := from; i < meterBins; i++ {
		sum += clamp(float64(m.Bins[i]), 0, maxCount) * min(float64(i-from)*meterWidth+within, b.Most)
	}
	return sum
}

// bounded is the mean of excesses with slope c when what is above Most counts as Most, in units of log₁₀e.
func (b *Budget) bounded(c float64) float64 {
	return c * -math.Expm1(-clamp(b.Most, 1e-3, 100)*math.Ln10/c)
}

// slope is the c whose bounded mean it is.
func (b *Budget) slope(mean float64) float64 {
	low, high := 0.3, 1.8
	for range 20 {
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
