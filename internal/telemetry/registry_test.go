package telemetry

import (
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestMetricsAreWellNamed(t *testing.T) {
	reg := prometheus.NewRegistry()
	NewReloads(reg).Done(nil)
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestReloads(t *testing.T) {
	r := NewReloads(nil)
	r.Done(nil)
	at := testutil.ToFloat64(r.at)
	if testutil.ToFloat64(r.ok) != 1 || at == 0 {
		t.Errorf("after a reload: ok %v at %v", testutil.ToFloat64(r.ok), at)
	}
	r.Done(errors.New("fault"))
	if testutil.ToFloat64(r.ok) != 0 || testutil.ToFloat64(r.at) != at {
		t.Errorf("after a fault: ok %v at %v, want 0 at %v", testutil.ToFloat64(r.ok), testutil.ToFloat64(r.at), at)
	}
}
