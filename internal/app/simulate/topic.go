package simulate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/kafka"
)

// Topic is a sink that sends lines to a topic of Kafka, one to a record.
type Topic struct {
	ctx      context.Context //nolint:containedctx // a sink's life is that of the run that writes to it
	producer *kafka.Producer
	name     string
	rate     float64 // lines a second, 0: no limit
	began    time.Time
	lines    int64
	refused  atomic.Pointer[error]
}

var _ scene.Sink = (*Topic)(nil)

// TopicConfig says where lines go, and how fast.
type TopicConfig struct {
	Brokers []string
	Topic   string
	// Rate is the most lines a second; 0 is as many as the brokers take.
	Rate float64
}

// Validate returns every fault at once.
func (c *TopicConfig) Validate() error {
	var errs []error
	if c.Topic == "" {
		errs = append(errs, errors.New("topic is missing"))
	}
	if c.Rate < 0 {
		errs = append(errs, fmt.Errorf("rate %g: want lines a second, or 0 for as many as the brokers take", c.Rate))
	}
	return errors.Join(errs...)
}

// Open makes the sink, and the topic where it is missing.
func Open(ctx context.Context, c TopicConfig) (*Topic, error) {
	cfg := kafka.Config{Brokers: c.Brokers, ClientID: "gatewatch-simulate"}
	if err := kafka.EnsureTopics(ctx, cfg, kafka.Topic{Name: c.Topic, Partitions: -1, Replicas: -1}); err != nil {
		return nil, fmt.Errorf("making topic: %w", kafka.Explain(err))
	}
	producer, err := kafka.NewProducer(cfg, 0)
	if err != nil {
		return nil, fmt.Errorf("making producer: %w", err)
	}
	return &Topic{ctx: ctx, producer: producer, name: c.Topic, rate: c.Rate}, nil
}

// Line implements scene.Sink.
func (t *Topic) Line(line []byte) error {
	t.wait()
	// The scene writes the next line into the same memory, and the producer keeps this one until it is acknowledged.
	t.producer.Produce(t.ctx, &kafka.Record{Topic: t.name, Value: bytes.Clone(line)}, t.done)
	return t.refusal()
}

// tick is the least time that is worth waiting for.
const tick = 5 * time.Millisecond

// wait holds the next line back until it is due.
func (t *Topic) wait() {
	if t.rate <= 0 {
		return
	}
	if t.lines == 0 {
		t.began = time.Now()
	}
	early := time.Duration(float64(t.lines)/t.rate*float64(time.Second)) - time.Since(t.began)
	t.lines++
	if early < tick || t.ctx.Err() != nil {
		return
	}
	timer := time.NewTimer(early)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.ctx.Done(): // the scene stops by itself
	}
}

func (t *Topic) done(err error) {
	if err != nil {
		t.refused.CompareAndSwap(nil, &err)
	}
}

func (t *Topic) refusal() error {
	if err := t.refused.Load(); err != nil && t.ctx.Err() == nil {
		return fmt.Errorf("sending: %w", kafka.Explain(*err))
	}
	return nil
}

// Close waits until the brokers have everything, or until the context ends: whoever interrupts does not want to wait.
func (t *Topic) Close() error {
	err := t.producer.Flush(t.ctx)
	t.producer.Close()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, t.refusal())
}
