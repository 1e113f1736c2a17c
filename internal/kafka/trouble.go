package kafka

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/kafka/damage"
)

// fresh is how long an error is told after it was last seen. The client tries again within seconds, so an error that
// is older has not come back.
const fresh = 30 * time.Second

// trouble remembers what keeps a consumer from reading.
type trouble struct {
	mu   sync.Mutex
	last error // of the group or of a fetch
	at   time.Time
	ends map[Partition]error // partitions that cannot be read on
	from map[Partition]int64 // where partitions begin; below 0 is at their first record
	over map[Partition]int64 // where they begin once, behind what was stepped over
}

var _ kgo.HookGroupManageError = (*trouble)(nil)

// OnGroupManageError implements kgo.HookGroupManageError.
func (t *trouble) OnGroupManageError(err error) { t.tell(err) }

func (t *trouble) tell(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last, t.at = err, time.Now()
}

// begin notes where a partition begins.
func (t *trouble) begin(p Partition, at int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.from == nil {
		t.from = map[Partition]int64{}
	}
	t.from[p] = at
}

// stepOver has a partition begin behind a batch.
func (t *trouble) stepOver(p Partition, next int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over == nil {
		t.over = map[Partition]int64{}
	}
	t.over[p] = next
}

// behind takes the offset at which a partition is to begin, if that is behind another one.
func (t *trouble) behind(p Partition, at int64) (int64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next, ok := t.over[p]
	delete(t.over, p)
	return next, ok && next > at
}

// renewed forgets the offsets of a topic that was made anew.
func (t *trouble) renewed(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	of := func(p Partition, _ int64) bool { return p.Topic == topic }
	maps.DeleteFunc(t.from, of)
	maps.DeleteFunc(t.over, of)
}

// began is where a partition begins, or goes on behind what was stepped over.
func (t *trouble) began(p Partition) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.from[p]
}

func (t *trouble) stop(p Partition, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ends == nil {
		t.ends = map[Partition]error{}
	}
	t.ends[p] = err
}

func (t *trouble) stopped(p Partition) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ends[p] != nil
}

// joined forgets what kept the group from its work: it is a member again.
func (t *trouble) joined() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = nil
}

// forget is for partitions that can be read again, or belong to another member now, which may try for itself.
func (t *trouble) forget(ps []Partition) (stopped []Partition) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range ps {
		if t.ends[p] != nil {
			stopped = append(stopped, p)
			delete(t.ends, p)
		}
	}
	return stopped
}

func (t *trouble) get() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var errs []error
	for _, p := range slices.SortedFunc(maps.Keys(t.ends), comparePartitions) {
		errs = append(errs, t.ends[p])
	}
	if t.last != nil && time.Since(t.at) < fresh {
		errs = append(errs, Explain(t.last))
	}
	return errors.Join(errs...)
}

func comparePartitions(a, b Partition) int {
	return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.ID, b.ID))
}

// Trouble is what keeps the consumer from reading now: a partition that ends in a batch that cannot be read, a right it
// does not have, a group that it cannot join. Nil is none.
func (c *Consumer) Trouble() error { return c.trouble.get() }

// note judges an error of a partition, or of the client where the partition is no partition. It tells whether the fetch
// failed in a way that the next one may repeat at once.
func (c *Consumer) note(p Partition, err error) bool {
	class := classify(err)
	if class == classNone {
		return false
	}
	c.metrics.failed(class)
	switch class {
	case classDataLoss:
		c.log.Warn("records were lost, reading goes on after them", "topic", p.Topic, "partition", p.ID, "err", err)
		return false
	case classPoison:
		return false
	case classNone, classAuth, classTopic, classRetriable, classOther:
	}
	if p.Topic != "" {
		err = fmt.Errorf("reading %s/%d: %w", p.Topic, p.ID, err)
	}
	c.trouble.tell(err)
	return true
}

// poison stops a partition at a batch that cannot be read, which is looked at again apart from the others: to fetch it with
// them would fail over and over.
func (c *Consumer) poison(p Partition, fetched *kgo.FetchPartition) {
	if c.trouble.stopped(p) {
		return
	}
	read, _ := c.metrics.position(p)
	at := max(read, c.trouble.began(p), fetched.LogStartOffset)
	err := fmt.Errorf("the batch of %s/%d at offset %d cannot be read, so the partition waits for it: mend the log, or set the "+
		"group's offset behind the batch (kafka-consumer-groups --reset-offsets) and start again: %w", p.Topic, p.ID, at, fetched.Err)
	c.trouble.stop(p, err)
	c.Pause(p)
	c.log.Error("partition stopped at a batch that cannot be read", "topic", p.Topic, "partition", p.ID, "offset", at, "err", fetched.Err)
	c.examine(p, at)
}

// errorClass is what an error means for who reads; it labels a metric.
type errorClass string

const (
	classNone      errorClass = ""
	classAuth      errorClass = "authorization"
	classTopic     errorClass = "topic"
	classDataLoss  errorClass = "data_loss"
	classPoison    errorClass = "corrupt"
	classRetriable errorClass = "retriable"
	classOther     errorClass = "other"
)

func classify(err error) errorClass {
	if isContextError(err) {
		return classNone
	}
	if _, ok := errors.AsType[*kgo.ErrDataLoss](err); ok {
		return classDataLoss
	}
	if _, ok := errors.AsType[*kgo.ErrDecompressTooLarge](err); ok {
		return classPoison
	}
	broker, isBroker := errors.AsType[*kerr.Error](err)
	switch {
	case !isBroker && damage.Told(err), errors.Is(err, kerr.CorruptMessage):
		return classPoison
	case !isBroker:
		return classOther
	case errors.Is(err, kerr.TopicAuthorizationFailed), errors.Is(err, kerr.GroupAuthorizationFailed),
		errors.Is(err, kerr.ClusterAuthorizationFailed), errors.Is(err, kerr.SaslAuthenticationFailed):
		return classAuth
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.UnknownTopicID):
		return classTopic
	case broker.Retriable:
		return classRetriable
	default:
		return classOther
	}
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
