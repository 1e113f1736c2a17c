package evaluate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatewatch/internal/finding"
)

// Gate is a number that an evaluation has to reach, or must not exceed.
type Gate struct {
	measure string
	group   string // a technique or family; "" is everything
	bound   float64
	text    string // as it was given
}

// The measures of gates.
const (
	recall      = "recall"
	precision   = "precision"
	detection   = "detection"
	falseAlerts = "false-alerts"
)

var measures = []string{recall, precision, detection, falseAlerts}

// ParseGates reads gates such as "recall=0.9,recall:surge=0.95,false-alerts=10,detection=2m".
func ParseGates(list string) ([]Gate, error) {
	var all []Gate
	var errs []error
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		g, err := parseGate(text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, g)
	}
	return all, errors.Join(errs...)
}

func parseGate(text string) (Gate, error) {
	name, value, ok := strings.Cut(text, "=")
	g := Gate{text: text}
	g.measure, g.group, _ = strings.Cut(name, ":")
	if !ok || !slices.Contains(measures, g.measure) {
		return g, fmt.Errorf("%q: want NAME=NUMBER, the name one of %s", text, strings.Join(measures, ", "))
	}
	if g.group != "" && g.measure == falseAlerts {
		return g, fmt.Errorf("%q: false alerts are of no technique", text)
	}
	if g.measure == detection {
		d, err := time.ParseDuration(value)
		if err != nil || d < 0 {
			return g, fmt.Errorf("%q: want a duration such as 90s or 10m", text)
		}
		g.bound = d.Seconds()
		return g, nil
	}
	var err error
	g.bound, err = strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(g.bound) || g.bound < 0 || g.measure != falseAlerts && g.bound > 1 {
		return g, fmt.Errorf("%q: want a number, of a share one from 0 to 1", text)
	}
	return g, nil
}

// Failures says which gates the evaluation does not pass. One that nothing can be measured for is not passed.
func (r *Result) Failures(gates []Gate) []string {
	var all []string
	for _, g := range gates {
		if why := r.failure(&g); why != "" {
			all = append(all, g.text+": "+why)
		}
	}
	return all
}

func (r *Result) failure(g *Gate) string {
	if g.measure == falseAlerts {
		a := r.AlertsOf(finding.Medium)
		switch {
		case a.Rate.Days <= 0:
			return "the traffic took no time"
		case a.Rate.PerDay > g.bound:
			return fmt.Sprintf("%.3g a day", a.Rate.PerDay)
		}
		return ""
	}
	group := r.find(g.group)
	if group == nil {
		return "the labels have no such technique or family"
	}
	switch g.measure {
	case recall:
		return below(group.Recall.Value, group.Recall.Of, g.bound)
	case precision:
		return below(group.Precision.Value, group.Precision.Of, g.bound)
	}
	took := group.Detection
	switch {
	case took.Count == took.Missed:
		return "nothing was found"
	case math.IsInf(took.Median.Value, 1):
		return "half of the attacks were not found"
	case took.Median.Value > g.bound:
		return "half of the attacks took " + Duration(took.Median.Value) + " or more"
	}
	return ""
}

func below(value float64, of int, bound float64) string {
	switch {
	case of == 0:
		return "there is nothing to measure it by"
	case value < bound:
		return fmt.Sprintf("%.4g", value)
	}
	return ""
}

// find is the group of a technique or family.
func (r *Result) find(name string) *Group {
	if name == "" {
		return &r.All
	}
	for _, groups := range [][]Group{r.Techniques, r.Families} {
		for i := range groups {
			if groups[i].Name == name {
				return &groups[i]
			}
		}
	}
	return nil
}

// AlertsOf are the false alerts of a severity or above.
func (r *Result) AlertsOf(least finding.Severity) Alerts {
	for _, a := range r.Alerts {
		if a.Severity == least {
			return a
		}
	}
	return Alerts{Severity: least}
}
