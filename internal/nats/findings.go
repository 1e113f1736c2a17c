package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gatewatch/internal/finding"
)

// Findings reads the stream of findings in its order, each once, from a position that the reader keeps with what it made
// of them. The servers keep no position, so that the two cannot disagree: what a consumer on a server has delivered
// without hearing an acknowledgement comes back late and out of order, and a fold must not see that. One goroutine owns a
// Findings.
type Findings struct {
	messages jetstream.MessagesContext
	stop     func() bool
	end      uint64
}

// Received is one message of the stream of findings.
type Received struct {
	Sequence uint64
	// Time is when the stream took it: the same however often it is read.
	Time time.Time
	// Pending is how many more there are.
	Pending uint64
	Subject string
	Data    []byte
}

// maxID is the longest id of a finding; ours have 32 characters.
const maxID = 128

// Decode reads the finding.
func (r *Received) Decode() (*finding.Finding, error) {
	var f finding.Finding
	if err := json.Unmarshal(r.Data, &f); err != nil {
		return nil, fmt.Errorf("decoding finding: %w", err)
	}
	switch {
	case f.ID == "" || len(f.ID) > maxID:
		return nil, fmt.Errorf("decoding finding: its id has %d bytes, not 1 to %d", len(f.ID), maxID)
	case f.Revision < 1:
		return nil, fmt.Errorf("decoding finding: revision %d is not positive", f.Revision)
	case f.Activity == finding.ActivityUnknown:
		return nil, errors.New("decoding finding: its activity is none of create, update, close")
	}
	return &f, nil
}

// FindingsAfter reads what comes after a position; 0 is none, and then begins with what the stream took since a time.
// When the stream ends before the position it is not the stream that the position is of, and is read from its beginning.
func (c *Client) FindingsAfter(ctx context.Context, position uint64, since time.Time) (*Findings, error) {
	stream, err := c.js.Stream(ctx, findingsStream)
	if err != nil {
		return nil, fmt.Errorf("opening the stream of findings: %w", explain(err))
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking about the stream of findings: %w", explain(err))
	}
	cfg := jetstream.OrderedConsumerConfig{NamePrefix: "alerter_" + nats.NewInbox()[len(nats.InboxPrefix):]}
	switch {
	case position > info.State.LastSeq:
		c.log().WarnContext(ctx, "the stream of findings is another than it was, reading from its beginning",
			"position", position, "end", info.State.LastSeq)
		cfg.DeliverPolicy = jetstream.DeliverAllPolicy
	case position > 0:
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, position+1
	default:
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &since
	}
	consumer, err := stream.OrderedConsumer(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", explain(err))
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(512))
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", explain(err))
	}
	return &Findings{messages: messages, stop: context.AfterFunc(ctx, messages.Stop), end: info.State.LastSeq}, nil
}

// End is the last position that was there when the reading began.
func (f *Findings) End() uint64 { return f.end }

// Next waits for the next message; it returns nil without an error when the context ends.
func (f *Findings) Next(ctx context.Context) (*Received, error) {
	msg, err := f.messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil //nolint:nilnil,nilerr // the end of the context is no news
		}
		return nil, fmt.Errorf("reading findings: %w", explain(err))
	}
	meta, err := msg.Metadata()
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	return &Received{
		Sequence: meta.Sequence.Stream, Time: meta.Timestamp.UTC(), Pending: meta.NumPending,
		Subject: msg.Subject(), Data: msg.Data(),
	}, nil
}

// Close ends the reading.
func (f *Findings) Close() {
	f.stop()
	f.messages.Stop()
}
