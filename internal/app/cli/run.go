package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/scan"
	"gatewatch/internal/finding"
	"gatewatch/internal/logfile"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

// run scans and prints. What could not be read is told after what was found in the rest.
func (f *scanFlags) run(cmd *cobra.Command, w World, args []string) (err error) {
	started := time.Now()
	o, err := f.options(w, started)
	if err != nil {
		return err
	}
	if o.notice != "" && !f.quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "gatewatch: %s\n", report.Visible(o.notice))
	}
	sources, unread := logfile.Expand(args, cmd.InOrStdin())
	if len(sources) == 0 {
		return unread
	}
	if f.rejected != "" {
		file, err := openRejected(f.rejected, sources, cmd.InOrStdin())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		o.scan.Rejected = file
	}
	stopProfile, err := profile(f.cpuProfile)
	if err != nil {
		return err
	}
	s, err := scan.New(o.scan)
	if err != nil {
		return err
	}
	result, damaged := f.watch(cmd, w, s, sources)
	if err := errors.Join(stopProfile(), heapProfile(f.memProfile)); err != nil {
		return err
	}
	r := reported{flags: f, options: &o, result: result, world: w, took: time.Since(started)}
	if err := r.print(cmd.OutOrStdout(), cmd.ErrOrStderr()); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	if err := errors.Join(unread, damaged); err != nil {
		return err
	}
	if o.failOn != finding.SeverityUnknown && len(result.Findings) > 0 && result.Findings[0].Severity >= o.failOn {
		return codeError(ExitFound)
	}
	return nil
}

// watch runs the scan and shows its progress, on a terminal.
func (f *scanFlags) watch(cmd *cobra.Command, w World, s *scan.Scan, sources []*logfile.Source) (*scan.Result, error) {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	screen := terminal.Of(cmd.ErrOrStderr(), w.getenv)
	if f.quiet || !screen.Terminal {
		return s.Run(ctx, sources)
	}
	var total int64
	for _, src := range sources {
		if src.Size < 0 {
			total = 0 // unknown
			break
		}
		total += src.Size
	}
	p := terminal.Show(cmd.ErrOrStderr(), screen, func() terminal.State {
		return terminal.State{
			Total: total, Bytes: s.Progress.Bytes.Load(), Lines: s.Progress.Lines.Load(), Findings: s.Progress.Findings.Load(),
		}
	})
	defer p.Stop()
	return s.Run(ctx, sources)
}

// profile starts a CPU profile; what it returns ends it.
func profile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("opening profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("starting profile: %w", err), file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

func heapProfile(path string) (err error) {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("opening profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	runtime.GC()
	return pprof.WriteHeapProfile(file)
}

// reported is what is to be printed of a scan.
type reported struct {
	flags   *scanFlags
	options *options
	result  *scan.Result
	world   World
	took    time.Duration
}

func (r *reported) print(stdout, stderr io.Writer) error {
	shown := make([]finding.Finding, 0, len(r.result.Findings))
	for i := range r.result.Findings {
		if f := &r.result.Findings[i]; f.Severity >= r.options.minSeverity {
			shown = append(shown, *f)
		}
	}
	out := bufio.NewWriter(stdout)
	summary := stderr
	var err error
	switch r.flags.output {
	case "json":
		err = report.JSON(out, shown)
	case "ocsf":
		err = report.OCSF(out, shown, finding.Product{Name: "gatewatch", Vendor: "gatewatch", Version: version().Version})
	case "csv":
		err = report.CSV(out, shown)
	default:
		summary = out
		err = r.table(out, terminal.Of(stdout, r.world.getenv), shown)
	}
	if err == nil && !r.flags.quiet {
		screen := terminal.Of(stderr, r.world.getenv)
		if summary != stderr {
			screen = terminal.Of(stdout, r.world.getenv)
		}
		sum := r.summary()
		err = sum.Write(summary, report.Layout{Width: screen.Width, Colour: screen.Colour})
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	r.hint(stderr)
	return nil
}

func (r *reported) table(out io.Writer, screen terminal.Screen, shown []finding.Finding) error {
	if len(shown) == 0 {
		if r.flags.quiet {
			return nil
		}
		_, err := io.WriteString(out, "No findings.\n\n")
		return err
	}
	layout := report.Layout{
		Width: screen.Width, Colour: screen.Colour, Samples: r.flags.samples, Limit: r.flags.limit,
	}
	if err := report.Findings(out, shown, layout); err != nil || r.flags.quiet {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// hint says what to do about a log that was not understood.
func (r *reported) hint(stderr io.Writer) {
	var rejected int64
	for _, n := range r.result.Rejected {
		rejected += n
	}
	all := rejected + r.result.Events + r.result.Outside
	if r.flags.quiet || rejected*2 <= all {
		return
	}
	advice := "try --format (see \"gatewatch formats\"), or describe the format with --config"
	if r.flags.rejected == "" {
		advice += "; --rejected FILE shows them"
	}
	fmt.Fprintf(stderr, "gatewatch: most lines (%d of %d) are no events: %s\n", rejected, all, advice)
}
