package detect

import "gatewatch/internal/finding"

// Tick lets time pass without an event, as one of that time would, which is no event of anybody: episodes that have been
// quiet for long enough close, and Facets gives what came due. Findings go to emit as they do from Step. A tick of the
// past changes nothing.
func (e *Engine) Tick(at int64, emit func(*finding.Finding)) {
	e.seen.Attempt = false // what the event before gives is not given again
	if e.clock.lapse(at) {
		e.book.sweep(e, emit)
	}
	if e.commons.sheet != nil {
		e.commons.sheet.Clock(e.clock.high)
	}
}

// Time is the time of the newest event or tick that the engine believes, 0 while it has seen too few events to tell.
func (e *Engine) Time() int64 {
	if e.clock.agreed == 0 {
		return 0
	}
	return e.clock.high
}

// lapse is tick for a time that no event tells. It does not count as an event that agrees with the others: where nothing
// but ticks came so far, the first events of an older log set the clock back.
func (c *clock) lapse(t int64) bool {
	agreed := c.agreed
	due := c.tick(t)
	c.agreed = agreed
	return due
}
