// Command configdoc writes the reference of gatewatch.yaml from the doc comments of package config and the catalog of
// detectors.
//
//	configdoc -o docs/reference/configuration.md internal/config/config.go
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "configuration.md", "write to this `file`")
	flag.Parse()
	if err := run(flag.Args(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "configdoc:", err)
		os.Exit(1)
	}
}

func run(args []string, out string) error {
	if len(args) != 1 {
		return errors.New("usage: configdoc [-o FILE] SOURCE")
	}
	src, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("reading source: %w", err)
	}
	list, err := settings(args[0], src)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, render(list), 0o644); err != nil { //nolint:gosec // documentation is for everyone
		return fmt.Errorf("writing reference: %w", err)
	}
	return nil
}
