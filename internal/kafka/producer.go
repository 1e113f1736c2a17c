package kafka

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

type (
	commitRequest  = kmsg.OffsetCommitRequest
	commitResponse = kmsg.OffsetCommitResponse
)

// Producer writes records: idempotently, acknowledged by all replicas in sync, LZ4, without lingering. Records of one
// partition arrive in the order in which they were produced. Any goroutine may use a Producer.
type Producer struct{ client *kgo.Client }

// NewProducer makes a producer that holds at most buffered bytes not yet acknowledged; 0 is 64 MiB.
func NewProducer(cfg Config, buffered int) (*Producer, error) {
	if buffered <= 0 {
		buffered = 64 << 20
	}
	m := newMetrics(cfg.Metrics)
	cl, err := cfg.client(
		kgo.WithHooks(m), kgo.ProducerBatchMaxBytesFn(cfg.batchBytes), kgo.RecordPartitioner(newPins()),
		kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerBatchCompression(kgo.Lz4Compression(), kgo.NoCompression()),
		kgo.ProducerLinger(0), kgo.MaxBufferedBytes(buffered), kgo.MaxBufferedRecords(math.MaxInt32),
		// A record is given up by its context only: an outage is waited for, and the order kept.
		kgo.RecordRetries(math.MaxInt32), kgo.UnknownTopicRetries(4), kgo.StopProducerOnDataLossDetected(),
	)
	if err != nil {
		return nil, err
	}
	return &Producer{client: cl}, nil
}

// defaultBatch is what a batch of records may take by the brokers' defaults, in bytes.
const defaultBatch = 1_000_012

func (c Config) batchBytes(topic string) int32 {
	if n := c.BatchBytes[topic]; n > 0 {
		return max(min(n, defaultBatch), 512) // the least that the client takes
	}
	return defaultBatch
}

// Produce hands over a record; it waits while the buffer is full. The record and its memory belong to the producer until
// done is called, once, from a goroutine of the producer's: done must not block.
func (p *Producer) Produce(ctx context.Context, r *Record, done func(error)) {
	p.client.Produce(ctx, r, func(_ *kgo.Record, err error) { done(err) })
}

// Send is Produce for those who produce much: done gets the record back, so that one function serves all.
func (p *Producer) Send(ctx context.Context, r *Record, done func(*Record, error)) {
	p.client.Produce(ctx, r, done)
}

// Flush waits until everything produced so far has been acknowledged or given up.
func (p *Producer) Flush(ctx context.Context) error {
	if err := p.client.Flush(ctx); err != nil {
		return fmt.Errorf("flushing producer: %w", err)
	}
	return nil
}

// Buffered is how many bytes are not acknowledged yet.
func (p *Producer) Buffered() int64 { return p.client.BufferedProduceBytes() }

// Ping asks any broker for an answer.
func (p *Producer) Ping(ctx context.Context) error { return ping(ctx, p.client) }

// Close gives up what is not acknowledged: Flush first.
func (p *Producer) Close() { p.client.Close() }

func ping(ctx context.Context, cl *kgo.Client) error {
	if err := cl.Ping(ctx); err != nil {
		return fmt.Errorf("asking kafka: %w", err)
	}
	return nil
}

func codeError(code int16) error {
	if err := kerr.ErrorForCode(code); err != nil {
		return fmt.Errorf("kafka says: %w", err)
	}
	return nil
}

// IsTooLarge tells that a record is larger than its topic takes.
func IsTooLarge(err error) bool { return errors.Is(err, kerr.MessageTooLarge) }
