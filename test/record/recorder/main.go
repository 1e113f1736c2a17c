// Command recorder records the access logs of real gateways: it builds a lab
// of network namespaces, starts the gateways and a shop behind them, lets the
// cast of visitors and attackers act, and writes the logs and their labels.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// Settings are where the recorder finds and leaves its files.
type Settings struct {
	Source string // test/record
	Bin    string // the built programs
	Dir    string // logs and scratch files of this run
	Out    string // testdata/recordings
	Only   string // record only the actors of this gateway
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "recorder:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	var s Settings
	flag.StringVar(&s.Source, "source", "test/record", "folder of the recording sources")
	flag.StringVar(&s.Bin, "bin", "", "folder of the built programs")
	flag.StringVar(&s.Dir, "dir", "", "folder for logs and scratch files of this run")
	flag.StringVar(&s.Out, "out", "testdata/recordings", "folder for the recordings")
	flag.StringVar(&s.Only, "only", "", "record only this gateway, to try things out; writes no recordings")
	flag.Parse()
	for _, path := range []*string{&s.Source, &s.Bin, &s.Dir, &s.Out} {
		if *path, err = filepath.Abs(*path); err != nil {
			return fmt.Errorf("finding a folder: %w", err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return record(ctx, s)
}

// record makes one recording from an empty lab to the written labels.
func record(ctx context.Context, s Settings) error {
	cast := Cast(s.Only)
	if err := checkCast(cast); err != nil {
		return err
	}
	if err := writeLists(s.Dir); err != nil {
		return err
	}
	lab, err := NewLab(ctx)
	if err != nil {
		return err
	}
	defer lab.Close(ctx)
	for i := range cast {
		if err := lab.AddClient(ctx, cast[i]); err != nil {
			return err
		}
	}
	servers, err := startServers(ctx, s)
	defer stopAll(servers)
	if err != nil {
		return err
	}
	progress("%d actors take the stage, for about %s", len(cast), length(cast).Round(time.Second))
	begin := time.Now()
	perform(ctx, s, cast)
	if ctx.Err() != nil {
		return fmt.Errorf("recording: %w", context.Cause(ctx))
	}
	time.Sleep(2 * time.Second) // the gateways write the last lines
	stopAll(servers)
	return publish(ctx, s, cast, begin)
}

// progress prints one line of what is going on.
func progress(format string, values ...any) {
	fmt.Fprintf(os.Stdout, "%s record: %s\n", time.Now().UTC().Format("15:04:05"), fmt.Sprintf(format, values...))
}
