package main

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// metric is one distribution that logs are compared by.
type metric struct {
	file, title, unit string
	of                func(*shape) []float64 // in ascending order
}

func metrics() []metric {
	return []metric{
		{"gaps.png", "Time between requests of a client", "seconds", func(s *shape) []float64 { return s.gaps }},
		{"visits.png", "Requests of a visit", "requests", func(s *shape) []float64 { return s.visits }},
		{"lasts.png", "How long a visit lasts", "seconds", func(s *shape) []float64 { return s.lasts }},
		{"sizes.png", "Size of answers 2xx", "bytes", func(s *shape) []float64 { return s.sizes }},
	}
}

// quantile is that of values in ascending order.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// distance is the Kolmogorov–Smirnov statistic: the largest difference of two empirical distribution functions.
func distance(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	worst := 0.0
	for _, x := range slices.Concat(a, b) {
		fa := float64(sort.Search(len(a), func(i int) bool { return a[i] > x })) / float64(len(a))
		fb := float64(sort.Search(len(b), func(i int) bool { return b[i] > x })) / float64(len(b))
		worst = max(worst, math.Abs(fa-fb))
	}
	return worst
}

// most is how many values distance looks at: more show nothing else.
const most = 50_000

func thin(sorted []float64) []float64 {
	if len(sorted) <= most {
		return sorted
	}
	out := make([]float64, most)
	for i := range out {
		out[i] = sorted[i*len(sorted)/most]
	}
	return out
}

// report is all numbers, as Markdown.
func report(all []*shape) []byte {
	var b strings.Builder
	b.WriteString("# Shapes of logs\n\n| log | requests | rejected | clients | visits | days |\n|---|---|---|---|---|---|\n")
	for _, s := range all {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %.2f |\n", s.name, s.events, s.rejected, len(s.clients), len(s.visits), float64(s.to-s.from)/float64(24*time.Hour))
	}
	fmt.Fprintf(&b, "\nDistance is the Kolmogorov–Smirnov statistic against %s: 0 is the same, 1 is nothing in common.\n", all[0].name)
	for _, m := range metrics() {
		fmt.Fprintf(&b, "\n## %s\n\n![%s](%s)\n\n| log | 10 %% | 50 %% | 90 %% | 99 %% | most | distance |\n|---|---|---|---|---|---|---|\n", m.title, m.title, m.file)
		for _, s := range all {
			v := m.of(s)
			fmt.Fprintf(&b, "| %s | %.4g | %.4g | %.4g | %.4g | %.4g | %.3f |\n", s.name,
				quantile(v, .1), quantile(v, .5), quantile(v, .9), quantile(v, .99), quantile(v, 1), distance(thin(m.of(all[0])), thin(v)))
		}
	}
	b.WriteString("\n## Status\n\n![Status](status.png)\n\n| log |")
	for _, name := range statusNames {
		fmt.Fprintf(&b, " %s |", name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(statusNames)) + "\n")
	for _, s := range all {
		fmt.Fprintf(&b, "| %s |", s.name)
		for _, x := range s.statuses() {
			fmt.Fprintf(&b, " %.2f %% |", 100*x)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Marks\n\nOf all requests, programs among them.\n\n| log |")
	for _, name := range markNames {
		fmt.Fprintf(&b, " %s |", name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(markNames)) + "\n")
	for _, s := range all {
		fmt.Fprintf(&b, "| %s |", s.name)
		for _, x := range shares(s.marks[:], s.all) {
			fmt.Fprintf(&b, " %.2f %% |", 100*x)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Hours\n\n![Hours](hours.png)\n")
	return []byte(b.String())
}
