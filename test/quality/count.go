package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
)

// tally is events in some days.
type tally struct {
	n    int
	days float64
}

func (t *tally) add(n int, days float64) {
	t.n += n
	t.days += days
}

func (t *tally) rate() interval.Rate { return interval.RateOf(t.n, t.days) }

// count is how many false alerts are such.
func count(r *evaluate.Result, such func(*evaluate.FalseAlert) bool) int {
	n := 0
	for i := range r.False {
		if such(&r.False[i]) {
			n++
		}
	}
	return n
}

// budgetNames are the detectors that are given an alarm budget.
func budgetNames() map[string]bool {
	out := map[string]bool{}
	for _, d := range budgeted() {
		out[d.Spec().Name] = true
	}
	return out
}

// at is the place of a statement in a pair of what is not so and what is.
func at(so bool) int {
	if so {
		return 1
	}
	return 0
}

// number writes a number with the digits that mean something.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return "∞"
	case math.Abs(v) >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case math.Abs(v) >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

func rateText(r interval.Rate) string {
	return fmt.Sprintf("%s [%s–%s]", number(r.PerDay), number(r.Low), number(r.High))
}

func shareText(s interval.Share) string {
	if s.Of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d/%d, %.0f %% [%.0f–%.0f]", s.Hits, s.Of, 100*s.Value, 100*s.Low, 100*s.High)
}

// scene says which worlds were simulated, all of one shape.
func scene(all []*world) string {
	if len(all) == 0 {
		return "Nothing"
	}
	var seeds []string
	for _, w := range all {
		seeds = append(seeds, strconv.Itoa(w.seed))
	}
	return fmt.Sprintf("%s days of %s clients, seed %s", all[0].flag("--days"), all[0].flag("--clients"), strings.Join(seeds, ", "))
}

func (w *world) flag(name string) string {
	if i := slices.Index(w.args, name); i >= 0 {
		return w.args[i+1]
	}
	return ""
}
