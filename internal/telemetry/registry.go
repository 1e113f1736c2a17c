package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// NewRegistry makes a registry that knows the process, the Go runtime, and what was built.
func NewRegistry(b Build) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(BuildInfo(b), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return reg
}

// BuildInfo is a metric that tells what was built, in its labels.
func BuildInfo(b Build) prometheus.Gauge {
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "gatewatch_build_info", Help: "What the program was built of; always 1.",
		ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Commit, "goversion": b.Go},
	})
	info.Set(1)
	return info
}

// Reloads counts what became of attempts to read the configuration again.
type Reloads struct {
	ok prometheus.Gauge
	at prometheus.Gauge
}

// NewReloads makes the metrics; a nil registry is allowed.
func NewReloads(reg prometheus.Registerer) *Reloads {
	r := &Reloads{
		ok: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "gatewatch_config_last_reload_successful",
			Help: "Whether the configuration was read without a fault at the last attempt.",
		}),
		at: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "gatewatch_config_last_reload_success_timestamp_seconds",
			Help: "When the configuration that holds now was read.",
		}),
	}
	if reg != nil {
		reg.MustRegister(r.ok, r.at)
	}
	return r
}

// Done notes an attempt; without an error, the configuration holds from now on.
func (r *Reloads) Done(err error) {
	if err != nil {
		r.ok.Set(0)
		return
	}
	r.ok.Set(1)
	r.at.SetToCurrentTime()
}
