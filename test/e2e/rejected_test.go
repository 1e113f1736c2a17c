package e2e

import (
	"context"
	"testing"
	"time"

	"gatewatch/internal/kafka"
	"gatewatch/test/pipeline"
)

// rejected is how many different lines are in the topic of rejected lines; it waits until there are so many.
func rejected(t *testing.T, p *pipeline.Pipeline, want int) int {
	t.Helper()
	consumer, err := kafka.NewConsumer(p.Brokers, kafka.Group{Name: p.Topic("reader"), Topics: []string{p.Topic("rejected")}})
	if err != nil {
		t.Fatal(err)
	}
	defer consumer.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	seen := map[string]bool{}
	for len(seen) < want && ctx.Err() == nil {
		batches, err := consumer.Poll(ctx, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range batches {
			for _, r := range b.Records {
				seen[string(r.Value)] = true
			}
		}
		consumer.Handled()
	}
	return len(seen)
}
