package nats

import "github.com/prometheus/client_golang/prometheus"

// metrics is what the client counts.
type metrics struct {
	published   prometheus.Counter
	republished prometheus.Counter
	outstanding prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "gatewatch_nats_findings_published_total", Help: "Findings that JetStream has acknowledged.",
		}),
		republished: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "gatewatch_nats_findings_republished_total",
			Help: "Findings sent once more because no acknowledgement came, or a refusal.",
		}),
		outstanding: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "gatewatch_nats_findings_outstanding", Help: "Findings sent and not acknowledged yet.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.published, m.republished, m.outstanding)
	}
	return m
}
