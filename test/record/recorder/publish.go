package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Sighting is how often an address was seen in each log, first and last.
type Sighting struct {
	Lines map[string]int
	First time.Time
	Last  time.Time
}

// Logs are the logs that hold the address, sorted.
func (s *Sighting) Logs() []string {
	return slices.Sorted(maps.Keys(s.Lines))
}

// publish checks the logs against the cast and writes them with their labels.
func publish(ctx context.Context, s Settings, cast []Actor, begin time.Time) error {
	seen := map[string]*Sighting{}
	logs := logNames(s.Only)
	for _, log := range logs {
		if err := survey(filepath.Join(s.Dir, filepath.Base(log)), log, seen); err != nil {
			return err
		}
	}
	if err := compare(cast, seen); err != nil {
		return fmt.Errorf("%w; the logs are in %s", err, s.Dir)
	}
	if s.Only != "" {
		progress("this was a trial, the logs are in %s", s.Dir)
		return nil
	}
	for _, log := range logs {
		if err := copyLog(s, log); err != nil {
			return err
		}
	}
	return writeLabels(ctx, s, cast, seen, begin)
}

// logNames returns the logs of every gateway, or of one.
func logNames(only string) []string {
	var names []string
	for _, g := range gateways() {
		if only == "" || g.Name == only {
			names = append(names, g.Logs...)
		}
	}
	slices.Sort(names)
	return names
}

// survey notes every address of a log.
func survey(path, log string, seen map[string]*Sighting) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening a log: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	read := readers()[log]
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	total := 0
	for lines.Scan() {
		entry, err := read(lines.Text())
		if err != nil {
			return fmt.Errorf("reading %s: %w: %s", log, err, lines.Text())
		}
		note(seen, log, entry)
		total++
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", log, err)
	}
	progress("%-34s %6d lines", log, total)
	return nil
}

func note(seen map[string]*Sighting, log string, entry Entry) {
	s := seen[entry.Address]
	if s == nil {
		s = &Sighting{Lines: map[string]int{}, First: entry.Time, Last: entry.Time}
		seen[entry.Address] = s
	}
	if entry.Time.Before(s.First) {
		s.First = entry.Time
	}
	if entry.Time.After(s.Last) {
		s.Last = entry.Time
	}
	s.Lines[log]++
}

// compare prints what each actor left in the logs and finds actors without a
// line and addresses without an actor.
func compare(cast []Actor, seen map[string]*Sighting) error {
	var problems []error
	known := map[string]bool{}
	for _, a := range cast {
		known[a.Address] = true
		found := seen[a.Address]
		if found == nil {
			problems = append(problems, fmt.Errorf("%s at %s left no line", a.Name, a.Address))
			continue
		}
		want := slices.Sorted(slices.Values(gateways()[a.Gateway].Logs))
		if got := found.Logs(); !slices.Equal(got, want) {
			problems = append(problems, fmt.Errorf("%s at %s is in %q, want %q", a.Name, a.Address, got, want))
		}
		progress("%-7s %-14s %-18s %-8s %5d lines", a.Kind, a.Name, a.Address, a.Gateway, found.Lines[want[0]])
	}
	for address := range seen {
		if !known[address] {
			problems = append(problems, fmt.Errorf("%s belongs to no actor", address))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("comparing the logs with the cast: %w", err)
	}
	return nil
}

func copyLog(s Settings, log string) error {
	target := filepath.Join(s.Out, log)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", log, err)
	}
	content, err := os.ReadFile(filepath.Join(s.Dir, filepath.Base(log)))
	if err != nil {
		return fmt.Errorf("reading a log: %w", err)
	}
	if err := os.WriteFile(target, content, 0o644); err != nil {
		return fmt.Errorf("writing a log: %w", err)
	}
	return nil
}
