package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// report is everything that was measured.
type report struct {
	Quick    bool       `json:"quick"`
	Seconds  float64    `json:"seconds"` // that it took
	Sections []*section `json:"sections"`

	part bool // not every claim was measured now
}

// section is one claim, or a part of one: a table, and the limits that what is in it is held against.
type section struct {
	Name   string     `json:"name"`
	Title  string     `json:"title"`
	Text   string     `json:"text"`
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
	Limits []limit    `json:"limits,omitempty"`
}

// limit is what has to be so.
type limit struct {
	Want string `json:"want"`
	Got  string `json:"got"`
	Held bool   `json:"held"`
}

func (s *section) row(cells ...string) { s.Rows = append(s.Rows, cells) }

func (s *section) limit(want, got string, held bool) {
	s.Limits = append(s.Limits, limit{want, got, held})
}

// missed are the limits that do not hold.
func (r *report) missed() []limit {
	var out []limit
	for _, s := range r.Sections {
		for _, l := range s.Limits {
			if !l.Held {
				out = append(out, l)
			}
		}
	}
	return out
}

// order is the sections as they are told.
var order = []string{"budget", "new", "noise", "days", "boil", "volumes", "techniques", "families"}

// complete takes what was not measured now from the report that is in the folder, if there is one of the same size.
func (r *report) complete(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "quality.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var old report
	if err = errors.Join(err, json.Unmarshal(b, &old)); err != nil {
		return fmt.Errorf("reading earlier report: %w", err)
	}
	if old.Quick != r.Quick {
		return nil
	}
	for _, s := range old.Sections {
		if !slices.ContainsFunc(r.Sections, func(now *section) bool { return now.Name == s.Name }) {
			r.Sections = append(r.Sections, s)
		}
	}
	slices.SortStableFunc(r.Sections, func(a, b *section) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
	r.Seconds += old.Seconds
	return nil
}

// print writes tables for people. A terminal that goes away is no reason to fail: the files are there.
func (r *report) print(w io.Writer) {
	held := 0
	for _, s := range r.Sections {
		fmt.Fprintf(w, "\n%s\n%s\n\n", s.Title, s.Text)
		printTable(w, append([][]string{s.Header}, s.Rows...))
		for _, l := range s.Limits {
			mark := "holds "
			if !l.Held {
				mark = "MISSED"
			} else {
				held++
			}
			fmt.Fprintf(w, "  %s  %s: %s\n", mark, l.Want, l.Got)
		}
	}
	missed := r.missed()
	fmt.Fprintf(w, "\n%d limits hold, %d are missed", held, len(missed))
	if r.Quick {
		fmt.Fprint(w, ". Measured quickly: the intervals are wide, and only the full measurement says much")
	}
	fmt.Fprintln(w, ".")
}

func printTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		fmt.Fprintf(w, "  %s\n", strings.TrimRight(b.String(), " "))
	}
	fmt.Fprintln(w)
}

// save writes the report into a folder, and its tables into a page of the documentation, if there is one.
func (r *report) save(dir, page string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing report: %w", err)
	}
	text := r.markdown()
	err = errors.Join(write(filepath.Join(dir, "quality.json"), append(b, '\n')), write(filepath.Join(dir, "quality.md"), text))
	if err != nil || page == "" {
		return err
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return fmt.Errorf("reading page: %w", err)
	}
	renewed, err := splice(old, text, r.part)
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return write(page, renewed)
}

func write(path string, b []byte) error {
	if err := os.WriteFile(path, b, 0o644); err != nil { //nolint:gosec // a report is for everyone
		return fmt.Errorf("writing report: %w", err)
	}
	return nil
}
