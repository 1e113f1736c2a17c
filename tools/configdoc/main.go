// Command configdoc writes the reference of gatewatch.yaml, and its JSON Schema, from the doc comments of package config,
// its defaults, and the catalog of detectors.
//
//	configdoc -o docs/reference/configuration.md -schema config.schema.json internal/config/config.go internal/config/stream.go
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "configuration.md", "write the reference to this `file`")
	schemaOut := flag.String("schema", "", "write the JSON Schema to this `file`")
	flag.Parse()
	if err := run(flag.Args(), *out, *schemaOut); err != nil {
		fmt.Fprintln(os.Stderr, "configdoc:", err)
		os.Exit(1)
	}
}

func run(args []string, out, schemaOut string) error {
	if len(args) == 0 {
		return errors.New("want the sources: configdoc [-o FILE] [-schema FILE] SOURCE")
	}
	var files []sourceFile
	for _, name := range args {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading source: %w", err)
		}
		files = append(files, sourceFile{name, text})
	}
	list, err := settings(files...)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, render(list), 0o644); err != nil { //nolint:gosec // documentation is for everyone
		return fmt.Errorf("writing reference: %w", err)
	}
	if schemaOut == "" {
		return nil
	}
	text, err := schema(list)
	if err != nil {
		return err
	}
	if err := os.WriteFile(schemaOut, text, 0o644); err != nil { //nolint:gosec // a schema is for everyone
		return fmt.Errorf("writing schema: %w", err)
	}
	return nil
}
