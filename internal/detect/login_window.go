package detect

import (
	"math"

	"gatewatch/internal/sketch"
)

// loginWindow is what one endpoint's log-ins came to in one window.
type loginWindow struct {
	Number        int64         // of the window, in windows since the epoch
	First         int64         // event time of the first failure
	Failing       sketch.Bitmap // networks that failed, never got in before and have not got in since
	Aside         sketch.Bitmap // the same while nobody got in
	Pairs         sketch.Bitmap // network and account of the failures
	Passing       sketch.Distinct
	Accounts      sketch.Distinct // that failed
	Failures      uint32          // of Failing, of each network the first few
	AsideFailures uint32
	Hits          uint32 // networks that had only failed and got in with another account
	Held          uint32 // 1 once the statement held
	Strays        uint32 // events of another age in a row
	_             [4]byte
}

// maxStrays is how many events of another age in a row make it the window that was wrong.
const maxStrays = 32

// estranged tells that the window is of a time in which nothing happens: one event with a wrong clock had opened it.
func (w *loginWindow) estranged(number int64) bool {
	if number >= w.Number-1 {
		w.Strays = 0
		return false
	}
	w.Strays++
	return w.Strays >= maxStrays
}

// fail notes a failure.
func (w *loginWindow) fail(o *Observation, stopped bool) {
	if w.First == 0 {
		w.First = o.Time
	}
	if o.User != 0 {
		w.Accounts.Add(o.User * spread)
		w.Pairs.Add(pairOf(o))
	}
	networks, failures := &w.Failing, &w.Failures
	if stopped {
		networks, failures = &w.Aside, &w.AsideFailures
	}
	networks.Add(o.Client)
	if o.Failed < fewTries {
		*failures++
	}
}

// pass notes a success, and tells whether it is one of a network that had only failed, with an account that it did not
// fail with: somebody who mistyped gets in with the same.
func (w *loginWindow) pass(o *Observation) bool {
	w.Passing.Add(o.Client)
	w.Failing.Remove(o.Client)
	w.Aside.Remove(o.Client)
	if o.Failed == 0 || o.Passed > 0 || o.User == 0 || w.Pairs.Has(pairOf(o)) {
		return false
	}
	w.Hits++
	return true
}

// spread makes hashes that are compared by their upper bits of ones that need not be good there (Knuth's multiplier for 64
// bits).
const spread = 0x9e3779b97f4a7c15

func pairOf(o *Observation) uint64 { return (o.Client ^ o.User) * spread }

// loginNormal is what one endpoint's windows usually come to, with exponential forgetting. Dispersion is that of the
// squared residuals: people give up in clusters.
type loginNormal struct {
	Failing  float64 // sum of networks that failed
	Passing  float64 // sum of networks that got in
	Windows  float64 // sum of windows
	Residual float64 // sum of squared residuals, each by what was expected
	Peak     float64 // most networks that tried, lately
}

const (
	// keep is what one window leaves of those before: half after 35.
	keep = 0.98
	// keepPeak lets the peak live for about a week of hours.
	keepPeak = 0.995
	// The prior, as if so many networks had got in and so many of the others not: what an endpoint without a past is held
	// against. Sites have between 3 and 20 in a hundred.
	priorPassing, priorFailing = 20, 4
	// The prior of the dispersion, and how many windows it counts for.
	priorDispersion, priorWindows = 2, 4
	// clip bounds what one window can teach: twice what was expected, and some.
	clip, clipFloor = 2, 10
)

// expect is how many networks fail for good where so many get in.
func (n *loginNormal) expect(passing int) float64 {
	ratio := (n.Failing + priorFailing) / (n.Passing + priorPassing)
	return max(ratio*float64(passing), n.Failing/(n.Windows+1), 1)
}

func (n *loginNormal) dispersion() float64 {
	return max((n.Residual+priorDispersion*priorWindows)/(n.Windows+priorWindows), 1)
}

// surprise is −log10 of the probability of so many or more, bounded from above.
func (n *loginNormal) surprise(observed, expected float64) float64 {
	if observed <= expected {
		return 0
	}
	return (observed*math.Log(observed/expected) - observed + expected) / (math.Ln10 * n.dispersion())
}

// learn takes a window that is over.
func (n *loginNormal) learn(w *loginWindow) {
	passing := w.Passing.Count()
	failing := float64(w.Failing.Count())
	if w.Number == 0 || w.Held > 0 || passing == 0 && failing == 0 {
		return
	}
	expected := n.expect(passing)
	failing = min(failing, clip*expected+clipFloor)
	n.Residual = keep*n.Residual + (failing-expected)*(failing-expected)/expected
	n.Failing = keep*n.Failing + failing
	n.Passing = keep*n.Passing + float64(passing)
	n.Windows = keep*n.Windows + 1
	n.Peak = max(keepPeak*n.Peak, failing+float64(passing))
}

// pulse is the rhythm in which people get in.
type pulse struct {
	Last  int64   // event time of the newest success
	Gap   float64 // mean of the gaps between them, in nanoseconds
	Beats uint32
	_     [4]byte
}

const (
	// gapWeight is what one gap counts for.
	gapWeight = 1.0 / 16
	// stoppedGaps and stoppedFloor (nanoseconds) are how long a pause is that means that nobody gets in: of gaps at random,
	// one in fifty is as long.
	stoppedGaps, stoppedFloor = 4, 5e9
)

func (p *pulse) beat(t int64) {
	if p.Beats > 0 {
		gap := float64(max(t-p.Last, 0))
		weight := max(gapWeight, 1/float64(p.Beats))
		p.Gap += (min(gap, 24*3600e9) - p.Gap) * weight
	}
	p.Last, p.Beats = max(p.Last, t), min(p.Beats+1, 1<<16)
}

// stopped tells that nobody gets in at t, though people did.
func (p *pulse) stopped(t int64) bool {
	return p.Beats > failingBefore && float64(t-p.Last) > max(stoppedGaps*p.Gap, stoppedFloor)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
