package baseline

import "time"

// Slot is an hour of the week in local time: 24 times the day, Sunday being 0, and the hour. The hours of holidays come
// after those of Saturday.
type Slot uint8

const (
	weekSlots = 7 * 24
	slots     = weekSlots + 24
)

// Hours turns event times into slots. Where clocks are put forward an hour does not occur, where they are put back one
// occurs twice, and is the same slot both times. It remembers the hour it told last, so that asking for each event costs a
// comparison. One goroutine owns it.
type Hours struct {
	zone     *time.Location
	calendar *Calendar
	from, to int64 // of the hour of slot
	slot     Slot
}

// NewHours makes one for a time zone, nil being UTC, and a calendar that may be nil.
func NewHours(zone *time.Location, calendar *Calendar) *Hours {
	if zone == nil {
		zone = time.UTC
	}
	return &Hours{zone: zone, calendar: calendar}
}

// Slot is the hour of the week of an event time.
func (h *Hours) Slot(at int64) Slot {
	if at < h.from || at >= h.to {
		h.find(at)
	}
	return h.slot
}

// End is when the hour of the last call of Slot ends.
func (h *Hours) End() int64 { return h.to }

func (h *Hours) find(at int64) {
	t := time.Unix(0, at).In(h.zone)
	_, minute, second := t.Clock()
	into := int64(minute)*int64(time.Minute) + int64(second)*int64(time.Second) + int64(t.Nanosecond())
	h.from, h.to = at-into, at-into+int64(time.Hour)
	start, end := t.ZoneBounds()
	// A change of the clock in the middle of an hour ends it.
	if !start.IsZero() && start.After(time.Unix(0, h.from)) {
		h.from = start.UnixNano()
	}
	if !end.IsZero() && end.Before(time.Unix(0, h.to)) {
		h.to = end.UnixNano()
	}
	year, month, dayOfMonth := t.Date()
	h.slot = Slot(24*int(t.Weekday()) + t.Hour())
	if _, holiday := h.calendar.Holiday(year, month, dayOfMonth); holiday {
		h.slot = Slot(weekSlots + t.Hour())
	}
}
