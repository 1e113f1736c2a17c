package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json` (go doc test2json), the build's included.
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

// tally counts tests while it passes on what is worth reading.
type tally struct {
	w       io.Writer
	output  map[string][]string // of tests and packages that still run
	passed  int
	failed  int
	skipped int
	broken  int // packages that failed without a test that did: they did not build, or crashed
	fails   map[string]bool
}

func newTally(w io.Writer) *tally {
	return &tally{w: w, output: map[string][]string{}, fails: map[string]bool{}}
}

func (t *tally) bad() bool { return t.failed > 0 || t.broken > 0 }

// String is the last line of a run.
func (t *tally) String() string {
	s := fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, t.failed, t.skipped)
	if t.broken > 0 {
		s += fmt.Sprintf(", %d packages did not build or crashed", t.broken)
	}
	return s
}

func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			t.line(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading test output: %w", err)
		}
	}
}

func (t *tally) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		// The go command itself speaks plain text.
		fmt.Fprintln(t.w, string(bytes.TrimRight(line, "\n")))
		return
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(t.w, e.Output)
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "pass", "fail", "skip":
		if e.Test != "" {
			t.test(&e, key)
		} else {
			t.pack(&e, key)
		}
		delete(t.output, key)
	}
}

func (t *tally) test(e *event, key string) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped++
		fmt.Fprintf(t.w, "skip %s: %s\n", key, t.reason(key))
	default:
		t.failed++
		t.fails[e.Package] = true
		fmt.Fprint(t.w, strings.Join(t.output[key], ""))
	}
}

// reason is what a test said when it was skipped.
func (t *tally) reason(key string) string {
	var said []string
	for _, line := range t.output[key] {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}

// pack ends a package: one line, and everything it said when it failed outside any test.
func (t *tally) pack(e *event, key string) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(t.w, "ok   %6.1fs  %s\n", e.Elapsed, e.Package)
	case "fail":
		if !t.fails[e.Package] {
			t.broken++
			t.unfinished(e.Package)
			fmt.Fprint(t.w, strings.Join(t.output[key], ""))
		}
		fmt.Fprintf(t.w, "FAIL %6.1fs  %s\n", e.Elapsed, e.Package)
	}
}

// unfinished shows what the tests said that were running when their program crashed.
func (t *tally) unfinished(pkg string) {
	for key, out := range t.output {
		if strings.HasPrefix(key, pkg+" ") && key != pkg+" " {
			fmt.Fprint(t.w, strings.Join(out, ""))
		}
	}
}
