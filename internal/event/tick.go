package event

import "time"

// TickHeader names the header of a tick: a record without a value in a topic of ours, which tells its partition the time
// when nothing else does, so that time passes there while nothing is logged. It is no event, and counts as none.
const TickHeader = "tick"

// AppendTick appends a tick's time, nanoseconds since the Unix epoch, as its header has it: RFC 3339 in UTC.
func AppendTick(b []byte, at int64) []byte {
	return time.Unix(0, at).UTC().AppendFormat(b, time.RFC3339Nano)
}

// ParseTick reads what AppendTick wrote; false when it is no time that an event can have.
func ParseTick(b []byte) (at int64, ok bool) {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil || t.Year() < 1970 || t.Year() > 2261 { // beyond, nanoseconds since the epoch do not fit
		return 0, false
	}
	at = t.UnixNano()
	return at, at > 0
}
