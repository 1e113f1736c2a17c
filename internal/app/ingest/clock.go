package ingest

import (
	"sync/atomic"
	"time"

	"gatewatch/internal/telemetry"
)

// clockMemory is how long lines from the future are spoken of.
const clockMemory = time.Minute

// clock remembers when a line was rejected because its time is too far ahead. Any goroutine may use it.
type clock struct{ last atomic.Int64 } // in nanoseconds since the Unix epoch

func (c *clock) note(now time.Time) { c.last.Store(now.UnixNano()) }

func (c *clock) check(now time.Time) telemetry.Check {
	last := c.last.Load()
	if last == 0 || now.Sub(time.Unix(0, last)) > clockMemory {
		return telemetry.Check{Name: "clock", OK: true}
	}
	return telemetry.Check{Name: "clock", Detail: "lines are rejected because they are more than a day ahead of this machine's " +
		"clock: set the clock of the gateway that logs them, or this one's; their bytes are in the topic of rejected lines"}
}
