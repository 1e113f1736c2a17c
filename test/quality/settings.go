package main

import (
	"fmt"
	"math"
	"reflect"
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

// floors are the thresholds that are practical floors beside an alarm budget, by field. Others stay as they are.
var floors = []string{
	"Requests", "Refused", "Bytes", "Objects", "Routes", "DayObjects", "Errors", "Share", "Ratio", "Drift", "Increase", "Answers",
	"Excess",
}

// drop has a ratio of which less is more: it is the most that may still come.
const drop = "traffic_drop"

// little is what floors are put to, the first that the detector takes.
var little = []float64{0, .001, .01, 1, 1.01, 2, 3}

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
	if s.bare {
		d = bare(d)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n", d.Spec().Name)
	for _, line := range config.Thresholds(d) {
		if s.budget > 0 && strings.HasPrefix(line, budgetKey+":") {
			line = fmt.Sprintf("%s: %d", budgetKey, s.budget)
		}
		b.WriteString("    " + line + "\n")
	}
	return b.String()
}

// bare is a detector with its floors at their least.
func bare(d detect.Definition) detect.Definition {
	for _, name := range floors {
		values := little
		if name == "Ratio" && d.Spec().Name == drop {
			values = []float64{1, .99, .9}
		}
		for _, value := range values {
			if with, ok := floored(d, name, value); ok {
				d = with
				break
			}
		}
	}
	return d
}

// floored is a detector with one of its thresholds at a value; false when it has no such threshold, or refuses the value.
func floored(d detect.Definition, field string, value float64) (detect.Definition, bool) {
	t := d.Thresholds()
	f := reflect.ValueOf(t).Elem().FieldByName(field)
	switch {
	case !f.IsValid():
		return d, false
	case f.CanInt() && value == math.Trunc(value):
		f.SetInt(int64(value))
	case f.CanFloat():
		f.SetFloat(value)
	default:
		return d, false
	}
	with, err := d.With(t)
	return with, err == nil && with.Validate() == nil
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
