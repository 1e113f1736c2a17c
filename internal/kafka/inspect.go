package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"gatewatch/internal/kafka/damage"
)

// inspect fetches a partition from an offset on once more, and judges what comes.
func (c *Consumer) inspect(ctx context.Context, p Partition, at int64) (damage.Verdict, error) {
	leader, id, err := c.leader(ctx, p)
	if err != nil {
		return damage.Verdict{}, err
	}
	req := kmsg.NewPtrFetchRequest()
	req.MinBytes, req.MaxBytes, req.SessionEpoch = 1, maxBatch, -1
	topic := kmsg.NewFetchRequestTopic()
	topic.Topic, topic.TopicID = p.Topic, id
	part := kmsg.NewFetchRequestTopicPartition()
	part.Partition, part.FetchOffset, part.PartitionMaxBytes = p.ID, at, 1<<20
	topic.Partitions = append(topic.Partitions, part)
	req.Topics = append(req.Topics, topic)
	answer, err := c.client.Broker(int(leader)).RetriableRequest(ctx, req)
	if err != nil {
		return damage.Verdict{}, fmt.Errorf("fetching %s/%d: %w", p.Topic, p.ID, err)
	}
	resp, ok := answer.(*kmsg.FetchResponse)
	if !ok || len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return damage.Verdict{}, fmt.Errorf("fetching %s/%d: no answer about it", p.Topic, p.ID)
	}
	got := &resp.Topics[0].Partitions[0]
	if err := kerr.ErrorForCode(got.ErrorCode); err != nil {
		return damage.Verdict{}, fmt.Errorf("fetching %s/%d: %w", p.Topic, p.ID, err)
	}
	return damage.Judge(at, got.RecordBatches, newDecompressor(newMemory())), nil
}

// leader is the broker that has a partition, and the id of its topic.
func (c *Consumer) leader(ctx context.Context, p Partition) (broker int32, id [16]byte, err error) {
	topic, err := c.describe(ctx, p.Topic)
	if err != nil {
		return 0, id, err
	}
	for i := range topic.Partitions {
		if topic.Partitions[i].Partition == p.ID {
			return topic.Partitions[i].Leader, topic.TopicID, kerr.ErrorForCode(topic.Partitions[i].ErrorCode)
		}
	}
	return 0, id, fmt.Errorf("asking for topic %s: it has no partition %d", p.Topic, p.ID)
}

// describe asks what there is of a topic.
func (c *Consumer) describe(ctx context.Context, name string) (*kmsg.MetadataResponseTopic, error) {
	req := kmsg.NewPtrMetadataRequest()
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &name
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, c.client)
	if err != nil {
		return nil, fmt.Errorf("asking for topic %s: %w", name, err)
	}
	if len(resp.Topics) != 1 {
		return nil, fmt.Errorf("asking for topic %s: no answer about it", name)
	}
	if err := kerr.ErrorForCode(resp.Topics[0].ErrorCode); err != nil {
		return nil, fmt.Errorf("asking for topic %s: %w", name, err)
	}
	return &resp.Topics[0], nil
}
