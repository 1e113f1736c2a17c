// Package plot draws an evaluation: four plots as SVG, written by hand, for they are rectangles, lines and text.
package plot

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gatewatch/internal/app/evaluate"
)

// Plot is one drawing with the name of its file.
type Plot struct {
	Name string
	SVG  []byte
}

// All draws everything there is to see.
func All(r *evaluate.Result) []Plot {
	return []Plot{
		{"recall.svg", recall(r)},
		{"detection.svg", detection(r)},
		{"false-alerts.svg", falseAlerts(r)},
		{"curve.svg", curve(r)},
	}
}

// Write writes all plots into a folder, which is made if it is not there.
func Write(dir string, r *evaluate.Result) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // plots are for everyone who may read the folder above
		return fmt.Errorf("making folder: %w", err)
	}
	var errs []error
	for _, p := range All(r) {
		if err := os.WriteFile(filepath.Join(dir, p.Name), p.SVG, 0o644); err != nil { //nolint:gosec // as above
			errs = append(errs, fmt.Errorf("writing %s: %w", p.Name, err))
		}
	}
	return errors.Join(errs...)
}
