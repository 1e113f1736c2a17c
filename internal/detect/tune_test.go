package detect

import (
	"testing"
	"time"
)

func TestTuneChangesThresholds(t *testing.T) {
	d := Tune(NewPathScan, DefaultPathScan())
	cfg, ok := d.Thresholds().(*PathScanConfig)
	if !ok {
		t.Fatalf("Thresholds() is a %T, want a *PathScanConfig", d.Thresholds())
	}
	cfg.Paths, cfg.Window = 20, time.Minute
	tuned, err := d.With(cfg)
	if err != nil {
		t.Fatalf("With(%+v): %v", cfg, err)
	}
	if got := tuned.Thresholds().(*PathScanConfig); got.Paths != 20 || got.Window != time.Minute {
		t.Errorf("Thresholds() after With = %+v, want 20 paths in 1m", got)
	}
	if got := d.Thresholds().(*PathScanConfig); got.Paths != DefaultPathScan().Paths {
		t.Errorf("With changed the definition it was called on: %d paths", got.Paths)
	}
}

func TestTuneRefusesOthersThresholds(t *testing.T) {
	if _, err := Tune(NewPathScan, DefaultPathScan()).With(&struct{ Paths int }{3}); err == nil {
		t.Error("With(another detector's thresholds) succeeded, want an error")
	}
}

func TestCatalogHasThresholds(t *testing.T) {
	for _, d := range Catalog() {
		if d.Thresholds() == nil {
			t.Errorf("detector %s has no thresholds for the configuration: use Tune, not Define", d.Spec().Name)
		}
	}
}
