// Package command is what evaluate does on the command line: flags understood, files read, an evaluation printed and held
// to its gates. How logs are scanned and how times are written are the command line's own, and given.
package command

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/config/span"
	"gatewatch/internal/detect"
)

// Long is the help in full.
const Long = `Evaluate holds findings against labels, which say what the traffic really was: how many attacks
were found and how soon, how many findings are about somebody who attacked, and how many false
alerts a day there were, each with its 95 % interval.

FINDINGS are JSON Lines as "gatewatch scan -o json" prints and the detector publishes them; "-" is
standard input. With --log the logs are scanned first, and the findings are those of the scan.

A finding tells of an attack when its detector is for the attack's family, one of its entities is
one of the attack's, and it opened in its time. One of another family is aside; one about a benign
campaign of the labels, such as a deploy, is benign; all others are false. A false alert is a
finding that is benign or false. The reference has the rule in full.

Exit codes: 0 done; 1 done, and --fail-under is not met; 2 something could not be done;
130 interrupted.`

// Example is the help's examples.
const Example = `  # How good are the detectors on labelled traffic?
  gatewatch evaluate --labels labels.jsonl --log access.log.gz

  # Of findings that are there already, over a month, and with plots
  gatewatch evaluate --labels labels.jsonl --since 2026-03-01 --until 2026-04-01 \
    --plots out findings.jsonl

  # In a pipeline
  gatewatch evaluate --labels labels.jsonl --log access.log \
    --fail-under recall=0.9,false-alerts=10,detection:surge=2m`

// Flags are the flags of evaluate as given, those aside that say how logs are read.
type Flags struct {
	Labels string
	Logs   []string
	Since  string
	Until  string

	output    string
	slack     string
	also      []string
	failUnder string
	plots     string
}

// The forms that an evaluation is printed in.
const (
	asTable = "table"
	asJSON  = "json"
)

// Outputs are the forms that an evaluation is printed in.
func Outputs() []string { return []string{asTable, asJSON} }

// Define defines them.
func (f *Flags) Define(fs *pflag.FlagSet) {
	fs.StringVar(&f.Labels, "labels", "", "read what the traffic really was from `FILE`, JSON Lines")
	fs.StringArrayVar(&f.Logs, "log", nil, "scan `FILE` for the findings, as \"gatewatch scan\" does; may be repeated")
	fs.StringVarP(&f.output, "output", "o", asTable, "print the evaluation as `FORM`: table or json")
	fs.StringVar(&f.plots, "plots", "", "write plots to the folder `DIR`, as SVG")
	fs.StringVar(&f.failUnder, "fail-under", "", "exit with 1 unless all of the `LIST` hold: recall, precision (at least), false-alerts a day, detection (at most), such as recall=0.9,recall:surge=1,false-alerts=10,detection=10m")
	fs.StringVar(&f.slack, "slack", "10m", "let findings tell of an attack for a `DURATION` after its end")
	fs.StringArrayVar(&f.also, "also", nil, "let a detector tell of attacks of a family that is not its own, as `DETECTOR=FAMILY`; may be repeated")
	fs.StringVar(&f.Since, "since", "", "evaluate from this `TIME` on, which the traffic began with; as in \"gatewatch scan\"")
	fs.StringVar(&f.Until, "until", "", "evaluate up to this `TIME`, which the traffic ended with")
}

// understood is the flags, understood.
type understood struct {
	evaluate evaluate.Config
	gates    []evaluate.Gate
}

// understand reads the flags and tells all faults at once.
func (f *Flags) understand(when func(flag, value string) (time.Time, error), findings []string) (understood, error) {
	u := understood{evaluate: evaluate.DefaultConfig()}
	var errs []error
	check := func(flag string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", flag, err))
		}
	}
	if len(findings) > 0 && len(f.Logs) > 0 {
		errs = append(errs, errors.New("findings and --log: want one of them"))
	}
	if f.output != asTable && f.output != asJSON {
		errs = append(errs, fmt.Errorf("--output %q: want table or json", f.output))
	}
	var err error
	u.evaluate.Slack, err = span.Parse(f.slack)
	check("--slack", err)
	for _, pair := range f.also {
		mapping, err := u.evaluate.Mapping.With(pair)
		check("--also", err)
		if err == nil {
			u.evaluate.Mapping = mapping
		}
	}
	u.gates, err = evaluate.ParseGates(f.failUnder)
	check("--fail-under", err)
	var since, until error
	u.evaluate.From, since = when("since", f.Since)
	u.evaluate.To, until = when("until", f.Until)
	for _, d := range detect.Catalog() {
		u.evaluate.Detectors = append(u.evaluate.Detectors, d.Spec().Name)
	}
	return u, errors.Join(append(errs, since, until, u.evaluate.Validate())...)
}
