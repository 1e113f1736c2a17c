package kafka

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
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
}

var _ kgo.HookGroupManageError = (*trouble)(nil)

// OnGroupManageError implements kgo.HookGroupManageError.
func (t *trouble) OnGroupManageError(err error) { t.tell(err) }

func (t *trouble) tell(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last, t.at = err, time.Now()
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

// forget is for partitions that belong to another member now, which may try for itself.
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
		c.poison(p, err)
		return false
	case classNone, classAuth, classTopic, classRetriable, classOther:
	}
	if p.Topic != "" {
		err = fmt.Errorf("reading %s/%d: %w", p.Topic, p.ID, err)
	}
	c.trouble.tell(err)
	return true
}

// poison stops a partition at a batch that cannot be read. To read it again would fail again, and to step over it would
// lose what nobody has looked at: an operator decides.
func (c *Consumer) poison(p Partition, err error) {
	if c.trouble.stopped(p) {
		return
	}
	where := fmt.Sprintf("%s/%d", p.Topic, p.ID)
	if at, ok := c.metrics.position(p); ok {
		where += fmt.Sprintf(" at offset %d", at)
	}
	err = fmt.Errorf("the batch of %s cannot be read, so the partition stands still: mend the log, or set the group's "+
		"offset behind the batch (kafka-consumer-groups --reset-offsets) and start again: %w", where, err)
	c.trouble.stop(p, err)
	c.Pause(p)
	c.log.Error("partition stopped at a batch that cannot be read", "topic", p.Topic, "partition", p.ID, "err", err)
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
	case !isBroker && isCorrupt(err), errors.Is(err, kerr.CorruptMessage):
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
