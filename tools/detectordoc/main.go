// Command detectordoc writes the reference of the detectors from their doc comments and the catalog.
//
//	detectordoc -o docs/reference/detectors.md internal/detect
//
// A detector's comment has nine labels in a fixed order. A missing or misplaced one is an error that names the line.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"gatewatch/internal/detect"
)

func main() {
	out := flag.String("o", "detectors.md", "write to this `file`")
	flag.Parse()
	if err := run(flag.Args(), *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out string) error {
	if len(args) != 1 {
		return errors.New("usage: detectordoc [-o FILE] FOLDER")
	}
	docs, err := parse(args[0])
	if err != nil {
		return err
	}
	var specs []detect.Spec
	for _, d := range detect.Catalog() {
		specs = append(specs, d.Spec())
	}
	page, err := render(specs, docs)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, page, 0o644); err != nil { //nolint:gosec // documentation is for everyone
		return fmt.Errorf("writing reference: %w", err)
	}
	return nil
}
