package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
)

// SendTo is Send to a partition of the caller's choice, whatever the record's key. Records that are sent either way arrive
// in one order.
func (p *Producer) SendTo(ctx context.Context, partition int32, r *Record, done func(*Record, error)) {
	r.Partition, r.Context = partition, pinned{ctx}
	p.client.Produce(ctx, r, done)
}

// pinned marks a record whose partition has been chosen: of what a record can hold, the client leaves its context alone.
type pinned struct{ context.Context } //nolint:containedctx // it is a mark on the record's own

func isPinned(r *Record) bool {
	_, ok := r.Context.(pinned)
	return ok
}

// pins has records go to the partitions that were chosen for them, and all others where they would.
type pins struct{ others kgo.Partitioner }

var _ kgo.Partitioner = pins{}

// newPins is around the client's own default: by the key as Kafka hashes it, and else batch by batch.
func newPins() pins { return pins{kgo.UniformBytesPartitioner(64<<10, true, true, nil)} }

// ForTopic implements kgo.Partitioner.
func (p pins) ForTopic(topic string) kgo.TopicPartitioner {
	others := p.others.ForTopic(topic)
	if by, ok := others.(kgo.TopicBackupPartitioner); ok {
		return pinsOfTopic{by}
	}
	return others
}

type pinsOfTopic struct{ kgo.TopicBackupPartitioner }

// RequiresConsistency implements kgo.TopicPartitioner.
func (p pinsOfTopic) RequiresConsistency(r *Record) bool {
	return isPinned(r) || p.TopicBackupPartitioner.RequiresConsistency(r)
}

// PartitionByBackup implements kgo.TopicBackupPartitioner.
func (p pinsOfTopic) PartitionByBackup(r *Record, n int, backup kgo.TopicBackupIter) int {
	if isPinned(r) {
		return int(r.Partition)
	}
	return p.TopicBackupPartitioner.PartitionByBackup(r, n, backup)
}
