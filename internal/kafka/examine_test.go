package kafka

import (
	"encoding/binary"
	"hash/crc32"
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// misshapen is a batch whose checksum is right, of something that cannot be decompressed.
func misshapen(tb testing.TB, n int) []byte {
	tb.Helper()
	b := compressed(tb, eventValues(n), kgo.Lz4Compression())
	for i := 61; i < len(b); i++ {
		b[i] ^= 0x55
	}
	binary.BigEndian.PutUint32(b[17:], crc32.Checksum(b[21:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

// TestUnreadable: what was written in a way that nobody can ever read is stepped over, told and counted; everything before,
// between and behind it is read, wherever a member begins.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	var log logged
	reg := prometheus.NewRegistry()
	cfg := Config{
		Brokers: cluster(t, kfake.SeedTopics(1, "t")).ListenAddrs(), Metrics: reg, Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	// As of before topics had ids, so that a batch can be produced that is no batch.
	raw, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...), kgo.MaxVersions(kversion.V2_8_0()))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	good := compressed(t, eventValues(10), kgo.Lz4Compression())
	for _, b := range [][]byte{misshapen(t, 3), good, misshapen(t, 4), misshapen(t, 5), good, misshapen(t, 6), good} {
		req := kmsg.NewPtrProduceRequest()
		req.Acks, req.TimeoutMillis = -1, 1000
		topic := kmsg.NewProduceRequestTopic()
		topic.Topic = "t"
		part := kmsg.NewProduceRequestTopicPartition()
		part.Records = b
		topic.Partitions = append(topic.Partitions, part)
		req.Topics = append(req.Topics, topic)
		resp, err := req.RequestWith(t.Context(), raw)
		if err == nil {
			err = kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c := consumer(t, cfg, Group{Topics: []string{"t"}})
	values(t, c, 30)
	if err := c.Trouble(); err != nil {
		t.Errorf("trouble after everything was read: %v", err)
	}
	if got, want := total(t, reg, "gatewatch_kafka_unreadable_records_total"), 3+4+5+6; got != float64(want) {
		t.Errorf("%v records were stepped over, want %d", got, want)
	}
	if n := log.count("nobody can read"); n != 4 {
		t.Errorf("told %d times of 4 batches", n)
	}
	begin := func(Partition, int64) (int64, bool) { return 15, true } // in the middle of the first one of two
	if got := values(t, consumer(t, cfg, Group{Name: "other", Topics: []string{"t"}, Begin: begin}), 20); len(got) != 20 {
		t.Errorf("%d records from offset 15 on", len(got))
	}
}
