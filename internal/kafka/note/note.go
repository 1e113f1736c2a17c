// Package note leaves a text with the positions that a group commits, for whoever begins at them.
package note

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// With has a commit that is made in the context leave a text with each of its partitions.
func With(ctx context.Context, text string) context.Context {
	return kgo.PreCommitFnContext(ctx, func(req *kmsg.OffsetCommitRequest) error {
		for i := range req.Topics {
			for j := range req.Topics[i].Partitions {
				req.Topics[i].Partitions[j].Metadata = &text
			}
		}
		return nil
	})
}

// Reading tells the texts that were left where a group's member begins.
func Reading(tell func(text string)) kgo.Opt {
	one := func(text *string) {
		if text != nil && *text != "" {
			tell(*text)
		}
	}
	return kgo.OnOffsetsFetched(func(_ context.Context, _ *kgo.Client, resp *kmsg.OffsetFetchResponse) error {
		for i := range resp.Topics { // brokers before Kafka 3.0
			for j := range resp.Topics[i].Partitions {
				one(resp.Topics[i].Partitions[j].Metadata)
			}
		}
		for i := range resp.Groups {
			for j := range resp.Groups[i].Topics {
				for k := range resp.Groups[i].Topics[j].Partitions {
					one(resp.Groups[i].Topics[j].Partitions[k].Metadata)
				}
			}
		}
		return nil
	})
}
