package nats

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"gatewatch/internal/finding"
)

// Watch calls f with every new finding until the context ends; it then returns nil. What is no finding is passed over.
func (c *Client) Watch(ctx context.Context, f func(*finding.Finding)) error {
	consumer, err := c.js.OrderedConsumer(ctx, findingsStream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverNewPolicy,
	})
	if err != nil {
		return fmt.Errorf("watching findings: %w", explain(err))
	}
	messages, err := consumer.Messages()
	if err != nil {
		return fmt.Errorf("watching findings: %w", explain(err))
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("watching findings: %w", explain(err))
		}
		var v finding.Finding
		if json.Unmarshal(msg.Data(), &v) == nil {
			f(&v)
		}
	}
}
