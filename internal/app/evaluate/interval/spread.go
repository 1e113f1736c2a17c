package interval

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
)

// Spread is how long things took, in the middle and of the slower ones.
type Spread struct {
	Count int `json:"count"` // those that never came about among them
	// Missed is how many never came about: they took longer than any that did.
	Missed int      `json:"missed"`
	Median Quantile `json:"median"`
	P90    Quantile `json:"p90"`
}

// Quantile is one quantile of some numbers with the bounds of its interval; all 0 where there are no numbers, and infinite
// where they lie among those that never came about.
type Quantile struct {
	Value, Low, High float64
}

// written is a quantile as JSON has it, which knows no infinity.
type written struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

// MarshalJSON writes null for never.
func (q Quantile) MarshalJSON() ([]byte, error) {
	finite := func(v float64) *float64 {
		if math.IsInf(v, 1) {
			return nil
		}
		return &v
	}
	return json.Marshal(written{finite(q.Value), finite(q.Low), finite(q.High)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (q *Quantile) UnmarshalJSON(b []byte) error {
	var w written
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	number := func(v *float64) float64 {
		if v == nil {
			return math.Inf(1)
		}
		return *v
	}
	q.Value, q.Low, q.High = number(w.Value), number(w.Low), number(w.High)
	return nil
}

const (
	// resamples is how many samples the bootstrap draws: enough that its own noise is small beside the interval's width.
	resamples = 2000
	// seed makes every run give the same intervals.
	seed = 1979
)

// SpreadOf is the median and the 90th percentile of some numbers and of some more that never came about, with intervals from the bootstrap's percentiles: as many
// numbers as there are are drawn from them with replacement, their quantile is taken, and so 2000 times; 95 % of these lie in
// the interval. It says little of fewer than ten numbers, and nothing of one. B. Efron, Bootstrap methods: another look at
// the jackknife, Annals of Statistics 7 (1979) 1–26.
func SpreadOf(numbers []float64, missed int) Spread {
	s := Spread{Count: len(numbers) + missed, Missed: missed}
	if s.Count == 0 {
		return s
	}
	sorted := slices.Sorted(slices.Values(numbers))
	for range missed {
		sorted = append(sorted, math.Inf(1))
	}
	medians, p90s := make([]float64, resamples), make([]float64, resamples)
	rnd := rand.New(rand.NewPCG(seed, uint64(len(sorted))))
	drawn := make([]int, len(sorted))
	for i := range resamples {
		clear(drawn)
		for range sorted {
			drawn[rnd.IntN(len(sorted))]++
		}
		r := resample{sorted, drawn}
		medians[i], p90s[i] = r.quantile(0.5), r.quantile(0.9)
	}
	s.Median = between(quantile(sorted, 0.5), medians)
	s.P90 = between(quantile(sorted, 0.9), p90s)
	return s
}

func between(value float64, drawn []float64) Quantile {
	slices.Sort(drawn)
	return Quantile{Value: value, Low: quantile(drawn, tail), High: quantile(drawn, 1-tail)}
}

// quantile interpolates between the two numbers beside (n−1)·p: type 7 of R. J. Hyndman and Y. Fan, Sample quantiles in
// statistical packages, The American Statistician 50 (1996) 361–365, which most programs use.
func quantile(sorted []float64, p float64) float64 {
	at, part := place(len(sorted), p)
	return mix(sorted[at], sorted[min(at+1, len(sorted)-1)], part)
}

// mix lies between two numbers; between one and never is never.
func mix(low, high, part float64) float64 {
	if part == 0 || math.IsInf(low, 1) {
		return low
	}
	return low + part*(high-low)
}

func place(n int, p float64) (at int, part float64) {
	whole, part := math.Modf(float64(n-1) * p)
	return int(whole), part
}

// resample is sorted numbers, each drawn some times. So a resample needs no sorting of its own.
type resample struct {
	sorted []float64
	drawn  []int
}

func (r resample) quantile(p float64) float64 {
	at, part := place(len(r.sorted), p)
	low := r.nth(at)
	if part == 0 {
		return low
	}
	return mix(low, r.nth(at+1), part)
}

func (r resample) nth(n int) float64 {
	for i, times := range r.drawn {
		if n < times {
			return r.sorted[i]
		}
		n -= times
	}
	return r.sorted[len(r.sorted)-1]
}
