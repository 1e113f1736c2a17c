package ingest

import (
	"context"

	"gatewatch/internal/kafka"
)

// commit is what the group is being told by another goroutine, so that no event waits for the answer. One goroutine owns
// a commit.
type commit struct {
	next map[kafka.Partition]int64 // nil when the group is told nothing
	done chan error
}

// begin tells the group how far sources have been acknowledged, unless it is being told something already.
func (c *commit) begin(ctx context.Context, s *stream) {
	if c.next != nil {
		return
	}
	next := settled(s.sources)
	if len(next) == 0 {
		return
	}
	done := make(chan error, 1)
	c.next, c.done = next, done
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
		defer cancel()
		done <- s.consumer.Commit(ctx, next)
	}()
}

// take takes the answer, if it is there, or waits for it. When the group could not be told, it is told later, with what
// has been acknowledged until then.
func (c *commit) take(s *stream, wait bool) {
	if c.next == nil {
		return
	}
	var err error
	if wait {
		err = <-c.done
	} else {
		select {
		case err = <-c.done:
		default:
			return
		}
	}
	next := c.next
	c.next = nil
	if err != nil {
		s.metrics.commits.WithLabelValues("error").Inc()
		s.log.Warn("positions not committed, trying again", "err", err)
		return
	}
	s.metrics.commits.WithLabelValues("ok").Inc()
	for p, at := range next {
		if src := s.sources[p]; src != nil {
			src.ledger.committed = at
		}
	}
}

// settled is how far sources have been acknowledged, of those of which the group does not know it.
func settled(sources map[kafka.Partition]*source) map[kafka.Partition]int64 {
	next := map[kafka.Partition]int64{}
	for p, src := range sources {
		if at, news := src.ledger.settle(); news {
			next[p] = at
		}
	}
	return next
}

// finish tells the group about sources that end, and waits for the answer.
func (c *commit) finish(ctx context.Context, s *stream, sources map[kafka.Partition]*source) {
	c.take(s, true)
	next := settled(sources)
	if len(next) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	c.next, c.done = next, make(chan error, 1)
	c.done <- s.consumer.Commit(ctx, next)
	c.take(s, true)
}
