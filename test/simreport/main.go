// Command simreport compares the shape of access logs: how far apart the requests of a client are, how long visits, how large
// answers, which statuses, which hours. It is for holding simulated traffic against recorded traffic: it draws both, and says
// in numbers how they differ. It does not say which differences matter.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "", "write report.md and plots into this `folder`")
	only := flag.Bool("browsers", false, "leave out programs that do not name themselves as browsers")
	minute := flag.Int("minute", everyMinute, "look at this `minute` of every hour only, as a sample may be cut (-1: all)")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: simreport -o FOLDER NAME=LOG NAME=LOG...\nEvery log is held against the first.")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(context.Background(), *out, sample{browsers: *only, minute: *minute}, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "simreport:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, of sample, args []string) error {
	if dir == "" || len(args) < 1 {
		return errors.New("want -o FOLDER and NAME=LOG")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a report is for everyone
		return fmt.Errorf("making folder: %w", err)
	}
	var all []*shape
	for _, arg := range args {
		name, path, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("%q: want NAME=LOG", arg)
		}
		s := &shape{name: name, of: of, clients: map[client]*open{}}
		err := s.measure(ctx, path)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	for _, m := range metrics() {
		if err := drawCurves(filepath.Join(dir, m.file), &m, all); err != nil {
			return err
		}
	}
	if err := drawShares(filepath.Join(dir, "status.png"), "Status", statusNames[:], all, func(s *shape) []float64 { return s.statuses() }); err != nil {
		return err
	}
	if err := drawShares(filepath.Join(dir, "hours.png"), "Hour of the day (of the first log's zone)", hourNames(), all, func(s *shape) []float64 { return s.byHour() }); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "report.md"), report(all), 0o644); err != nil { //nolint:gosec // as above
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}
