package order

import "time"

const (
	// lead is by how much events get ahead of the clock before they count as being in a hurry.
	lead = 5 * time.Second
	// haste is how many times as fast as the clock events are that are in a hurry.
	haste = 4
	// paceSpan is over how long the pace is taken.
	paceSpan = time.Second
)

// Pace tells events that come as they happen, whatever their clock says, from those of a past that is played back: there,
// a moment's difference between partitions is minutes of log. One goroutine owns a Pace.
type Pace struct {
	began    time.Time
	from, at int64 // event times, in nanoseconds since the Unix epoch: when the span began, and the latest
	hurried  bool  // in the span before
}

// See takes note of how far the events have got.
func (p *Pace) See(at int64, now time.Time) {
	if p.at = max(p.at, at); p.began.IsZero() {
		p.began, p.from, p.hurried = now, p.at, true // until it is known
	}
	if took := now.Sub(p.began); took >= paceSpan {
		p.hurried = time.Duration(p.at-p.from) > haste*took
		p.began, p.from = now, p.at
	}
}

// Hurries tells that events come much faster than they happened.
func (p *Pace) Hurries(now time.Time) bool {
	return p.began.IsZero() || p.hurried && now.Sub(p.began) < 2*paceSpan || time.Duration(p.at-p.from) > lead+haste*now.Sub(p.began)
}
