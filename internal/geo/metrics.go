package geo

import "github.com/prometheus/client_golang/prometheus"

// metrics count what becomes of the files. A nil registry is none, and the counting goes nowhere.
type metrics struct {
	reads  *prometheus.CounterVec
	built  *prometheus.GaugeVec
	faults *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		reads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_geo_reads_total", Help: "Times that a database was read, by result.",
		}, []string{"file", "result"}),
		built: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "gatewatch_geo_build_timestamp_seconds", Help: "When the database in use was made.",
		}, []string{"file"}),
		faults: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_geo_lookup_failures_total", Help: "Lookups that found damaged data.",
		}, []string{"file"}),
	}
	if reg != nil {
		reg.MustRegister(m.reads, m.built, m.faults)
	}
	return m
}

func (m *metrics) read(f *file) {
	m.reads.WithLabelValues(f.kind.String(), "ok").Inc()
	m.built.WithLabelValues(f.kind.String()).Set(float64(f.built().Unix()))
}

func (m *metrics) failed(f *file) { m.reads.WithLabelValues(f.kind.String(), "failed").Inc() }

func (m *metrics) fault(k kind) { m.faults.WithLabelValues(k.String()).Inc() }
