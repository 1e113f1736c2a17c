package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/plot"
	"gatewatch/internal/app/scan"
	"gatewatch/internal/config/span"
	"gatewatch/internal/detect"
	"gatewatch/internal/label"
	"gatewatch/internal/logfile"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

const evaluateLong = `Evaluate holds findings against labels, which say what the traffic really was: how many attacks
were found and how soon, how many findings are about somebody who attacked, and how many false
alerts a day there were, each with its 95 % interval.

FINDINGS are JSON Lines as "gatewatch scan -o json" prints and the detector publishes them; "-" is
standard input. With --log the logs are scanned first, and the findings are those of the scan.

A finding tells of an attack when its detector is for the attack's family, one of its entities is
one of the attack's, and it overlaps it in time. One of another family is aside; one about a benign
campaign of the labels, such as a deploy, is benign; all others are false. A false alert is a
finding that is benign or false. The reference has the rule in full.

Exit codes: 0 done; 1 done, and --fail-under is not met; 2 something could not be done;
130 interrupted.`

const evaluateExample = `  # How good are the detectors on labelled traffic?
  gatewatch evaluate --labels labels.jsonl --log access.log.gz

  # Of findings that are there already, over a month, and with plots
  gatewatch evaluate --labels labels.jsonl --since 2026-03-01 --until 2026-04-01 \
    --plots out findings.jsonl

  # In a pipeline
  gatewatch evaluate --labels labels.jsonl --log access.log \
    --fail-under recall=0.9,false-alerts=10,detection:surge=2m`

// evaluateFlags are the flags of evaluate as given.
type evaluateFlags struct {
	labels    string
	logs      []string
	output    string
	slack     string
	also      []string
	failUnder string
	plots     string
	scan      scanFlags // those that say how logs are read
}

func newEvaluate(w World) *cobra.Command {
	f := evaluateFlags{scan: scanFlags{output: "json", minSeverity: "info"}}
	cmd := &cobra.Command{
		Use:     "evaluate --labels LABELS [flags] FINDINGS...",
		Short:   "Measure findings against labelled traffic",
		Long:    evaluateLong,
		Example: evaluateExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.labels == "" || len(args) == 0 && len(f.logs) == 0 {
				cmd.SetOut(cmd.ErrOrStderr())
				return errors.Join(cmd.Help(), errUsage)
			}
			return f.run(cmd, w, args)
		},
	}
	f.define(cmd)
	return cmd
}

func (f *evaluateFlags) define(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.labels, "labels", "", "read what the traffic really was from `FILE`, JSON Lines")
	fs.StringArrayVar(&f.logs, "log", nil, "scan `FILE` for the findings, as \"gatewatch scan\" does; may be repeated")
	fs.StringVarP(&f.output, "output", "o", "table", "print the evaluation as `FORM`: table or json")
	fs.StringVar(&f.plots, "plots", "", "write plots to the folder `DIR`, as SVG")
	fs.StringVar(&f.failUnder, "fail-under", "", "exit with 1 unless all of the `LIST` hold: recall, precision (at least), false-alerts a day, detection (at most), such as recall=0.9,recall:surge=1,false-alerts=10,detection=10m")
	fs.StringVar(&f.slack, "slack", "10m", "let findings tell of an attack for a `DURATION` after its end")
	fs.StringArrayVar(&f.also, "also", nil, "let a detector tell of attacks of a family that is not its own, as `DETECTOR=FAMILY`; may be repeated")
	fs.StringVar(&f.scan.since, "since", "", "evaluate from this `TIME` on, which the traffic began with; as in \"gatewatch scan\"")
	fs.StringVar(&f.scan.until, "until", "", "evaluate up to this `TIME`, which the traffic ended with")
	fs.StringVar(&f.scan.format, "format", "", "with --log: read every line as the format `NAME`")
	fs.StringSliceVar(&f.scan.proxies, "trusted-proxy", nil, "with --log: believe X-Forwarded-For from this `CIDR`, address, or \"private\"; may be repeated")
	fs.StringVar(&f.scan.clientHeader, "client-header", "", "with --log: take the client's address from the logged header `NAME`")
	fs.StringVar(&f.scan.config, "config", "", "with --log: read the configuration `FILE` (default: $GATEWATCH_CONFIG)")
	fs.BoolVarP(&f.scan.quiet, "quiet", "q", false, "print the evaluation and errors only: no progress")
	complete(cmd, "output", []string{"table", "json"})
	complete(cmd, "format", formatNames())
	complete(cmd, "trusted-proxy", []string{"private"})
	must(cmd.MarkFlagFilename("config", "yaml", "yml"))
	must(cmd.MarkFlagFilename("labels", "jsonl"))
	must(cmd.MarkFlagDirname("plots"))
}

