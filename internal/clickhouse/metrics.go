package clickhouse

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	inserts  *prometheus.CounterVec
	rows     *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	retries  *prometheus.CounterVec
	failures *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gatewatch_clickhouse_" + name, Help: help}, labels)
	}
	m := &metrics{
		inserts:  counter("inserts_total", "Batches that ClickHouse acknowledged.", "table"),
		rows:     counter("rows_total", "Rows that ClickHouse acknowledged.", "table"),
		bytes:    counter("bytes_total", "Bytes that ClickHouse acknowledged, before compression.", "table"),
		retries:  counter("retries_total", "Attempts to insert that failed and were made again, by class of trouble.", "table", "class"),
		failures: counter("failures_total", "Inserts that were given up, by class of trouble.", "table", "class"),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gatewatch_clickhouse_insert_seconds", Help: "Time until a batch was acknowledged, with all its attempts.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2, 16),
		}, []string{"table"}),
	}
	if reg != nil {
		reg.MustRegister(m.inserts, m.rows, m.bytes, m.retries, m.failures, m.duration)
	}
	return m
}

func (m *metrics) inserted(b batch, took time.Duration) {
	m.inserts.WithLabelValues(b.table).Inc()
	m.rows.WithLabelValues(b.table).Add(float64(b.rows))
	m.bytes.WithLabelValues(b.table).Add(float64(b.bytes))
	m.duration.WithLabelValues(b.table).Observe(took.Seconds())
}

func (m *metrics) retried(table string, c Class) { m.retries.WithLabelValues(table, c.String()).Inc() }

func (m *metrics) failed(table string, c Class) { m.failures.WithLabelValues(table, c.String()).Inc() }
