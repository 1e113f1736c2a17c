package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/kafka/note"
)

// Partition is one partition of a topic.
type Partition struct {
	Topic string
	ID    int32
}

// Group says what a member of a consumer group reads, and who is told of its partitions.
type Group struct {
	Name string
	// Topics are the topics read; with Pattern they are regular expressions (RE2).
	Topics  []string
	Pattern bool
	// Exclude are topics that are not read, whatever the expressions match.
	Exclude []string
	// Begin tells where to begin with a partition just assigned, given the group's committed offset (-1 without one); false
	// to begin at that, or at the oldest record without one. It is called after Assigned. Nil: always false.
	Begin func(p Partition, committed int64) (offset int64, ok bool)
	// Assigned and Revoked are told of partitions gained and lost. Neither runs between the return of a Poll, whatever it
	// returned, and Consumer.Handled. A partition that was lost rather than given back belongs to another member already: nothing may
	// be committed for it.
	Assigned func(ctx context.Context, ps []Partition)
	Revoked  func(ctx context.Context, ps []Partition, lost bool)
	// Note is a text that is left with the positions that are committed, and Noted is told of those that were left where the
	// member begins, by a goroutine of the consumer's. Nil: none is.
	Note  func() string
	Noted func(text string)
	// MaxBytes bounds one fetch over all partitions, MaxPartitionBytes one of a partition. Defaults: 16 MiB, 1 MiB.
	MaxBytes, MaxPartitionBytes int32
	// Session is how long the group waits for a silent member before it gives its partitions to others. Default: 15 s.
	Session time.Duration
	// Instance is the member's name in the group (static membership): a process of the same name that starts after a crash
	// has the partitions back at once, and one that has the name no longer is told ErrFenced. Default: none.
	Instance string
	// Stay has a named member keep its partitions when it is closed, for as long as the session lasts.
	Stay bool
}

// Consumer reads topics as a member of a group. It commits nothing by itself. One goroutine polls.
type Consumer struct {
	client   *kgo.Client
	metrics  *metrics
	trouble  trouble
	renewal  renewal
	examiner examiner
	joined   atomic.Bool
	log      *slog.Logger

	group, instance string
	remark          func() string
	stay            bool
	fenced          atomic.Bool
	abandon         context.CancelFunc // ends whatever the client waits for
}

