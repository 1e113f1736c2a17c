package kafka

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/kafka/damage"
)

const (
	// examineSoon and examineSeldom are how long it takes at first, and at most, until a batch that could not be read is
	// looked at again.
	examineSoon, examineSeldom = 250 * time.Millisecond, 30 * time.Second
	// examineTime is how long a look may take.
	examineTime = 10 * time.Second
)

// examiner looks again at the batches at which partitions were stopped, until they can be read or never will.
type examiner struct {
	mu      sync.Mutex
	at      map[Partition]context.CancelFunc
	before  map[Partition]int64 // where they were stopped before
	closed  bool
	running sync.WaitGroup
}

// begin is a context for the examination of a partition that was stopped at an offset, and how long to wait for the first
// look; false when there is one already.
func (e *examiner) begin(p Partition, at int64) (ctx context.Context, wait time.Duration, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.at[p] != nil {
		return nil, 0, false
	}
	if e.at == nil {
		e.at, e.before = map[Partition]context.CancelFunc{}, map[Partition]int64{}
	}
	wait = examineSoon
	if before, again := e.before[p]; again && before == at {
		wait = examineSeldom // it was found to be sound, and is not
	}
	e.before[p] = at
	ctx, e.at[p] = context.WithCancel(context.Background())
	e.running.Add(1)
	return ctx, wait, true
}

// end ends the examinations of partitions; another may begin.
func (e *examiner) end(ps ...Partition) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range ps {
		if cancel := e.at[p]; cancel != nil {
			cancel()
			delete(e.at, p)
		}
	}
}

// close ends all. It does not wait for them.
func (e *examiner) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for _, cancel := range e.at {
		cancel()
	}
}

// examine looks at the batch at which a partition was stopped, and lets it go on when it can be read again, or behind a
// batch that nobody can ever read: that was not written as records, and waiting for it would lose all that follows.
func (c *Consumer) examine(p Partition, at int64) {
	ctx, wait, ok := c.examiner.begin(p, at)
	if !ok {
		return
	}
	go func() {
		defer c.examiner.running.Done()
		for ; ctx.Err() == nil; wait = min(2*wait, examineSeldom) {
			pause(ctx, wait)
			limited, cancel := context.WithTimeout(ctx, examineTime)
			v, err := c.inspect(limited, p, at)
			cancel()
			if err != nil || ctx.Err() != nil {
				continue // a broker that is away is told of by others
			}
			// What comes before a batch that cannot be read is read first.
			switch here := v.First <= at; {
			case v.Condition == damage.Damaged && here, v.Condition == damage.Unreadable && here && !c.stepOver(p, at, v): //nolint:contextcheck // it goes on after that
				continue
			case v.Condition == damage.Sound:
				c.log.Info("partition can be read again", "topic", p.Topic, "partition", p.ID, "offset", at)
			}
			c.examiner.end(p)
			c.trouble.forget([]Partition{p})
			c.Resume(p)
			return
		}
	}()
}

// stepOver goes on behind a batch; false when that has to wait.
func (c *Consumer) stepOver(p Partition, from int64, v damage.Verdict) bool {
	c.trouble.begin(p, v.Next)
	if _, known := c.client.CommittedOffsets()[p.Topic][p.ID]; known {
		c.client.SetOffsets(map[string]map[int32]kgo.EpochOffset{p.Topic: {p.ID: {Epoch: -1, Offset: v.Next}}})
	} else {
		// The client sets no offset of a partition of which it has read nothing, and begins where it is told to.
		c.trouble.stepOver(p, v.Next)
		if !c.rejoin(p.Topic) {
			return false
		}
	}
	c.metrics.steppedOver(p.Topic, v.Next-from)
	c.log.Error("records that nobody can read were stepped over", "topic", p.Topic, "partition", p.ID,
		"offset", from, "next", v.Next, "err", fmt.Errorf("reading batch: %w", v.Err))
	return true
}
