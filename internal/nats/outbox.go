package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// idempotencyHeader carries the notification's id to whoever delivers it.
const idempotencyHeader = jetstream.MsgIDHeader

// PutOutbox stores a notification for a receiver; it tries until the stream has it or the context ends. One with the
// same id for the same receiver is stored once.
func (c *Client) PutOutbox(ctx context.Context, receiver, id string, data []byte) error {
	m := message{subject: outboxSubject + Token(receiver), id: id + "." + Token(receiver), data: data}
	if err := c.store(ctx, m); err != nil {
		return fmt.Errorf("storing a notification: %w", err)
	}
	return nil
}

// Outbox takes the notifications of one receiver one at a time, in their order: the next one comes when the one before
// it is settled, whoever took it. One goroutine owns an Outbox.
type Outbox struct {
	messages jetstream.MessagesContext
	stop     func() bool
}

// OpenOutbox opens the outbox of one receiver.
func (c *Client) OpenOutbox(ctx context.Context, receiver string) (*Outbox, error) {
	token := Token(receiver)
	consumer, err := c.js.CreateOrUpdateConsumer(ctx, outboxStream, jetstream.ConsumerConfig{
		Durable: "receiver_" + token, FilterSubject: outboxSubject + token, AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: c.cfg.DeliveryTimeout, MaxDeliver: -1, MaxAckPending: 1, MaxWaiting: 16,
	})
	if err != nil {
		return nil, fmt.Errorf("opening an outbox: %w", explain(err))
	}
	// Asking for one message at a time would be enough, and would stall: the library looks whether to ask again when a
	// message comes, and passes over it while its last question is still being sent. MaxAckPending lets one through.
	messages, err := consumer.Messages(jetstream.PullMaxMessages(64))
	if err != nil {
		return nil, fmt.Errorf("opening an outbox: %w", explain(err))
	}
	return &Outbox{messages: messages, stop: context.AfterFunc(ctx, messages.Stop)}, nil
}

// Next waits for the next notification; it returns nil without an error when the context ends.
func (o *Outbox) Next(ctx context.Context) (*Parcel, error) {
	for {
		msg, err := o.messages.Next(jetstream.NextContext(ctx))
		switch {
		case ctx.Err() != nil:
			return nil, nil //nolint:nilnil,nilerr // the end of the context is no news
		case errors.Is(err, jetstream.ErrNoHeartbeat):
			continue // the connection is being made again
		case err != nil:
			return nil, fmt.Errorf("reading an outbox: %w", explain(err))
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, fmt.Errorf("reading an outbox: %w", err)
		}
		return &Parcel{
			msg: msg, ID: msg.Headers().Get(idempotencyHeader), Data: msg.Data(), Attempt: int(meta.NumDelivered), //nolint:gosec // counts fit
			Stored: meta.Timestamp.UTC(), Pending: meta.NumPending,
		}, nil
	}
}

// Close ends the reading. A notification that was taken and is not settled is given to somebody else later.
func (o *Outbox) Close() {
	o.stop()
	o.messages.Stop()
}

// Parcel is a notification that was taken from an outbox: it has to be settled by Done or Retry.
type Parcel struct {
	msg jetstream.Msg
	// ID names the notification and the receiver.
	ID      string
	Data    []byte
	Attempt int // from 1
	// Stored is when the outbox took it.
	Stored  time.Time
	Pending uint64
}

// Done removes the notification from the outbox.
func (p *Parcel) Done(ctx context.Context) error {
	if err := p.msg.DoubleAck(ctx); err != nil {
		return fmt.Errorf("settling a notification: %w", explain(err))
	}
	return nil
}

// Retry has the notification come again after a while, and those behind it wait.
func (p *Parcel) Retry(after time.Duration) error {
	if err := p.msg.NakWithDelay(after); err != nil {
		return fmt.Errorf("putting a notification back: %w", explain(err))
	}
	return nil
}

// Bury stores what could not be handled, with the reason, in the stream of the dead.
func (c *Client) Bury(ctx context.Context, d Dead) error {
	m := message{
		subject: deadSubject + Token(d.Source), id: "dead." + Token(d.Source) + "." + d.ID, data: d.Data,
		header: map[string]string{"Gatewatch-Reason": d.Reason, "Gatewatch-Detail": d.Detail},
	}
	if err := c.store(ctx, m); err != nil {
		return fmt.Errorf("storing a dead letter: %w", err)
	}
	return nil
}

// Dead is a message that could not be handled.
type Dead struct {
	// Source is where it comes from: "findings", or a receiver's name.
	Source string
	ID     string
	Reason string // from a closed set
	Detail string // one line, without secrets
	Data   []byte
}
