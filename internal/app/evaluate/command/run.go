package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/plot"
	"gatewatch/internal/app/scan"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
	"gatewatch/internal/terminal/report"
)

// World is what the command is given of the world.
type World struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Layout         report.Layout // of Stdout
	// Time reads the time of a flag, the zero time of an empty one.
	Time func(flag, value string) (time.Time, error)
	// Scan scans logs, tells of every revision of a finding, and keeps so many of the last ones. It returns no result if it
	// could not begin; else the error tells what could not be read of the logs.
	Scan func(logs []string, findings int, told func(*finding.Finding)) (*scan.Result, error)
}

// Run evaluates findings, of files or of a scan, and prints what comes of it. It tells whether all gates are passed.
func (f *Flags) Run(w World, findings []string) (passed bool, err error) {
	u, err := f.understand(w.Time, findings)
	if err != nil {
		return false, err
	}
	b, err := os.ReadFile(f.Labels)
	if err != nil {
		return false, fmt.Errorf("reading labels: %w", err)
	}
	labels, err := label.Parse(b)
	if err != nil {
		return false, fmt.Errorf("reading labels %q: %w", f.Labels, err)
	}
	var found evaluate.Episodes
	var damage error
	if len(f.Logs) > 0 {
		damage, err = f.scan(w, &u.evaluate, &found)
	} else {
		err = read(w.Stdin, findings, &found)
	}
	if err != nil {
		return false, err
	}
	result, err := evaluate.Evaluate(labels, &found, u.evaluate)
	if err != nil {
		return false, fmt.Errorf("evaluating: %w", err)
	}
	if err := f.print(w, result); err != nil {
		return false, err
	}
	failures := result.Failures(u.gates)
	for _, text := range failures {
		fmt.Fprintf(w.Stderr, "gatewatch: --fail-under %s\n", report.Visible(text))
	}
	return len(failures) == 0, damage
}

// read takes the findings of files.
func read(stdin io.Reader, paths []string, found *evaluate.Episodes) error {
	for _, path := range paths {
		if err := readOne(stdin, path, found); err != nil {
			return fmt.Errorf("reading findings %q: %w", path, err)
		}
	}
	return nil
}

func readOne(stdin io.Reader, path string, found *evaluate.Episodes) (err error) {
	if path == "-" {
		return found.Read(stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return found.Read(file)
}

// keptFindings is how many findings an evaluation's scan keeps at least: it is the small ones that are false.
const keptFindings = 200_000

// scan takes the findings of a scan, and how long the traffic took. What could not be read of the logs is damage that
// does not keep the rest from being evaluated, and yet is told.
func (f *Flags) scan(w World, cfg *evaluate.Config, found *evaluate.Episodes) (damage, err error) {
	result, damage := w.Scan(f.Logs, keptFindings, func(f *finding.Finding) {
		own := f.Clone()
		found.Add(&own)
	})
	if result == nil {
		return nil, damage
	}
	for i := range result.Findings {
		found.Add(&result.Findings[i])
	}
	if result.Dropped > 0 {
		damage = errors.Join(damage, fmt.Errorf("%d findings more than are kept: they are not in the evaluation", result.Dropped))
	}
	if result.Events == 0 {
		return damage, nil
	}
	if cfg.From.IsZero() {
		cfg.From = time.Unix(0, result.From).UTC()
	}
	if cfg.To.IsZero() {
		cfg.To = time.Unix(0, result.To+1).UTC() // the last event is in it
	}
	return damage, nil
}

func (f *Flags) print(w World, result *evaluate.Result) error {
	out := bufio.NewWriter(w.Stdout)
	var err error
	if f.output == asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		err = enc.Encode(result)
	} else {
		err = result.Write(out, w.Layout)
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	if f.plots == "" {
		return nil
	}
	if err := plot.Write(f.plots, result); err != nil {
		return fmt.Errorf("writing plots: %w", err)
	}
	return nil
}
