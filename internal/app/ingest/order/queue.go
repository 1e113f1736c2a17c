package order

import "math"

const (
	// ahead is how many items a source has waiting before their turn comes. Its turn goes by the earliest of them: a line
	// whose gateway's clock is ahead does not hold up those after it.
	ahead = 8
	// aheadBytes is about how much may wait, of large items fewer than ahead.
	aheadBytes = 64 << 10
	// Timeless is the time of what has none, such as a rejected line.
	Timeless = math.MaxInt64
)

// Queue is what waits for the turn of its source, in the source's order. Its zero value is empty; one goroutine owns a
// Queue.
type Queue[T any] struct {
	items []item[T]
	first int // index of the next
	bytes int
	last  int64 // time of the turn before
}

type item[T any] struct {
	value T
	time  int64
	bytes int
}

// Len is how many items wait.
func (q *Queue[T]) Len() int { return len(q.items) - q.first }

// Short tells that there is room for more.
func (q *Queue[T]) Short() bool { return q.Len() < ahead && q.bytes < aheadBytes }

// Put adds an item of some bytes that happened at a time, in nanoseconds since the Unix epoch, or is Timeless.
func (q *Queue[T]) Put(value T, time int64, bytes int) {
	q.items = append(q.items, item[T]{value, time, bytes})
	q.bytes += bytes
}

// Head is the next item; there must be one.
func (q *Queue[T]) Head() T { return q.items[q.first].value }

// Take takes the next item off; there must be one.
func (q *Queue[T]) Take() T {
	i := q.items[q.first]
	q.items[q.first] = item[T]{}
	q.bytes -= i.bytes
	q.first++
	if q.first == len(q.items) || q.first >= ahead && q.first > len(q.items)/2 {
		kept := copy(q.items, q.items[q.first:])
		clear(q.items[kept:])
		q.items, q.first = q.items[:kept], 0
	}
	return i.value
}

// Due is when the source's turn is: at the time of the earliest of the next few items, or with the one before where none
// has a time. What is ahead of the clock, which says now, holds nothing up.
func (q *Queue[T]) Due(now int64) int64 {
	due := int64(Timeless)
	for i := q.first; i < min(q.first+ahead, len(q.items)); i++ {
		due = min(due, q.items[i].time)
	}
	if due < Timeless {
		q.last = min(due, now)
	}
	return q.last
}
