package kafka

// Batch is some records of one partition, in order.
type Batch struct {
	Partition Partition
	// TopicID tells the topic from another that had its name; zero where the brokers do not say (before Kafka 3.1).
	TopicID [16]byte
	Records []*Record
	// HighWatermark is the offset after the partition's newest record, when these were read.
	HighWatermark int64
}

// Release gives the memory of the records back: neither they nor their keys and values may be used any more. It may be
// called once, from any goroutine. A batch that is not released is left to the garbage collector.
func (b Batch) Release() {
	for _, r := range b.Records {
		r.Recycle()
	}
}
