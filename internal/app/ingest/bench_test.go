package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"gatewatch/internal/app/service"
)

// jsonLines are access logs as nginx writes them in JSON, of some hundred bytes.
func jsonLines(n int) [][]byte {
	paths := []string{"/api/v2/orders", "/login", "/static/app.js", "/api/v2/users", "/"}
	all := make([][]byte, n)
	for i := range all {
		all[i] = fmt.Appendf(nil, `{"time":"2026-11-22T10:%02d:%02d.%03dZ","remote_addr":"192.0.%d.%d","request_method":"GET",`+
			`"request_uri":"%s/%d?page=%d","server_protocol":"HTTP/1.1","status":%d,"body_bytes_sent":%d,"request_time":0.%03d,`+
			`"http_user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",`+
			`"http_referer":"https://shop.example/","host":"shop.example","request_id":"%032x"}`,
			i/60%60, i%60, i%1000, i%16, i*31%250, paths[i%len(paths)], i*17%800, i%9, 200+i%5, i*37%9000, i%1000, i)
	}
	return all
}

// batchOf is a batch of values as a shipper makes it.
func batchOf(tb testing.TB, values [][]byte) []byte {
	tb.Helper()
	var raw []byte
	for i, v := range values {
		r := kmsg.Record{OffsetDelta: int32(i), Value: v}
		r.Length = int32(len(r.AppendTo(nil)) - 1)
		raw = append(raw, r.AppendTo(nil)...)
	}
	c, err := kgo.DefaultCompressor(kgo.Lz4Compression())
	if err != nil {
		tb.Fatal(err)
	}
	out, used := c.Compress(new(bytes.Buffer), raw)
	now := time.Now().UnixMilli()
	n := int32(len(values))
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, Attributes: int16(used), LastOffsetDelta: n - 1, FirstTimestamp: now, MaxTimestamp: now,
		ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: n, Records: out,
	}
	batch := b.AppendTo(nil)
	binary.BigEndian.PutUint32(batch[8:], uint32(len(batch)-12))
	binary.BigEndian.PutUint32(batch[17:], crc32.Checksum(batch[21:], crc32.MakeTable(crc32.Castagnoli)))
	return batch
}

// BenchmarkService is the whole service from a raw topic to the topic of events, with a broker in the same process that
// serves the same batch again and again and forgets what it is given.
func BenchmarkService(b *testing.B) {
	br := newBroker(b, kfake.SeedTopics(4, "access.raw"), kfake.BlackholeProduce(),
		kfake.SyntheticFetch(kfake.SyntheticBatch{Batch: batchOf(b, jsonLines(4096))}))
	reg := prometheus.NewRegistry()
	s, err := Build(br.config(), service.Env{Metrics: reg})
	if err != nil {
		b.Fatal(err)
	}
	runService(b, s)
	produced := func() int {
		families, err := reg.Gather()
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() == "gatewatch_kafka_produced_records_total" {
				return int(f.GetMetric()[0].GetCounter().GetValue())
			}
		}
		return 0
	}
	reach := func(n int) {
		for produced() < n {
			time.Sleep(5 * time.Millisecond)
		}
	}
	reach(200_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	first, cpu := produced(), cpuTime(b)
	b.ResetTimer()
	reach(first + b.N)
	b.StopTimer()
	n := produced() - first
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(cpuTime(b)-cpu)/float64(n), "cpu-ns/event")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n), "garbage-B/event")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
