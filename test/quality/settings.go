package main

import (
	"fmt"
	"slices"
	"strings"

	"gatewatch/internal/config"
	"gatewatch/internal/detect"
)

// settings are how a world is looked at: everything that is not said is a default.
type settings struct {
	// budget is the false alerts a day that each detector with an alarm budget is given; 0 is its default.
	budget int
	// bare is whether the practical floors beside the surprise are put to their least, so that the budget alone decides.
	bare bool
	// holidays are dates that the operator wrote down, separated by spaces.
	holidays string
}

const (
	configFile   = "gatewatch.yaml"
	holidaysFile = "holidays.txt"
)

// floors are the practical floors of detectors that have an alarm budget, by name, and the least that each can be. Where a
// detector has one of these it is put there; thresholds that are no floors stay.
var floors = map[string]string{
	"requests": "2", "refused": "2", "bytes": "1", "ratio": "1", "drift": "1.01",
	"errors": "2", "least": "1", "missing": "1",
}

// files are the configuration, by file name.
func (s settings) files() map[string]string {
	out := map[string]string{}
	var b strings.Builder
	b.WriteString("hash_key: the same hashes for everybody who measures\n")
	b.WriteString("detector:\n  time_zone: Europe/Berlin\n")
	if s.holidays != "" {
		b.WriteString("  holidays_file: " + holidaysFile + "\n")
		var list strings.Builder
		for day := range strings.FieldsSeq(s.holidays) {
			list.WriteString(day + " holiday\n")
		}
		out[holidaysFile] = list.String()
	}
	if s.budget > 0 || s.bare {
		b.WriteString("detectors:\n")
		for _, d := range budgeted() {
			b.WriteString(s.detector(d))
		}
	}
	out[configFile] = b.String()
	return out
}

func (s settings) detector(d detect.Definition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n", d.Spec().Name)
	for _, line := range config.Thresholds(d) {
		key, _, _ := strings.Cut(line, ":")
		switch {
		case key == budgetKey && s.budget > 0:
			fmt.Fprintf(&b, "    %s: %d\n", key, s.budget)
		case s.bare && floors[key] != "":
			fmt.Fprintf(&b, "    %s: %s\n", key, floors[key])
		}
	}
	return b.String()
}

const budgetKey = "alerts_per_day"

// budgeted are the detectors that are given an alarm budget.
func budgeted() []detect.Definition {
	var out []detect.Definition
	for _, d := range detect.Catalog() {
		if slices.ContainsFunc(config.Thresholds(d), func(line string) bool { return strings.HasPrefix(line, budgetKey+":") }) {
			out = append(out, d)
		}
	}
	return out
}
