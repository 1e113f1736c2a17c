package scan

// pace is how far a source has got in time: its newest event, not counting one that is plainly ahead of the next. A line
// with a wrong clock must not keep the rest of its file waiting until all others have ended.
type pace struct {
	started bool
	high    int64
	ahead   int64 // a time far ahead that waits for the next event to agree, 0 when none
}

// maxJump is how far a source may get ahead with one event: gaps of a day within a log are rare, and wrong clocks are
// commonly years off. It is in nanoseconds.
const maxJump = int64(24 * 3600e9)

func (p *pace) start(t int64) { p.started, p.high = true, t }

// at moves on to an event's time and returns how far the source has got.
func (p *pace) at(t int64) int64 {
	switch {
	case !p.started:
		p.start(t)
	case t <= p.high:
		p.ahead = 0
	case t-p.high > maxJump && (p.ahead == 0 || t < p.ahead-maxJump):
		p.ahead = t
	default:
		p.high, p.ahead = t, 0
	}
	return p.high
}
