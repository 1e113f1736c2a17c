package push

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count requests by what they hold and how they were answered. A nil registry is none, and the counting goes
// nowhere.
type metrics struct {
	requests *prometheus.CounterVec
	records  *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	seconds  prometheus.Histogram
	cut      prometheus.Counter
}

func newMetrics(reg prometheus.Registerer, pending func() int64) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_push_requests_total", Help: "Requests, by content and status.",
		}, []string{"kind", "code"}),
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_push_records_total", Help: "Records that Kafka acknowledged.",
		}, []string{"kind"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_push_received_bytes_total", Help: "Bytes of the requests that were taken, decompressed.",
		}, []string{"kind"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "gatewatch_push_request_duration_seconds", Help: "Time from a request's headers to its answer.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 16),
		}),
		cut: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "gatewatch_push_cut_lines_total", Help: "Lines longer than a record may be, of which the beginning was taken.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.requests, m.records, m.bytes, m.seconds, m.cut, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "gatewatch_push_pending_bytes", Help: "Bytes of requests in memory.",
		}, func() float64 { return float64(pending()) }))
	}
	return m
}

// answered counts an answer; the codes are those of this package, so the labels are a closed set.
func (m *metrics) answered(k kind, code int, took time.Duration) {
	m.requests.WithLabelValues(k.String(), strconv.Itoa(code)).Inc()
	m.seconds.Observe(took.Seconds())
}

func (m *metrics) took(k kind, records, bytes int) {
	m.records.WithLabelValues(k.String()).Add(float64(records))
	m.bytes.WithLabelValues(k.String()).Add(float64(bytes))
}
