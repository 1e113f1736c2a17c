package scan

import (
	"cmp"
	"container/heap"
	"context"
	"iter"
	"math"
)

// merge runs the streams so that events are folded in the order of time across them and in the order of lines within
// each. A stream is a coroutine: it runs on while its events are due before those of all others and gives way with one
// event in its hands where they are not. So nothing is copied or queued, files that follow each other in time are read
// one after the other without a switch, and no more of them are open than overlap.
func merge(ctx context.Context, streams []*stream) {
	if len(streams) == 1 {
		streams[0].run(ctx, nil)
		return
	}
	queue := make(queue, 0, len(streams))
	for _, st := range streams {
		queue = append(queue, &turn{stream: st})
	}
	heap.Init(&queue)
	for len(queue) > 0 {
		t := queue[0]
		t.stream.limit = queue.second()
		if t.next == nil {
			t.next, t.stop = iter.Pull(t.stream.turns(ctx))
		}
		if _, more := t.next(); more {
			heap.Fix(&queue, 0)
			continue
		}
		t.stop()
		heap.Pop(&queue)
	}
}

// turns is the stream as a sequence of its waits.
func (st *stream) turns(ctx context.Context) iter.Seq[struct{}] {
	return func(yield func(struct{}) bool) {
		st.run(ctx, func() bool { return yield(struct{}{}) })
	}
}

// turn is a stream in the queue.
type turn struct {
	stream *stream
	next   func() (struct{}, bool)
	stop   func()
}

// queue orders streams by when they are due.
type queue []*turn

// second is when the next stream after the first is due.
func (q queue) second() int64 {
	at := int64(math.MaxInt64)
	for _, t := range q[min(1, len(q)):min(3, len(q))] {
		at = min(at, t.stream.due)
	}
	return at
}

// Len implements heap.Interface.
func (q queue) Len() int { return len(q) }

// Less implements heap.Interface: of streams that are due at once, the first given goes first.
func (q queue) Less(i, j int) bool {
	a, b := q[i].stream, q[j].stream
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.index, b.index)) < 0
}

// Swap implements heap.Interface.
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(*turn)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}
