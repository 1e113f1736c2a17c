package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
)

// metrics count what the service reads and produces.
type metrics struct {
	records, bytes     prometheus.Counter
	lines              *prometheus.CounterVec // by outcome
	rejected           *prometheus.CounterVec // by reason
	events             *prometheus.CounterVec // by format
	tooLarge, ticks    prometheus.Counter
	commits            *prometheus.CounterVec // by result
	inFlight           prometheus.Gauge
	held               prometheus.Gauge
	partitions         prometheus.Gauge
	acknowledged, ages prometheus.Histogram
}

// latencies are the upper bounds of latencies in seconds: from half a millisecond to five minutes behind.
var latencies = []float64{
	0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300,
} //nolint:gochecknoglobals // a constant in all but name

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "gatewatch", Subsystem: "ingest", Name: name, Help: help}
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts(opts(name, help)))
	}
	vector := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts(opts(name, help)), []string{label})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts(opts(name, help)))
	}
	histogram := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "gatewatch", Subsystem: "ingest", Name: name, Help: help, Buckets: latencies,
		})
	}
	m := &metrics{
		records:    counter("records_total", "Raw records read."),
		bytes:      counter("record_bytes_total", "Bytes of raw records read."),
		lines:      vector("lines_total", "Lines of raw records, by what became of them.", "outcome"),
		rejected:   vector("rejected_lines_total", "Lines that could not be read, by reason.", "reason"),
		events:     vector("events_total", "Events produced, by the format of their lines.", "format"),
		tooLarge:   counter("too_large_events_total", "Events too large for their topic, whose lines were rejected."),
		ticks:      counter("ticks_total", "Times that a partition of events was told the time because nothing was written to it."),
		commits:    vector("commits_total", "Commits of positions in the raw topics, by result.", "result"),
		inFlight:   gauge("in_flight_bytes", "Bytes of records produced and not yet acknowledged."),
		held:       gauge("held_bytes", "Bytes of raw records read and not yet decoded."),
		partitions: gauge("assigned_partitions", "Partitions of raw topics that are read."),
		acknowledged: histogram("acknowledge_seconds",
			"Time from a raw record's arrival in Kafka to the acknowledgement of all that came of it."),
		ages: histogram("event_age_seconds", "Time from a request, as its line says, to the acknowledgement of its event."),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.records, m.bytes, m.lines, m.rejected, m.events, m.tooLarge, m.ticks, m.commits, m.inFlight, m.held, m.partitions,
		m.acknowledged, m.ages,
	} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// count adds what a decoder did since the counts before.
func (m *metrics) count(now, before *accesslog.Stats) {
	m.records.Add(float64(now.Records - before.Records))
	m.lines.WithLabelValues("event").Add(float64(now.Events - before.Events))
	m.lines.WithLabelValues("skipped").Add(float64(now.Skipped - before.Skipped))
	m.lines.WithLabelValues("rejected").Add(float64(now.RejectedTotal() - before.RejectedTotal()))
	for reason := range now.Rejected {
		if n := now.Rejected[reason] - before.Rejected[reason]; n > 0 {
			m.rejected.WithLabelValues(format.Reason(reason).String()).Add(float64(n))
		}
	}
	for name, n := range now.Formats {
		if more := n - before.Formats[name]; more > 0 {
			m.events.WithLabelValues(name).Add(float64(more))
		}
	}
}

// parcel observes how long it took until a parcel was acknowledged.
func (m *metrics) parcel(p *parcel) {
	now := time.Now().UnixNano()
	if p.arrived > 0 {
		m.acknowledged.Observe(float64(max(now-p.arrived, 0)) / float64(time.Second))
	}
	if p.happened > 0 {
		m.ages.Observe(float64(max(now-p.happened, 0)) / float64(time.Second))
	}
}
