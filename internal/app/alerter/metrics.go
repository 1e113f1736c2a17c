package alerter

import "github.com/prometheus/client_golang/prometheus"

// metrics is what the service counts. Receivers' names are the configuration's, all other labels are closed sets.
type metrics struct {
	findings      *prometheus.CounterVec
	lag           prometheus.Gauge
	incidents     prometheus.Gauge
	firing        prometheus.Gauge
	evicted       prometheus.Gauge
	notifications *prometheus.CounterVec
	deliveries    *prometheus.CounterVec
	failures      *prometheus.CounterVec
	latency       *prometheus.HistogramVec
	saves         *prometheus.CounterVec
	stateBytes    prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	m := &metrics{
		findings: counter("gatewatch_alerter_findings_total", "Findings read, by result: folded or poison.", "result"),
		lag:      gauge("gatewatch_alerter_findings_pending", "Findings in the stream that have not been read."),
		incidents: gauge("gatewatch_alerter_incidents",
			"Incidents remembered, those that are over included."),
		firing:  gauge("gatewatch_alerter_incidents_firing", "Incidents that people were told of and that are not over."),
		evicted: gauge("gatewatch_alerter_incidents_evicted", "Incidents forgotten since the start to make room for others."),
		notifications: counter("gatewatch_alerter_notifications_total",
			"Notifications decided, by status and reason.", "status", "reason"),
		deliveries: counter("gatewatch_alerter_deliveries_total",
			"Attempts to deliver, by receiver and result: delivered, retried or dead.", "receiver", "result"),
		failures: counter("gatewatch_alerter_failures_total", "Attempts that failed, by receiver and reason.", "receiver", "reason"),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gatewatch_alerter_delivery_duration_seconds", Help: "From the decision to tell to the receiver's answer.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 12),
		}, []string{"receiver"}),
		saves:      counter("gatewatch_alerter_saves_total", "Times the state was saved, by result: ok, superseded or failed.", "result"),
		stateBytes: gauge("gatewatch_alerter_state_bytes", "Size of the state that was saved last."),
	}
	if reg != nil {
		reg.MustRegister(
			m.findings, m.lag, m.incidents, m.firing, m.evicted, m.notifications, m.deliveries, m.failures, m.latency, m.saves,
			m.stateBytes,
		)
	}
	return m
}
