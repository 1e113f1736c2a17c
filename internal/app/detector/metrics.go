package detector

import (
	"strconv"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/finding"
)

const prefix = "gatewatch_detector_"

// metrics are what the service counts. Labels are stages, partitions, states, detectors and severities.
type metrics struct {
	events, duplicates, rejected, facets, ahead *prometheus.CounterVec // by stage
	ticks                                       *prometheus.CounterVec // by stage
	findings                                    *prometheus.CounterVec // by detector and severity
	partitions                                  *prometheus.GaugeVec   // by stage and state
	arrival, eventTime                          *prometheus.HistogramVec
	lag, entities, states, stateBytes, saved    *prometheus.GaugeVec // by stage and partition
	evicted, sources                            *prometheus.GaugeVec // by stage and partition
	rows, stalls, lost, damaged, failures       prometheus.Counter
	tooLarge, told                              prometheus.Counter
	snapshots, checkpoints                      prometheus.Histogram
}

// latencies are from a tenth of a millisecond to a day.
var latencies = []float64{
	.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86400,
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + name, Help: help})
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
	}
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: prefix + name, Help: help}, labels)
	}
	latency := func(name, help string) *prometheus.HistogramVec {
		opts := prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: latencies}
		return prometheus.NewHistogramVec(opts, []string{"stage"})
	}
	seconds := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: latencies})
	}
	m := &metrics{
		events:     counters("events_total", "Events, or facets of events, folded.", "stage"),
		duplicates: counters("duplicates_total", "Events heard before, and dropped.", "stage"),
		rejected:   counters("rejected_records_total", "Records that could not be read, and were put aside.", "stage"),
		facets:     counters("facets_total", "Facets given to the second stage.", "stage"),
		ahead:      counters("ahead_events_total", "Events more than an hour ahead of the clock.", "stage"),
		ticks:      counters("ticks_total", "Times that a partition without events was told the time.", "stage"),
		findings:   counters("findings_total", "Findings published, each revision.", "detector", "severity"),
		partitions: gauges("partitions", "Partitions by what they are at.", "stage", "state"),
		arrival:    latency("arrival_latency_seconds", "From a record's timestamp to its fold, of the first of each batch."),
		eventTime:  latency("event_latency_seconds", "From an event's own time to its fold, of the last of each batch."),
		lag:        gauges("lag_records", "Records that wait.", "stage", "partition"),
		entities:   gauges("entities", "Entities remembered.", "stage", "partition"),
		states:     gauges("states", "States of detectors held.", "stage", "partition"),
		stateBytes: gauges("state_bytes", "Size of the last checkpoint.", "stage", "partition"),
		saved:      gauges("checkpoint_timestamp_seconds", "When the last checkpoint was saved.", "stage", "partition"),
		evicted:    gauges("evicted_entities", "Entities and states forgotten for want of room.", "stage", "partition"),
		sources:    gauges("sources", "Sources of events whose position is remembered.", "stage", "partition"),
		rows:       counter("rows_total", "Events stored."),
		stalls:     counter("stalls_total", "Times a partition waited for the store."),
		lost:       counter("lost_records_total", "Records deleted before they were read."),
		damaged:    counter("damaged_checkpoints_total", "Checkpoints that could not be read."),
		failures:   counter("checkpoint_failures_total", "Checkpoints that could not be saved."),
		told:       counter("told_partitions_total", "Times that a partition of facets was told the time."),
		tooLarge:   counter("too_large_records_total", "Records too large for their topic, and dropped."),
		snapshots:  seconds("snapshot_seconds", "How long a partition stands still for a checkpoint."),
		checkpoints: seconds("checkpoint_seconds",
			"From taking a checkpoint to having it saved, the sinks' acknowledgements included."),
	}
	if reg != nil {
		reg.MustRegister(
			m.events, m.duplicates, m.rejected, m.facets, m.ahead, m.ticks, m.findings, m.partitions, m.arrival, m.eventTime, m.lag,
			m.entities, m.states, m.stateBytes, m.saved, m.evicted, m.sources, m.rows, m.stalls, m.lost, m.damaged, m.failures,
			m.tooLarge, m.told, m.snapshots, m.checkpoints,
		)
	}
	return m
}

func (m *metrics) finding(f *finding.Finding) {
	m.findings.WithLabelValues(f.Detector, f.Severity.String()).Inc()
}

// arrived counts a partition that is new.
func (m *metrics) arrived(stage string) {
	m.partitions.WithLabelValues(stage, statePending.String()).Inc()
}

// moved counts a partition that changes its state.
func (m *metrics) moved(stage string, from, to state) {
	m.partitions.WithLabelValues(stage, from.String()).Dec()
	if to != stateGone {
		m.partitions.WithLabelValues(stage, to.String()).Inc()
	}
}

// gauges are the metrics of one partition, and what readiness asks about it.
type gauges struct {
	metrics *metrics
	labels  [2]string
	state   atomic.Uint32
	waiting atomic.Int64

	events, duplicates, rejected, facets, ahead       prometheus.Counter
	ticks                                             prometheus.Counter
	arrival, eventTime                                prometheus.Observer
	lag, entities, states, stateBytes, saved, evicted prometheus.Gauge
	sources                                           prometheus.Gauge
	rows, stalls, lost, damaged                       prometheus.Counter
}

func (m *metrics) partition(stage string, id int32) *gauges {
	g := &gauges{metrics: m, labels: [2]string{stage, strconv.Itoa(int(id))}}
	gauge := func(v *prometheus.GaugeVec) prometheus.Gauge { return v.WithLabelValues(g.labels[:]...) }
	g.events, g.duplicates = m.events.WithLabelValues(stage), m.duplicates.WithLabelValues(stage)
	g.rejected, g.facets = m.rejected.WithLabelValues(stage), m.facets.WithLabelValues(stage)
	g.ahead, g.ticks = m.ahead.WithLabelValues(stage), m.ticks.WithLabelValues(stage)
	g.arrival, g.eventTime = m.arrival.WithLabelValues(stage), m.eventTime.WithLabelValues(stage)
	g.lag, g.entities, g.states, g.stateBytes = gauge(m.lag), gauge(m.entities), gauge(m.states), gauge(m.stateBytes)
	g.saved, g.evicted, g.sources = gauge(m.saved), gauge(m.evicted), gauge(m.sources)
	g.rows, g.stalls, g.lost, g.damaged = m.rows, m.stalls, m.lost, m.damaged
	return g
}

// forget takes back the gauges of a partition that is another's now.
func (g *gauges) forget() {
	m := g.metrics
	for _, v := range [...]*prometheus.GaugeVec{m.lag, m.entities, m.states, m.stateBytes, m.saved, m.evicted, m.sources} {
		v.DeleteLabelValues(g.labels[:]...)
	}
}
