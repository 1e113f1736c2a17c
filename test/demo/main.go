// Command demo shows the whole pipeline at work on one machine: it starts `gatewatch up` in a scratch directory, plays the
// recordings of real gateways under real attack into its Kafka with their times moved to now, takes the alerts at a
// webhook of its own, and reads back from ClickHouse what was stored. With -exit it ends by itself, with status 0 only if
// every labelled attacker was found, stored and alerted, and nobody else was alerted.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"gatewatch/internal/terminal"
)

func main() {
	d := demo{screen: screen{terminal.Of(os.Stdout, os.Getenv), os.Stdout}}
	flag.StringVar(&d.program, "gatewatch", "bin/gatewatch", "gatewatch's `program`")
	flag.StringVar(&d.recordings, "recordings", "testdata/recordings", "`directory` of the recordings")
	flag.StringVar(&d.dir, "dir", "", "scratch `directory`, kept afterwards (default: a new one, removed)")
	flag.BoolVar(&d.exit, "exit", false, "end when everything has been shown, with a verdict")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := d.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}