// understood is the flags, understood.
type understood struct {
	evaluate evaluate.Config
	gates    []evaluate.Gate
}

func (f *evaluateFlags) understand(now time.Time, args []string) (understood, error) {
	u := understood{evaluate: evaluate.DefaultConfig()}
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(args) > 0 && len(f.logs) > 0 {
		check(errors.New("findings and --log: want one of them"))
	}
	if f.output != "table" && f.output != "json" {
		check(fmt.Errorf("--output %q: want table or json", f.output))
	}
	slack, err := span.Parse(f.slack)
	if err != nil {
		check(fmt.Errorf("--slack: %w", err))
	}
	u.evaluate.Slack = slack
	for _, pair := range f.also {
		mapping, err := u.evaluate.Mapping.With(pair)
		if err != nil {
			check(fmt.Errorf("--also: %w", err))
			continue
		}
		u.evaluate.Mapping = mapping
	}
	u.gates, err = evaluate.ParseGates(f.failUnder)
	if err != nil {
		check(fmt.Errorf("--fail-under: %w", err))
	}
	u.evaluate.From, err = timeOf("since", f.scan.since, now)
	check(err)
	u.evaluate.To, err = timeOf("until", f.scan.until, now)
	check(err)
	for _, d := range detect.Catalog() {
		u.evaluate.Detectors = append(u.evaluate.Detectors, d.Spec().Name)
	}
	check(u.evaluate.Validate())
	return u, errors.Join(errs...)
}

func timeOf(flag, value string, now time.Time) (time.Time, error) {
	ns, err := timeFlag(flag, value, now)
	if ns == 0 || err != nil {
		return time.Time{}, err
	}
	return time.Unix(0, ns).UTC(), nil
}

func (f *evaluateFlags) run(cmd *cobra.Command, w World, args []string) error {
	now := time.Now()
	u, err := f.understand(now, args)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(f.labels)
	if err != nil {
		return fmt.Errorf("reading labels: %w", err)
	}
	labels, err := label.Parse(b)
	if err != nil {
		return fmt.Errorf("reading labels %q: %w", f.labels, err)
	}
	var found evaluate.Episodes
	var damaged error
	if len(f.logs) > 0 {
		damaged, err = f.scanned(cmd, w, &u, &found)
	} else {
		err = read(cmd.InOrStdin(), args, &found)
	}
	if err != nil {
		return err
	}
	result, err := evaluate.Evaluate(labels, &found, u.evaluate)
	if err != nil {
		return fmt.Errorf("evaluating: %w", err)
	}
	if err := f.print(cmd, w, result); err != nil {
		return err
	}
	if damaged != nil {
		return damaged
	}
	failures := result.Failures(u.gates)
	for _, text := range failures {
		fmt.Fprintf(cmd.ErrOrStderr(), "gatewatch: --fail-under %s\n", report.Visible(text))
	}
	if len(failures) > 0 {
		return codeError(ExitFound)
	}
	return nil
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

// scanned takes the findings of a scan, and how long the traffic took. What could not be read of the logs is damage that
// does not keep the rest from being evaluated, and yet is told.
func (f *evaluateFlags) scanned(cmd *cobra.Command, w World, u *understood, found *evaluate.Episodes) (damaged, err error) {
	o, err := f.scan.options(w, time.Now())
	if err != nil {
		return nil, err
	}
	o.scan.MaxFindings = max(o.scan.MaxFindings, keptFindings)
	sources, unread := logfile.Expand(f.logs, cmd.InOrStdin())
	if len(sources) == 0 {
		return nil, unread
	}
	s, err := scan.New(o.scan)
	if err != nil {
		return nil, err
	}
	result, damaged := f.scan.watch(cmd, w, s, sources)
	for i := range result.Findings {
		found.Add(&result.Findings[i])
	}
	if result.Dropped > 0 {
		damaged = errors.Join(damaged, fmt.Errorf("%d findings more than the %d that are kept: they are not in the evaluation", result.Dropped, o.scan.MaxFindings))
	}
	if result.Events > 0 && u.evaluate.From.IsZero() {
		u.evaluate.From = time.Unix(0, result.From).UTC()
	}
	if result.Events > 0 && u.evaluate.To.IsZero() {
		u.evaluate.To = time.Unix(0, result.To).UTC()
	}
	return errors.Join(unread, damaged), nil
}

func (f *evaluateFlags) print(cmd *cobra.Command, w World, result *evaluate.Result) error {
	out := bufio.NewWriter(cmd.OutOrStdout())
	var err error
	if f.output == "json" {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		err = enc.Encode(result)
	} else {
		screen := terminal.Of(cmd.OutOrStdout(), w.getenv)
		err = result.Write(out, report.Layout{Width: screen.Width, Colour: screen.Colour})
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
