// Pvalues measures what the detector of unusual volumes promises, on simulated traffic without attacks: that its p-values
// are uniform, that it makes as many false alerts a day as are accepted, new clients no more than known ones, and holidays
// and changes of the clock no more than other days. It is a tool of this repository, run by hand:
//
//	go run ./test/quality/pvalues -seeds 1,2,3
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("pvalues", flag.ContinueOnError)
	seeds := flags.String("seeds", "1", "simulate with these `SEEDS`, separated by commas")
	days := flags.Int("days", 30, "simulate `N` days")
	clients := flags.Int("clients", 5000, "of `N` clients")
	warm := flags.Int("warm", 7, "measure p-values after `N` days")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var all summary
	for text := range strings.SplitSeq(*seeds, ",") {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("reading seeds: %w", err)
		}
		m := month{seed: seed, days: *days, clients: *clients, warm: *warm}
		if err := m.run(ctx); err != nil {
			return fmt.Errorf("measuring seed %d: %w", seed, err)
		}
		m.write(os.Stdout)
		all.add(&m)
	}
	all.write(os.Stdout)
	return nil
}
