package order

import "math"

// Turns orders the sources that have something waiting by when their turns are, in nanoseconds since the Unix epoch: a heap,
// the earliest first. Its zero value is empty; one goroutine owns Turns.
type Turns[S any] struct {
	sources []S
	due     []int64
}

// Len is how many sources there are.
func (t *Turns[S]) Len() int { return len(t.sources) }

// Push takes a source in that has something to send.
func (t *Turns[S]) Push(s S, due int64) {
	t.sources, t.due = append(t.sources, s), append(t.due, due)
	for i := len(t.due) - 1; i > 0; {
		parent := (i - 1) / 2
		if t.due[parent] <= t.due[i] {
			return
		}
		t.swap(i, parent)
		i = parent
	}
}

// First is the source whose turn it is, since when and until when.
func (t *Turns[S]) First() (s S, since, until int64) {
	until = math.MaxInt64
	for i := 1; i < min(3, len(t.due)); i++ {
		until = min(until, t.due[i])
	}
	return t.sources[0], t.due[0], until
}

// Fix puts the first source where it belongs now.
func (t *Turns[S]) Fix(due int64) {
	t.due[0] = due
	t.sink()
}

// Pop takes the first source off.
func (t *Turns[S]) Pop() {
	last := len(t.due) - 1
	t.swap(0, last)
	clear(t.sources[last:])
	t.sources, t.due = t.sources[:last], t.due[:last]
	if last > 0 {
		t.sink()
	}
}

func (t *Turns[S]) sink() {
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= min(2*i+2, len(t.due)-1); child++ {
			if t.due[child] < t.due[least] {
				least = child
			}
		}
		if least == i {
			return
		}
		t.swap(i, least)
		i = least
	}
}

func (t *Turns[S]) swap(i, j int) {
	t.sources[i], t.sources[j] = t.sources[j], t.sources[i]
	t.due[i], t.due[j] = t.due[j], t.due[i]
}

// Reset empties the heap.
func (t *Turns[S]) Reset() {
	clear(t.sources)
	t.sources, t.due = t.sources[:0], t.due[:0]
}
