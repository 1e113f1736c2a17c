package kafka

import (
	"context"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

const (
	// renewPause is how long a topic that is unknown by its id is let be before it is asked for again.
	renewPause = time.Second
	// renewTime is how long the answer, and the group, may take.
	renewTime = 10 * time.Second
)

// renewal has the client let go of a topic that was deleted, and take the one that was made under its name: by itself it
// asks for the old one for ever.
type renewal struct {
	mu     sync.Mutex
	topic  string    // being renewed, "" when none is
	last   time.Time // when one was asked for
	given  chan struct{}
	cancel context.CancelFunc
	closed bool

	running sync.WaitGroup
}

// begin tells whether a topic may be renewed now, how long that may take, and of partitions given back meanwhile.
func (r *renewal) begin(topic string) (ctx context.Context, given <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.topic != "" || time.Since(r.last) < renewPause {
		return nil, nil, false
	}
	r.topic, r.given = topic, make(chan struct{}, 1)
	ctx, r.cancel = context.WithTimeout(context.Background(), renewTime)
	r.running.Add(1)
	return ctx, r.given, true
}

func (r *renewal) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cancel()
	r.topic, r.last = "", time.Now()
	r.running.Done()
}

// revoked hears which partitions are no longer read.
func (r *renewal) revoked(ps []Partition) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.topic == "" || !slices.ContainsFunc(ps, func(p Partition) bool { return p.Topic == r.topic }) {
		return
	}
	select {
	case r.given <- struct{}{}:
	default:
	}
}

// close ends what runs. Only when the client is closed may it be waited for.
func (r *renewal) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.topic != "" {
		r.cancel()
	}
}

// renew looks whether a topic that the brokers do not know by its id any more is there under another one, and reads that.
// It does not wait for it.
func (c *Consumer) renew(topic string, old [16]byte) {
	c.withTopic(topic, func(ctx context.Context, given <-chan struct{}) {
		there, err := c.describe(ctx, topic)
		if err != nil || there.TopicID == old || there.TopicID == [16]byte{} {
			return // it is told by Trouble, and asked for again
		}
		c.log.Warn("topic was deleted and made anew, reading the new one from its beginning", "topic", topic,
			"old_id", hex.EncodeToString(old[:]), "new_id", hex.EncodeToString(there.TopicID[:]))
		c.metrics.renewed(topic)
		c.trouble.renewed(topic)
		c.letGo(ctx, topic, given)
	})
}

// rejoin has the client let go of a topic and begin with it again, false when that has to wait. It does not wait for it.
func (c *Consumer) rejoin(topic string) bool {
	return c.withTopic(topic, func(ctx context.Context, given <-chan struct{}) { c.letGo(ctx, topic, given) })
}

// withTopic does something to a topic in a goroutine, one thing at a time.
func (c *Consumer) withTopic(topic string, do func(ctx context.Context, given <-chan struct{})) bool {
	ctx, given, ok := c.renewal.begin(topic)
	if ok {
		go func() {
			defer c.renewal.end()
			do(ctx, given)
		}()
	}
	return ok
}

// letGo gives a topic's partitions back to the group and asks for them anew.
func (c *Consumer) letGo(ctx context.Context, topic string, given <-chan struct{}) {
	c.client.PurgeTopicsFromConsuming(topic)
	// Asked for at once, its partitions would stay assigned, and nobody would begin with them.
	select {
	case <-given:
	case <-ctx.Done():
	}
	c.client.AddConsumeTopics(topic)
}
