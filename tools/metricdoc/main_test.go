package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// legal is how metrics are named: by the package that counts.
var legal = regexp.MustCompile(`^gatewatch_[a-z]+(_[a-z0-9]+)+$`)

func TestEveryMetricIsNamedAndExplained(t *testing.T) {
	all, err := everything(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page := string(render(all))
	for name, m := range all {
		if !legal.MatchString(name) {
			t.Errorf("%s is not named gatewatch_<package>_<noun>_<unit>", name)
		}
		if !strings.HasSuffix(m.help, ".") {
			t.Errorf("%s: help %q is no sentence", name, m.help)
		}
		if !strings.Contains(page, "| `"+name+"` |") {
			t.Errorf("%s is not on the page", name)
		}
		if title(name) == "Others" {
			t.Errorf("%s is of no package that the page knows", name)
		}
	}
	if len(all) < 30 {
		t.Errorf("%d metrics, want those of all packages", len(all))
	}
}

func TestRegister(t *testing.T) {
	all := list{}
	all.MustRegister(
		prometheus.NewCounterVec(prometheus.CounterOpts{Name: "x_lines_total", Help: `A "quoted" word.`}, []string{"reason", "topic"}),
		prometheus.NewHistogram(prometheus.HistogramOpts{Name: "x_seconds", Help: "How long."}),
		prometheus.NewGauge(prometheus.GaugeOpts{Name: "x_info", Help: "What.", ConstLabels: prometheus.Labels{"version": "1"}}),
	)
	want := list{
		"x_lines_total": {"x_lines_total", "counter", "`reason`, `topic`", `A "quoted" word.`},
		"x_seconds":     {"x_seconds", "histogram", "", "How long."},
		"x_info":        {"x_info", "gauge", "`version`", "What."},
	}
	if diff := cmp.Diff(want, all, cmp.AllowUnexported(metric{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
