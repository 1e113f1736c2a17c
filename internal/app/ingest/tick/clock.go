// Package tick tells the partitions of the topic of events the time while nothing is written to them, so that time passes
// for the detectors while nothing is logged. The time is the log's: that of the newest event, and how long ago it came. It
// is told only while the log is of now and has been read to its end; a past that is played back has no time to tell.
package tick

import (
	"strings"
	"sync"
	"time"

	"gatewatch/internal/event"
)

// near is how far an event's time may be from this machine's clock and still tell the time. What is further off is of a past
// that is read, or of a clock that is wrong. It is no more than what the detectors wait for an event that is late.
const near = time.Minute

// Clock is what time it is by the log. Its zero value does not know. Any goroutine may use it.
type Clock struct {
	mu     sync.Mutex // guards newest and seen
	newest int64      // time of the newest event, nanoseconds since the Unix epoch; 0 before the first
	seen   time.Time  // when that came
	noted  int64      // machine's time of the note that this is from, 0 when it is from an event
}

// see takes note of an event that came at a time.
func (c *Clock) see(at int64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at > c.newest {
		c.newest, c.seen, c.noted = at, now, 0
	}
}

// memory is how old a note may be. A machine may come up with a wrong clock, and until an event of now has come nothing else
// tells; and who was away for longer has missed more than silence.
const memory = time.Hour

// Note is what time it is by the log, for whoever reads on: the machine's time and the log's. It is empty when that is not
// known.
func (c *Clock) Note(now time.Time) string {
	at, ok := c.At(now)
	if !ok {
		return ""
	}
	return string(event.AppendTick(append(event.AppendTick(nil, now.UnixNano()), ' '), at))
}

// Recall takes in what a note says, where no event has told the time yet, and no later note: the log is as far behind the
// machine's clock as it was.
func (c *Clock) Recall(note string, now time.Time) {
	first, second, _ := strings.Cut(note, " ")
	noted, ok1 := event.ParseTick([]byte(first))
	at, ok2 := event.ParseTick([]byte(second))
	age := time.Duration(now.UnixNano() - noted)
	if !ok1 || !ok2 || at > noted || age < 0 || age > memory {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest == 0 || c.noted != 0 && c.noted < noted {
		c.newest, c.seen, c.noted = at+age.Nanoseconds(), now, noted
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
