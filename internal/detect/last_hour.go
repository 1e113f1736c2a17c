package detect

import "time"

// keptMinutes is how many minutes are kept.
const keptMinutes = 64

// lastHour keeps what tallies told of the last minutes, minute by minute, and tells which of them every partition has told
// of. The zero value has heard nothing. T is what is kept of a minute, without pointers, its zero value that nothing came.
type lastHour[T any] struct {
	Heard   int64  // up to which time every partition had told, as of the newest tally
	Next    uint32 // the first minute since the epoch that is not settled
	_       [4]byte
	Numbers [keptMinutes]uint32 // the minutes that Values are of
	Values  [keptMinutes]T
}

func minuteAt(t int64) uint32 { return uint32(max(t, 0) / int64(time.Minute)) }

// lostHours is how far time must go back for what was heard before to have been of a wrong clock.
const lostHours = 2

// hear notes up to when every partition has told. It returns the minutes, from and up to but not including to, that are
// settled by it. Of the tallies that one moment brings some are still to come, so these are the minutes that had ended the
// last time.
func (l *lastHour[T]) hear(settled int64) (from, to uint32) {
	before := l.Heard
	switch {
	case settled < before-lostHours*int64(time.Hour), before == 0:
		*l = lastHour[T]{Heard: settled, Next: minuteAt(settled)}
		return 0, 0
	case settled <= before:
		return 0, 0
	}
	l.Heard = settled
	from, to = l.Next, minuteAt(before)
	if to <= from {
		return 0, 0
	}
	l.Next = to
	return max(from, to-min(to, keptMinutes)), to
}

// at is the minute of an event time, to add to; nil where it is settled, or further ahead than partitions are.
func (l *lastHour[T]) at(t int64) *T {
	n := minuteAt(t)
	if n < l.Next || n > minuteAt(l.Heard)+keptMinutes/2 {
		return nil
	}
	if i := n % keptMinutes; l.Numbers[i] != n {
		var none T
		l.Numbers[i], l.Values[i] = n, none
	}
	return &l.Values[n%keptMinutes]
}

// of is what a minute held, nothing where it is not kept any more.
func (l *lastHour[T]) of(n uint32) (v T) {
	if l.Numbers[n%keptMinutes] == n {
		v = l.Values[n%keptMinutes]
	}
	return v
}
