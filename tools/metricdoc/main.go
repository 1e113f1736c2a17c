// Command metricdoc writes the reference of metrics: it has everything that counts register with it, and lists what came.
//
//	metricdoc -o docs/reference/metrics.md
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "metrics.md", "write to this `file`")
	flag.Parse()
	if err := run(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "metricdoc:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string) error {
	list, err := everything(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, render(list), 0o644); err != nil { //nolint:gosec // documentation is for everyone
		return fmt.Errorf("writing reference: %w", err)
	}
	return nil
}
