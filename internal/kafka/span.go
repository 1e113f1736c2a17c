package kafka

import (
	"context"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Span is the offsets of a partition's oldest record and of the one that will come next: equal when there is none.
type Span struct{ First, Next int64 }

// Spans asks what there is of topics. A partition whose broker does not answer is left out.
func (p *Producer) Spans(ctx context.Context, topics ...string) (map[Partition]Span, error) {
	return spans(ctx, p.client, topics...)
}

func spans(ctx context.Context, cl *kgo.Client, topics ...string) (map[Partition]Span, error) {
	admin := kadm.NewClient(cl)
	begin, err := admin.ListStartOffsets(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("listing offsets of %s: %w", strings.Join(topics, ", "), err)
	}
	end, err := admin.ListEndOffsets(ctx, topics...)
	if err != nil {
		return nil, fmt.Errorf("listing offsets of %s: %w", strings.Join(topics, ", "), err)
	}
	all := map[Partition]Span{}
	end.Each(func(o kadm.ListedOffset) {
		first, ok := begin.Lookup(o.Topic, o.Partition)
		if ok && first.Err == nil && o.Err == nil {
			all[Partition{o.Topic, o.Partition}] = Span{first.Offset, o.Offset}
		}
	})
	return all, nil
}
