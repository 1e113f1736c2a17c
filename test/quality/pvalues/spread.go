package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"gatewatch/internal/detect"
)

// grid is in how many steps p-values are told apart.
const grid = 2000

// histogram counts p-values.
type histogram struct {
	steps [grid]int
	tail  [8]int // of 10⁻ⁱ and less
	n     int
}

func (h *histogram) add(p float64) {
	h.n++
	h.steps[min(max(int(p*grid), 0), grid-1)]++
	for i := range h.tail {
		if p <= math.Pow(10, -float64(i)) {
			h.tail[i]++
		}
	}
}

// distance is that of Kolmogorov and Smirnov from the uniform law, to the step.
func (h *histogram) distance() float64 {
	var most float64
	below := 0
	for i, n := range h.steps {
		below += n
		most = max(most, math.Abs(float64(below)/float64(h.n)-float64(i+1)/grid))
	}
	return most
}

func (h *histogram) merge(o *histogram) {
	h.n += o.n
	for i, n := range o.steps {
		h.steps[i] += n
	}
	for i, n := range o.tail {
		h.tail[i] += n
	}
}

// question is what was tested, of clients that are known by hours of their own or not.
type question struct {
	measure string
	known   bool
}

// spread is how p-values are spread, by the models and calibrated.
type spread struct {
	after int64
	raw   map[question]*histogram
	fair  map[question]*histogram
	tests [2]int // of clients that are new, and known
}

func (s *spread) add(t detect.VolumeTest) {
	if t.Measure == "requests" {
		if t.Known {
			s.tests[1]++
		} else {
			s.tests[0]++
		}
	}
	if t.Time < s.after {
		return
	}
	if s.raw == nil {
		s.raw, s.fair = map[question]*histogram{}, map[question]*histogram{}
	}
	q := question{t.Measure, t.Known}
	if s.raw[q] == nil {
		s.raw[q], s.fair[q] = &histogram{}, &histogram{}
	}
	s.raw[q].add(t.P)
	s.fair[q].add(t.Calibrated)
}

func (s *spread) merge(o *spread) {
	if s.raw == nil {
		s.raw, s.fair = map[question]*histogram{}, map[question]*histogram{}
	}
	for q := range o.raw {
		if s.raw[q] == nil {
			s.raw[q], s.fair[q] = &histogram{}, &histogram{}
		}
		s.raw[q].merge(o.raw[q])
		s.fair[q].merge(o.fair[q])
	}
	s.tests[0] += o.tests[0]
	s.tests[1] += o.tests[1]
}

// print writes a line for each question.
func (s *spread) write(w io.Writer) {
	fmt.Fprintf(w, "p-values after warm-up: distance from the uniform law (Kolmogorov-Smirnov), and how much more often than they say\n")
	fmt.Fprintf(w, "%-10s %-6s %9s %8s %11s %8s %8s %8s %8s\n", "measure", "client", "tests", "models", "calibrated", "p≤0.1", "≤0.01", "≤10⁻³", "≤10⁻⁴")
	questions := slices.SortedFunc(maps.Keys(s.raw), func(a, b question) int {
		if a.measure != b.measure {
			return len(a.measure)*100 + int(a.measure[0]) - len(b.measure)*100 - int(b.measure[0])
		}
		if a.known {
			return -1
		}
		return 1
	})
	for _, q := range questions {
		raw, fair := s.raw[q], s.fair[q]
		client := "new"
		if q.known {
			client = "known"
		}
		fmt.Fprintf(w, "%-10s %-6s %9d %8.3f %11.3f", q.measure, client, raw.n, raw.distance(), fair.distance())
		for i := 1; i < 5; i++ {
			fmt.Fprintf(w, " %8.2f", float64(fair.tail[i])/float64(fair.n)*math.Pow(10, float64(i)))
		}
		fmt.Fprintln(w)
	}
}