// NewConsumer makes a consumer, which joins the group: Assigned and Revoked may be called from now on.
func NewConsumer(cfg Config, g Group) (*Consumer, error) {
	c := &Consumer{
		metrics: newMetrics(cfg.Metrics), log: cfg.Log, group: g.Name, instance: g.Instance, stay: g.Stay, remark: g.Note,
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	mem := newMemory()
	opts := []kgo.Opt{
		kgo.WithPools(mem), kgo.WithDecompressor(newDecompressor(mem)),
		kgo.ConsumerGroup(g.Name), kgo.ConsumeTopics(g.Topics...), kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll(),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxBytes(or(g.MaxBytes, 16<<20)), kgo.FetchMaxPartitionBytes(or(g.MaxPartitionBytes, 1<<20)),
		kgo.FetchMaxWait(500 * time.Millisecond), kgo.FetchMinBytes(1),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.OnPartitionsAssigned(func(ctx context.Context, _ *kgo.Client, m map[string][]int32) {
			c.joined.Store(true)
			c.trouble.joined()
			if ps := partitions(m); g.Assigned != nil && len(ps) > 0 {
				g.Assigned(ctx, ps)
			}
		}),
		kgo.OnPartitionsRevoked(func(ctx context.Context, _ *kgo.Client, m map[string][]int32) {
			c.revoked(ctx, g, partitions(m), false)
		}),
		kgo.OnPartitionsLost(func(ctx context.Context, _ *kgo.Client, m map[string][]int32) {
			c.joined.Store(false)
			c.revoked(ctx, g, partitions(m), true)
		}),
	}
	if g.Pattern {
		opts = append(opts, kgo.ConsumeRegex(), kgo.ConsumeExcludeTopics(exactly(g.Exclude)...))
	}
	if g.Noted != nil {
		opts = append(opts, note.Reading(g.Noted))
	}
	opts = append(opts, g.membership()...)
	opts = append(opts, kgo.AdjustFetchOffsetsFn(c.adjust(&g)))
	life, abandon := context.WithCancel(context.Background())
	c.abandon = abandon
	opts = append(opts, kgo.WithHooks(c.metrics, &c.trouble), kgo.WithContext(life))
	var err error
	if c.client, err = cfg.client(opts...); err != nil {
		abandon()
		return nil, err
	}
	return c, nil
}

// revoked tells the user of partitions that are no longer this member's, and forgets them.
func (c *Consumer) revoked(ctx context.Context, g Group, ps []Partition, lost bool) {
	if len(ps) == 0 {
		return
	}
	if g.Revoked != nil {
		g.Revoked(ctx, ps, lost)
	}
	c.examiner.end(ps...)
	for _, p := range c.trouble.forget(ps) {
		c.Resume(p)
	}
	c.metrics.gone(ps)
	c.renewal.revoked(ps)
}

// adjust puts the checkpoints' positions in place of committed offsets, and notes where partitions begin.
func (c *Consumer) adjust(g *Group) func(context.Context, map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	return func(_ context.Context, m map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
		for topic, ps := range m {
			for id, committed := range ps {
				p := Partition{topic, id}
				at := committed.EpochOffset().Offset
				if g.Begin != nil {
					if begin, ok := g.Begin(p, max(at, -1)); ok {
						at, ps[id] = begin, kgo.NewOffset().At(begin)
					}
				}
				if next, ok := c.trouble.behind(p, at); ok {
					at, ps[id] = next, kgo.NewOffset().At(next)
				}
				c.trouble.begin(p, at)
			}
		}
		return m, nil
	}
}

// Poll waits for records and returns about limit of them at most, all that are there with a limit of 0, by partition.
// Rebalances wait until Handled is called, whatever Poll returns. The error says that nothing will come any more: that the
// consumer is closed, or fenced. Everything else mends itself or is told by Trouble. When the context ends, Poll returns
// nothing.
func (c *Consumer) Poll(ctx context.Context, limit int) ([]Batch, error) {
	return c.read(ctx, c.client.PollRecords(ctx, limit))
}

// PollFor is Poll that waits no longer than some time; 0 returns what has been read already.
func (c *Consumer) PollFor(ctx context.Context, limit int, wait time.Duration) ([]Batch, error) {
	if wait <= 0 {
		return c.read(ctx, c.client.PollRecords(nil, limit)) //nolint:staticcheck,contextcheck // nil is how the client is told not to wait
	}
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return c.read(ctx, c.client.PollRecords(limited, limit))
}

// read takes the batches out of what was fetched, and judges the errors.
func (c *Consumer) read(ctx context.Context, fetches kgo.Fetches) ([]Batch, error) {
	if len(fetches) == 0 {
		c.hold(ctx)
	}
	var batches []Batch
	failed := false
	for i := range fetches {
		for j := range fetches[i].Topics {
			topic := &fetches[i].Topics[j]
			for k := range topic.Partitions {
				p := &topic.Partitions[k]
				at := Partition{topic.Topic, p.Partition}
				if len(p.Records) > 0 {
					batches = append(batches, Batch{at, topic.TopicID, p.Records, p.HighWatermark})
					c.metrics.read(at, p.Records[len(p.Records)-1].Offset+1, p.HighWatermark)
				}
				if p.Err == nil {
					continue
				}
				if err := c.over(p.Err); err != nil {
					return nil, err
				}
				failed = c.note(at, p.Err) || failed
				if classify(p.Err) == classPoison {
					c.poison(at, p) //nolint:contextcheck // it goes on after the poll
				}
				if errors.Is(p.Err, kerr.UnknownTopicID) {
					c.renew(at.Topic, topic.TopicID) //nolint:contextcheck // it goes on after the poll
				}
			}
		}
	}
	if failed && len(batches) == 0 {
		pause(ctx, failurePause)
	}
	return batches, nil
}

// over is the error when it says that nothing will come any more.
func (c *Consumer) over(err error) error {
	switch {
	case errors.Is(err, kgo.ErrClientClosed):
		return err
	case errors.Is(err, kerr.FencedInstanceID):
		c.fenced.Store(true)
		return fmt.Errorf("%w: %w", ErrFenced, err)
	}
	return nil
}

// hold keeps rebalances waiting after a poll that found nothing, after which the client would not.
func (c *Consumer) hold(ctx context.Context) {
	over, cancel := context.WithCancel(ctx)
	cancel()
	c.client.PollRecords(over, 1)
}

// failurePause keeps a fetch that fails every time from being repeated without end.
const failurePause = 250 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Handled tells that what Poll returned is in the caller's hands, so that the group may rebalance.
func (c *Consumer) Handled() { c.client.AllowRebalance() }

// Pause stops reading a partition until Resume; its records that were read already are not returned.
func (c *Consumer) Pause(p Partition) {
	c.client.PauseFetchPartitions(map[string][]int32{p.Topic: {p.ID}})
}

// Resume reads a paused partition again, unless it was stopped at a batch that cannot be read.
func (c *Consumer) Resume(p Partition) {
	if !c.trouble.stopped(p) {
		c.client.ResumeFetchPartitions(map[string][]int32{p.Topic: {p.ID}})
	}
}

// Commit tells the group how far its partitions have been read: the offsets to read next.
func (c *Consumer) Commit(ctx context.Context, next map[Partition]int64) error {
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for p, at := range next {
		if offsets[p.Topic] == nil {
			offsets[p.Topic] = map[int32]kgo.EpochOffset{}
		}
		offsets[p.Topic][p.ID] = kgo.EpochOffset{Epoch: -1, Offset: at}
	}
	if len(offsets) == 0 {
		return nil
	}
	if c.remark != nil {
		ctx = note.With(ctx, c.remark())
	}
	var err error
	c.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *commitRequest, resp *commitResponse, e error) {
		err = e
		for i := 0; err == nil && i < len(resp.Topics); i++ {
			for _, p := range resp.Topics[i].Partitions {
				err = errors.Join(err, codeError(p.ErrorCode))
			}
		}
	})
	if err != nil {
		return fmt.Errorf("committing offsets: %w", err)
	}
	return nil
}

// Ping asks any broker for an answer.
func (c *Consumer) Ping(ctx context.Context) error { return ping(ctx, c.client) }

// Joined tells that the group has handed out its partitions to this member, be it none.
func (c *Consumer) Joined() bool { return c.joined.Load() }

// exactly are expressions that match these names and no others.
func exactly(names []string) []string {
	var all []string
	for _, n := range names {
		all = append(all, "^"+regexp.QuoteMeta(n)+"$")
	}
	return all
}

func partitions(m map[string][]int32) []Partition {
	var ps []Partition
	for topic, ids := range m {
		for _, id := range ids {
			ps = append(ps, Partition{topic, id})
		}
	}
	return ps
}

func or(v, fallback int32) int32 {
	if v > 0 {
		return v
	}
	return fallback
}
