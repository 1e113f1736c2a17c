package ingest

import "math"

// turns orders the sources with records at hand by when their next record came: a heap, the earliest first.
type turns struct {
	sources []*source
	due     []int64
}

func (t *turns) len() int { return len(t.sources) }

// push takes a source in that has records at hand.
func (t *turns) push(s *source, due int64) {
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

// first is the source whose turn it is, and until when.
func (t *turns) first() (s *source, until int64) {
	until = math.MaxInt64
	for i := 1; i < min(3, len(t.due)); i++ {
		until = min(until, t.due[i])
	}
	return t.sources[0], until
}

// fix puts the first source where it belongs now.
func (t *turns) fix(due int64) {
	t.due[0] = due
	t.sink()
}

// pop takes the first source off.
func (t *turns) pop() {
	last := len(t.due) - 1
	t.swap(0, last)
	t.sources[last] = nil
	t.sources, t.due = t.sources[:last], t.due[:last]
	if last > 0 {
		t.sink()
	}
}

func (t *turns) sink() {
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

func (t *turns) swap(i, j int) {
	t.sources[i], t.sources[j] = t.sources[j], t.sources[i]
	t.due[i], t.due[j] = t.due[j], t.due[i]
}

// reset empties the heap.
func (t *turns) reset() {
	clear(t.sources)
	t.sources, t.due = t.sources[:0], t.due[:0]
}
