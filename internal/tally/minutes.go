package tally

import "time"

const (
	// ring is how many minutes may be open at once: as long as a partition is waited for, and some that others are ahead.
	ring = 16
	// longest is the longest gap, in minutes, of which each minute is given: a day.
	longest = 24 * 60
)

// Minutes puts the tallies that the partitions tell of one entity together, minute by minute of event time. T is what is
// kept of a minute, its zero value a minute without requests. The zero value of Minutes has seen none. One goroutine owns it.
type Minutes[T any] struct {
	Next int64 // number of the minute since the epoch that is given next; 0 before the first
	Ring [ring]T
}

// At is the minute of an event time, to add to; nil if it has been given already. It is to be asked for only after every
// minute has been popped that ended longer ago than a ring holds.
func (m *Minutes[T]) At(t int64) *T {
	n := max(t, 0) / int64(time.Minute)
	if m.Next == 0 {
		m.Next = n
	}
	if n < m.Next || n >= m.Next+ring {
		return nil
	}
	return &m.Ring[n%ring]
}

// Pop gives the next minute that has ended by a time up to which every partition has told, and when it began; false if
// there is none. A gap of more than a day is given as a day.
func (m *Minutes[T]) Pop(settled int64) (start int64, minute T, ok bool) {
	end := settled / int64(time.Minute)
	if m.Next == 0 || m.Next >= end {
		return 0, minute, false
	}
	if end-m.Next > longest && m.Next > 0 {
		m.skip(end - longest)
	}
	at := &m.Ring[m.Next%ring]
	start, minute = m.Next*int64(time.Minute), *at
	var none T
	*at = none
	m.Next++
	return start, minute, true
}

// skip leaves minutes out of which nothing was told.
func (m *Minutes[T]) skip(to int64) {
	var none T
	for n := m.Next; n < min(m.Next+ring, to); n++ {
		m.Ring[n%ring] = none
	}
	m.Next = to
}
