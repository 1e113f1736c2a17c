// Package scene is where actors act: each says when it acts next, and the scene lets them act in the order of time. Memory
// grows with the actors, not with what they do. What they do is theirs.
package scene

import (
	"context"
	"sync/atomic"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/site"
)

// Actor does something, now and then. Act is called at the time it asked for, in nanoseconds since the Unix epoch, and
// returns the next one, not before; calendar.Never ends it.
type Actor interface {
	Act(s *Scene, now int64) (next int64)
}

// Format writes a request as a line, without a line end.
type Format interface {
	Append(b []byte, q *site.Request) []byte
}

// Sink takes lines, in the order of time. A line belongs to the scene and is good until Line returns.
type Sink interface {
	Line(line []byte) error
}

// Scene runs actors. One goroutine owns it, but for its progress.
type Scene struct {
	Site     *site.Site
	Progress Progress

	served map[string]int64 // requests by service
	actors []Actor
	free   []int32
	queue  queue
	format Format
	sink   Sink
	line   []byte
	now    int64
	err    error
}

// Progress is how far a scene has got. It may be read while it runs.
type Progress struct {
	Lines, Bytes atomic.Int64
	Now          atomic.Int64 // simulated time, nanoseconds since the Unix epoch
}

// New makes a scene without actors.
func New(s *site.Site, f Format, to Sink) *Scene {
	return &Scene{Site: s, served: map[string]int64{}, format: f, sink: to}
}

// Add lets an actor act from a time on, after the present.
func (s *Scene) Add(a Actor, at int64) {
	if at == calendar.Never {
		return
	}
	at = max(at, s.now+1)
	i := int32(len(s.actors)) //nolint:gosec // actors are fewer than their addresses
	if n := len(s.free); n > 0 {
		i = s.free[n-1]
		s.free = s.free[:n-1]
		s.actors[i] = a
	} else {
		s.actors = append(s.actors, a)
	}
	s.queue.push(entry{at, i})
}

// Send has a request answered and logged. Its status is 0 when it never came to the site.
func (s *Scene) Send(q *site.Request, d dice.Dice) {
	q.At, q.ID = s.now, d.Uint64()
	if !s.Site.Answer(q, d) {
		q.Status = 0
		return
	}
	s.served[q.Service]++
	if c := q.Campaign; c != nil {
		c.Count(q.At)
		c.Asked(q.Service, s.served[q.Service])
		c.From(q.From.Addr)
	}
	s.line = s.format.Append(s.line[:0], q)
	if err := s.sink.Line(s.line); err != nil && s.err == nil {
		s.err = err
	}
	s.Progress.Lines.Add(1)
	s.Progress.Bytes.Add(int64(len(s.line)) + 1)
}

// often is after how many acts the scene looks whether it is to stop.
const often = 4096

// Run lets the actors act until a time, or until the context ends.
func (s *Scene) Run(ctx context.Context, until int64) error {
	for acts := 0; len(s.queue) > 0 && s.queue[0].at < until; acts++ {
		first := s.queue[0]
		if s.err != nil {
			return s.err
		}
		if acts%often == 0 {
			if over(ctx) {
				return s.err
			}
			s.Progress.Now.Store(first.at)
		}
		s.now = first.at
		s.Site.Advance(s.now)
		s.act(first)
	}
	s.Progress.Now.Store(until)
	return s.err
}

// over tells that a context has ended, which is how work is stopped and no error.
func over(ctx context.Context) bool { return ctx.Err() != nil }

// act lets the first actor act. It may add others, but none that comes before it: what is added begins later.
func (s *Scene) act(first entry) {
	next := s.actors[first.order].Act(s, first.at)
	if next == calendar.Never {
		s.actors[first.order] = nil
		s.free = append(s.free, first.order)
		s.queue.pop()
		return
	}
	s.queue.replace(entry{max(next, first.at), first.order})
}
