package detect

import (
	"time"

	"gatewatch/internal/tally"
)

// trafficWindow is the last minutes of a service or endpoint together.
type trafficWindow struct {
	length   int64 // minutes
	count    float64
	expected float64
	busiest  float64 // count of its busiest minute
	recent   float64 // count of the last minutes, which may begin before it
}

// trafficSum is a count and what was expected of it.
type trafficSum struct{ count, expected float64 }

// windows gives the windows of the lengths asked for, in order, that end with a minute.
func (p *trafficPast) windows(end int64, lengths []int64, yield func(w trafficWindow)) {
	w := trafficWindow{recent: p.recent(end).count}
	next := 0
	for i := range int64(trafficRing) {
		at := uint64(end-i) % trafficRing
		count, expected := float64(p.Counts[at]), float64(p.Expected[at])
		w.length, w.count, w.expected = i+1, w.count+count, w.expected+expected
		w.busiest = max(w.busiest, count)
		if w.length == lengths[next] {
			yield(w)
			if next++; next == len(lengths) {
				return
			}
		}
	}
}

// recent is the last minutes up to one.
func (p *trafficPast) recent(end int64) (s trafficSum) {
	for i := range int64(lately) {
		at := uint64(end-i) % trafficRing
		s.count, s.expected = s.count+float64(p.Counts[at]), s.expected+float64(p.Expected[at])
	}
	return s
}

// lately is how many of the last minutes must be unusual too for a longer window to be so still.
const lately = 3

// minuteOf is the number of the minute of an event time since the epoch.
func minuteOf(t int64) int64 { return max(t, 0) / int64(time.Minute) }

// tell notes when a tally was told. Services and endpoints tell one after another, so that what all have told is known
// only when something of a later time is told.
func (p *trafficPast) tell(o *Observation) {
	if o.Time > p.Now {
		p.Before, p.Told, p.Now = p.Now, p.Settled, o.Time
	}
	p.Settled = o.Settled
}

// add counts a tally in; false where its minute is not open, as one that is far ahead of those that are settled is not.
func (p *trafficPast) add(o *Observation) bool {
	const day = 24 * 60
	if from := minuteOf(o.Tally.From); p.Minutes.Next > from+day {
		p.Minutes = tally.Minutes[uint64]{} // it was the clock that was wrong
	}
	n := p.Minutes.At(o.Tally.From)
	if n != nil {
		*n += o.Tally.Requests
	}
	return n != nil
}

// run puts the minutes that are not settled yet, up to one, where windows find them.
func (p *trafficPast) run(o *Observation, until int64) {
	for m := max(p.Minutes.Next, until-int64(len(p.Minutes.Ring))+1); m <= until && p.Minutes.Next > 0; m++ {
		count := p.Minutes.Ring[m%int64(len(p.Minutes.Ring))]
		p.keep(m, float64(count), p.expect(o.hours.Slot(m*int64(time.Minute))))
	}
}

// quiet is for how many minutes up to one there was nothing, and what was expected of them.
func (p *trafficPast) quiet(end int64) (minutes int64, expected float64) {
	for minutes < trafficRing && p.Counts[uint64(end-minutes)%trafficRing] == 0 {
		expected += float64(p.Expected[uint64(end-minutes)%trafficRing])
		minutes++
	}
	return minutes, expected
}

// before is which part of what was expected came in the half hour up to a minute, at most 1.
func (p *trafficPast) before(end int64) (part float64) {
	p.windows(end, []int64{30}, func(w trafficWindow) { part = min(w.count/max(w.expected, 1), 1) })
	return part
}
