package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// printLibraries holds the parser's benchmarks, Parse/X, against those of the libraries on the same records, Library/NAME/X.
// A parser makes an event of the record; a library only fills a struct with its texts.
func (t *table) printLibraries(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	empty := true
	for _, library := range t.rows {
		rest, ok := strings.CutPrefix(library.name, "Library/")
		name, corpus, _ := strings.Cut(rest, "/")
		ours := t.find(library.pkg, "Parse/"+corpus)
		if !ok || ours == nil {
			continue
		}
		if empty {
			empty = false
			fmt.Fprintln(out, "\nrecords\tlibrary\tits ns/op\tparser's ns/op\ttimes as fast\t")
		}
		its, _ := library.median("ns/op")
		own, _ := ours.median("ns/op")
		fmt.Fprintf(out, "%s\t%s\t%.0f\t%.0f\t%.2f\t\n", corpus, name, its, own, its/own)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

func (t *table) find(pkg, name string) *row {
	for _, r := range t.rows {
		if r.pkg == pkg && r.name == name {
			return r
		}
	}
	return nil
}
