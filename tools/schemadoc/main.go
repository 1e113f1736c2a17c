// Command schemadoc writes the reference of a JSON Schema's fields as a table in Markdown.
//
//	schemadoc -o docs/reference/event.md schemas/event/v1/event.schema.json
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "", "write to this `file`")
	flag.Parse()
	if err := run(flag.Args(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "schemadoc:", err)
		os.Exit(1)
	}
}

func run(args []string, out string) error {
	if len(args) != 1 || out == "" {
		return errors.New("usage: schemadoc -o FILE SCHEMA")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("reading schema: %w", err)
	}
	page, err := render(args[0], text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	if err := os.WriteFile(out, page, 0o644); err != nil { //nolint:gosec // documentation is for everyone
		return fmt.Errorf("writing reference: %w", err)
	}
	return nil
}
