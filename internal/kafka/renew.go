package kafka

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
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
	ctx, given, ok := c.renewal.begin(topic)
	if !ok {
		return
	}
	go func() {
		defer c.renewal.end()
		now, err := c.topicID(ctx, topic)
		if err != nil || now == old || now == [16]byte{} {
			return // it is told by Trouble, and asked for again
		}
		c.log.Warn("topic was deleted and made anew, reading the new one from its beginning", "topic", topic,
			"old_id", hex.EncodeToString(old[:]), "new_id", hex.EncodeToString(now[:]))
		c.metrics.renewed(topic)
		c.client.PurgeTopicsFromConsuming(topic)
		// Asked for at once, its partitions would stay assigned, and nobody would begin with them.
		select {
		case <-given:
		case <-ctx.Done():
		}
		c.client.AddConsumeTopics(topic)
	}()
}

// topicID is the id of the topic that has the name now.
func (c *Consumer) topicID(ctx context.Context, topic string) (id [16]byte, err error) {
	req := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &topic
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, c.client)
	if err != nil {
		return id, fmt.Errorf("asking for topic %s: %w", topic, err)
	}
	for i := range resp.Topics {
		if err := kerr.ErrorForCode(resp.Topics[i].ErrorCode); err != nil {
			return id, fmt.Errorf("asking for topic %s: %w", topic, err)
		}
		id = resp.Topics[i].TopicID
	}
	return id, nil
}
