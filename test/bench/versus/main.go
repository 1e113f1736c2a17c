// Command versus measures programs that read the same logs: CPU time and peak memory of each run, as the kernel accounts
// them for the finished process, in alternating runs. It knows gatewatch and GoAccess.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	gatewatch := flag.String("gatewatch", "bin/gatewatch", "gatewatch's `program`")
	goaccess := flag.String("goaccess", "", "GoAccess's `program`; none when empty")
	runs := flag.Int("runs", 5, "`number` of runs of each program")
	growth := flag.Bool("growth", false, "one run for each of several logs, to see whether memory grows with their length")
	flag.Parse()
	if err := run(flag.Args(), *gatewatch, *goaccess, *runs, *growth); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

func run(logs []string, gatewatch, goaccess string, runs int, growth bool) error {
	if len(logs) == 0 || runs < 1 {
		return fmt.Errorf("want logs to read and at least one run")
	}
	contenders := []contender{scan(gatewatch)}
	if goaccess != "" {
		contenders = append(contenders, goAccess(goaccess))
	}
	if growth {
		return compareLengths(os.Stdout, contenders, logs, runs)
	}
	return compare(os.Stdout, contenders, logs[0], runs)
}
