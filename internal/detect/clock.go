package detect

// clock is the engine's time: the newest event, not counting those that are plainly ahead of all others.
type clock struct {
	lateness int64
	high     int64  // newest trusted event time, nanoseconds
	ahead    int64  // a time far ahead of high that waits for the next event to agree, 0 when none
	next     int64  // when episodes are looked at again
	agreed   uint64 // 1 once a second event has agreed with the first
}

const (
	// maxJump is how far time may move with one event. A gap in a log is longer at times, so a jump is believed when the
	// next event is as late; one line with a wrong clock closes nothing.
	maxJump = int64(3600e9)
	// sweepEvery is how often quiet episodes are looked for.
	sweepEvery = int64(30e9)
)

// tick moves the clock and tells whether it is time to look for quiet episodes.
func (c *clock) tick(t int64) bool {
	switch {
	case c.high == 0, c.agreed == 0 && (t < c.high-maxJump || t > c.high+maxJump):
		// One event alone is no clock: a first one from the next century must not make all others late for ever.
		c.high, c.next = t, t+sweepEvery
		return false
	case t <= c.high:
		c.ahead, c.agreed = 0, 1
		return false
	case t-c.high > maxJump && (c.ahead == 0 || t < c.ahead-maxJump):
		c.ahead = t
		return false
	default:
		c.high, c.ahead, c.agreed = t, 0, 1
	}
	if c.watermark() < c.next {
		return false
	}
	c.next = c.watermark() + sweepEvery
	return true
}

// believe is the time at which an event counts: its own, unless it is ahead of what the clock believes.
func (c *clock) believe(t int64) int64 { return min(t, c.high) }

// watermark is the time before which no event is waited for.
func (c *clock) watermark() int64 { return c.high - c.lateness }

func (c *clock) late(t int64) bool { return t < c.watermark() }
