// Command quality measures how good the detectors are, on simulated traffic: it has gatewatch simulate worlds, has it
// evaluate them, and holds what comes of it against limits. Anybody who runs it gets the same numbers. It measures no
// real traffic; docs/explanation/detection-quality.md says what that means.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	program string // of gatewatch
	out     string // folder of what is written, and of what is thrown away again
	page    string // documentation whose tables are written anew; "" is none
	only    string // claims, separated by commas; "" is all
	quick   bool
	jobs    int
}

func main() {
	var o options
	flag.StringVar(&o.program, "gatewatch", "bin/gatewatch", "measure this `program`")
	flag.StringVar(&o.out, "o", "bin/quality", "write quality.json and quality.md into this `folder`")
	flag.StringVar(&o.page, "write", "", "write the tables into this `page` too, between its markers")
	flag.StringVar(&o.only, "claims", "", "measure these `claims` only, of "+strings.Join(claimNames(), ", "))
	flag.BoolVar(&o.quick, "quick", false, "smaller worlds and fewer of them: minutes, and wide intervals")
	flag.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "simulate and evaluate `N` worlds at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	held, err := run(ctx, &o)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(2)
	case !held:
		os.Exit(1)
	}
}

// run measures, and tells whether all limits hold.
func run(ctx context.Context, o *options) (held bool, err error) {
	began := time.Now()
	chosen, err := choose(o.only)
	if err != nil {
		return false, err
	}
	if o.program, err = filepath.Abs(o.program); err != nil {
		return false, fmt.Errorf("finding gatewatch: %w", err)
	}
	size := full
	if o.quick {
		size = quick
	}
	p := &plan{size: size}
	var judges []func() []*section
	for _, c := range chosen {
		judges = append(judges, c.plan(p))
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // a report is for everyone
		return false, fmt.Errorf("making folder: %w", err)
	}
	scratch, err := os.MkdirTemp(o.out, "scratch.")
	if err != nil {
		return false, fmt.Errorf("making folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	c := &crew{program: o.program, scratch: scratch, progress: os.Stderr}
	if err := c.work(ctx, p.worlds, o.jobs); err != nil {
		return false, err
	}
	r := &report{Quick: o.quick, Seconds: time.Since(began).Round(time.Second).Seconds()}
	for _, judge := range judges {
		r.Sections = append(r.Sections, judge()...)
	}
	r.print(os.Stdout)
	missed := r.missed()
	if r.part = o.only != ""; r.part {
		if err := r.complete(o.out); err != nil {
			return false, err
		}
	}
	if err := r.save(o.out, o.page); err != nil {
		return false, err
	}
	return len(missed) == 0, nil
}

// choose is the claims asked for.
func choose(only string) ([]claim, error) {
	all := claims()
	if only == "" {
		return all, nil
	}
	var out []claim
	for name := range strings.SplitSeq(only, ",") {
		i := indexOf(all, strings.TrimSpace(name))
		if i < 0 {
			return nil, fmt.Errorf("claim %q: want one of %s", name, strings.Join(claimNames(), ", "))
		}
		out = append(out, all[i])
	}
	return out, nil
}
