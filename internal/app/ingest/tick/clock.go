// Package tick tells the partitions of the topic of events the time while nothing is written to them, so that time passes
// for the detectors while nothing is logged. The time is the log's: that of the newest event, and how long ago it came. It
// is told only while the log is of now and has been read to its end; a past that is played back has no time to tell.
package tick

import (
	"sync"
	"time"
)

// near is how far an event's time may be from this machine's clock and still tell the time. What is further off is of a past
// that is read, or of a clock that is wrong. It is no more than what the detectors wait for an event that is late.
const near = time.Minute

// Clock is what time it is by the log. Its zero value does not know. Any goroutine may use it.
type Clock struct {
	mu     sync.Mutex // guards newest and seen
	newest int64      // time of the newest event, nanoseconds since the Unix epoch; 0 before the first
	seen   time.Time  // when that came
}

// see takes note of an event that came at a time.
func (c *Clock) see(at int64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at > c.newest {
		c.newest, c.seen = at, now
	}
}

// At is what time it is by the log; false before an event of now has come.
func (c *Clock) At(now time.Time) (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest == 0 {
		return 0, false
	}
	return c.newest + now.Sub(c.seen).Nanoseconds(), true
}

// Sight is what one goroutine sees of the time, and tells the clock now and then: an event costs no lock.
type Sight struct {
	clock             *Clock
	now               time.Time
	from, until, seen int64
}

// NewSight is a sight that tells a clock.
func NewSight(c *Clock) Sight { return Sight{clock: c, from: 1} } // sees nothing before the first Tick

// See looks at the time of an event.
func (s *Sight) See(at int64) {
	if at > s.seen && at >= s.from && at <= s.until {
		s.seen = at
	}
}

// Tick tells the clock of the events since the last one, and from now on takes this for the machine's time.
func (s *Sight) Tick(now time.Time) {
	if s.seen > 0 {
		// The time of a clock that is a little ahead must not run ahead of all others.
		s.clock.see(min(s.seen, s.now.UnixNano()), s.now)
	}
	s.now, s.seen = now, 0
	s.from, s.until = now.Add(-near).UnixNano(), now.Add(near).UnixNano()
}
