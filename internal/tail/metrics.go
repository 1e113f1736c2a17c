package tail

import "github.com/prometheus/client_golang/prometheus"

// metrics count what is read. A nil registry is none, and the counting goes nowhere.
type metrics struct {
	lines, bytes, cut, troubles, saves prometheus.Counter
	rotations                          *prometheus.CounterVec
	known, open, behind                prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "gatewatch_tail_" + name, Help: help})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: "gatewatch_tail_" + name, Help: help})
	}
	m := &metrics{
		lines:    counter("lines_total", "Lines handed over."),
		bytes:    counter("read_bytes_total", "Bytes of files read."),
		cut:      counter("cut_lines_total", "Lines longer than a line may be, of which the beginning was handed over."),
		troubles: counter("troubles_total", "Times that a file could not be followed."),
		saves:    counter("save_failures_total", "Times that positions could not be saved."),
		rotations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gatewatch_tail_rotations_total", Help: "Files that were replaced or emptied.",
		}, []string{"kind"}),
		known:  gauge("known_files", "Files that are followed."),
		open:   gauge("open_files", "Files that are open."),
		behind: gauge("behind_bytes", "Bytes of files that are not safe yet."),
	}
	if reg != nil {
		reg.MustRegister(m.lines, m.bytes, m.cut, m.troubles, m.saves, m.rotations, m.known, m.open, m.behind)
	}
	return m
}
