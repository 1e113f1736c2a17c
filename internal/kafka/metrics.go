package kafka

import (
	"errors"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
)

// metrics count what clients read and write, by topic. Topics are the configuration's, or match its pattern.
type metrics struct {
	fetchedRecords, fetchedBytes, fetchedWire    *prometheus.CounterVec
	producedRecords, producedBytes, producedWire *prometheus.CounterVec
	errors                                       *prometheus.CounterVec
	renewals, skipped                            *prometheus.CounterVec
	lag                                          *prometheus.GaugeVec

	mu sync.Mutex
	at map[Partition]progress
}

// progress is how far a partition has been read.
type progress struct {
	next int64
	lag  prometheus.Gauge
}

var (
	_ kgo.HookFetchBatchRead      = (*metrics)(nil)
	_ kgo.HookProduceBatchWritten = (*metrics)(nil)
)

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "gatewatch", Subsystem: "kafka", Name: name, Help: help,
		}, labels))
	}
	return &metrics{
		fetchedRecords:  counter("fetched_records_total", "Records read from Kafka.", "topic"),
		fetchedBytes:    counter("fetched_bytes_total", "Bytes of records read from Kafka, decompressed.", "topic"),
		fetchedWire:     counter("fetched_compressed_bytes_total", "Bytes of records read from Kafka, as they came.", "topic"),
		producedRecords: counter("produced_records_total", "Records written to Kafka.", "topic"),
		producedBytes:   counter("produced_bytes_total", "Bytes of records written to Kafka, before compression.", "topic"),
		producedWire:    counter("produced_compressed_bytes_total", "Bytes of records written to Kafka, as they went.", "topic"),
		errors:          counter("fetch_errors_total", "Fetches that failed, by what it means.", "class"),
		renewals:        counter("renewed_topics_total", "Topics that were deleted and made anew while they were read.", "topic"),
		skipped:         counter("unreadable_records_total", "Records that nobody can read and that were stepped over.", "topic"),
		lag: register(reg, prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "gatewatch", Subsystem: "kafka", Name: "lag_records",
			Help: "Records of a partition that have not been read yet.",
		}, []string{"topic", "partition"})),
		at: map[Partition]progress{},
	}
}

// register registers a collector, or returns the one that another client of the process has registered.
func register[C prometheus.Collector](reg prometheus.Registerer, c C) C {
	if reg == nil {
		return c
	}
	err := reg.Register(c)
	if before, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		if known, ok := before.ExistingCollector.(C); ok {
			return known
		}
	}
	return c
}

// OnFetchBatchRead implements kgo.HookFetchBatchRead.
func (m *metrics) OnFetchBatchRead(_ kgo.BrokerMetadata, topic string, _ int32, b kgo.FetchBatchMetrics) {
	m.fetchedRecords.WithLabelValues(topic).Add(float64(b.NumRecords))
	m.fetchedBytes.WithLabelValues(topic).Add(float64(b.UncompressedBytes))
	m.fetchedWire.WithLabelValues(topic).Add(float64(b.CompressedBytes))
}

// OnProduceBatchWritten implements kgo.HookProduceBatchWritten.
func (m *metrics) OnProduceBatchWritten(_ kgo.BrokerMetadata, topic string, _ int32, b kgo.ProduceBatchMetrics) {
	m.producedRecords.WithLabelValues(topic).Add(float64(b.NumRecords))
	m.producedBytes.WithLabelValues(topic).Add(float64(b.UncompressedBytes))
	m.producedWire.WithLabelValues(topic).Add(float64(b.CompressedBytes))
}

// read notes how far a partition has been read.
func (m *metrics) read(p Partition, next, high int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen, ok := m.at[p]
	if !ok {
		seen.lag = m.lag.WithLabelValues(p.Topic, strconv.Itoa(int(p.ID)))
	}
	seen.next = next
	seen.lag.Set(float64(max(high-next, 0)))
	m.at[p] = seen
}

// position is the offset after the last record read of a partition.
func (m *metrics) position(p Partition) (int64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen, ok := m.at[p]
	return seen.next, ok
}

// gone forgets partitions that belong to another member now.
func (m *metrics) gone(ps []Partition) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range ps {
		delete(m.at, p)
		m.lag.DeleteLabelValues(p.Topic, strconv.Itoa(int(p.ID)))
	}
}

func (m *metrics) failed(class errorClass) { m.errors.WithLabelValues(string(class)).Inc() }

func (m *metrics) renewed(topic string) { m.renewals.WithLabelValues(topic).Inc() }

func (m *metrics) steppedOver(topic string, records int64) {
	m.skipped.WithLabelValues(topic).Add(float64(records))
}
