package kafka

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/pierrec/lz4/v4"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// eventValues are values such as the topic of events holds: some 230 bytes that compress four to one.
func eventValues(n int) [][]byte {
	paths := []string{"/api/v2/orders", "/login", "/static/app.js", "/api/v2/users/{int}", "/"}
	agent := "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	all := make([][]byte, n)
	for i := range all {
		all[i] = fmt.Appendf(nil, "\t%08d\x12\x10access.raw%06dGET https shop.example %s/%d?page=%d HTTP/1.1 %s 192.0.2.%d %d",
			i*7919, i, paths[i%len(paths)], i*31%1000, i%17, agent, i%250, i*104729%50000)
	}
	return all
}

// compressed is a batch of values as a producer makes it.
func compressed(tb testing.TB, values [][]byte, codec kgo.CompressionCodec) []byte {
	tb.Helper()
	var raw []byte
	for i, v := range values {
		r := kmsg.Record{OffsetDelta: int32(i), Value: v}
		r.Length = int32(len(r.AppendTo(nil)) - 1)
		raw = append(raw, r.AppendTo(nil)...)
	}
	c, err := kgo.DefaultCompressor(codec)
	if err != nil {
		tb.Fatal(err)
	}
	attributes := int16(0)
	if c != nil {
		out, used := c.Compress(newBuffer(), raw)
		raw, attributes = append([]byte(nil), out...), int16(used)
	}
	n := int32(len(values))
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, Attributes: attributes, LastOffsetDelta: n - 1, FirstTimestamp: 1600000000000,
		MaxTimestamp: 1600000000000, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: n, Records: raw,
	}
	out := b.AppendTo(nil)
	binary.BigEndian.PutUint32(out[8:], uint32(len(out)-12))
	binary.BigEndian.PutUint32(out[17:], crc32.Checksum(out[21:], crc32.MakeTable(crc32.Castagnoli)))
	return out
}

// BenchmarkConsume reads one topic with the consumer and with the client as it is by default, the limit of whoever does
// something with the records.
func BenchmarkConsume(b *testing.B) {
	const perBatch = 4096
	for _, codec := range []struct {
		name  string
		codec kgo.CompressionCodec
	}{{"none", kgo.NoCompression()}, {"lz4", kgo.Lz4Compression()}, {"snappy", kgo.SnappyCompression()}} {
		batch := compressed(b, eventValues(perBatch), codec.codec)
		for _, who := range []string{"client", "consumer"} {
			b.Run(codec.name+"/"+who, func(b *testing.B) {
				c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(4, "events"), kfake.SyntheticFetch(kfake.SyntheticBatch{Batch: batch}))
				if err != nil {
					b.Fatal(err)
				}
				defer c.Close()
				poll := byConsumer(b, c.ListenAddrs())
				if who == "client" {
					poll = byClient(b, c.ListenAddrs())
				}
				for n := 0; n < 100_000; { // warm up
					n += poll()
				}
				measure(b, poll)
			})
		}
	}
}

func measure(b *testing.B, poll func() int) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	b.ResetTimer()
	n := 0
	for n < b.N {
		n += poll()
	}
	b.StopTimer()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(cpuTime()-cpu)/float64(n), "cpu-ns/record")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n), "garbage-B/record")
}

// cpuTime is the CPU time of the process: the broker is in it, and sends the same bytes to all.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func byConsumer(b *testing.B, brokers []string) func() int {
	b.Helper()
	c, err := NewConsumer(Config{Brokers: brokers}, Group{Name: "bench", Topics: []string{"events"}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	return func() int {
		batches, err := c.Poll(context.Background(), 0)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, batch := range batches {
			n += len(batch.Records)
			batch.Release()
		}
		c.Handled()
		return n
	}
}

func byClient(b *testing.B, brokers []string) func() int {
	b.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumerGroup("bench"), kgo.ConsumeTopics("events"),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit(),
		kgo.FetchMaxBytes(16<<20), kgo.FetchMaxPartitionBytes(1<<20))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	return func() int { return c.PollFetches(context.Background()).NumRecords() }
}

// BenchmarkDecompress decompresses one batch by the client's decompressor and by ours.
func BenchmarkDecompress(b *testing.B) {
	var raw []byte
	for _, v := range eventValues(4096) {
		raw = append(raw, v...)
	}
	src := frameOf(b, raw, lz4.BlockChecksumOption(false))
	for _, bm := range []struct {
		name string
		d    func() func()
	}{
		{"client", func() func() {
			d := kgo.DefaultDecompressor()
			return func() {
				if _, err := d.Decompress(src, kgo.CodecLz4); err != nil {
					b.Fatal(err)
				}
			}
		}},
		{"ours", func() func() {
			m := newMemory()
			d := newDecompressor(m)
			return func() {
				out, err := d.Decompress(src, kgo.CodecLz4)
				if err != nil {
					b.Fatal(err)
				}
				clear(out)
				m.PutDecompressBytes(out)
			}
		}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			f := bm.d()
			for b.Loop() {
				f()
			}
		})
	}
}
