// Package ahead remembers that lines came from the future: a clock is wrong somewhere.
package ahead

import (
	"sync/atomic"
	"time"

	"gatewatch/internal/telemetry"
)

// span is how long lines from the future are spoken of.
const span = time.Minute

// Memory remembers when a line was rejected because its time is too far ahead. Any goroutine may use it.
type Memory struct{ last atomic.Int64 } // in nanoseconds since the Unix epoch

// Note notes that a line was rejected.
func (m *Memory) Note(now time.Time) { m.last.Store(now.UnixNano()) }

// Check tells of it for a while.
func (m *Memory) Check(now time.Time) telemetry.Check {
	last := m.last.Load()
	if last == 0 || now.Sub(time.Unix(0, last)) > span {
		return telemetry.Check{Name: "clock", OK: true}
	}
	return telemetry.Check{Name: "clock", Detail: "lines are rejected because they are more than a day ahead of this machine's " +
		"clock: set the clock of the gateway that logs them, or this one's; their bytes are in the topic of rejected lines"}
}
