package calendar

import (
	"math"
	"sort"
)

const hour = 3600 * 1e9 // nanoseconds

// Never is a time at which nothing happens any more.
const Never = math.MaxInt64

// Rhythm is a rate that changes by the hour and is one on the average of an ordinary week. Times are nanoseconds since the
// Unix epoch.
type Rhythm struct {
	begin   int64
	weights []float64
	upTo    []float64 // the weights' sums, from 0 on
}

// At is the rate at a time, 0 outside the calendar.
func (r *Rhythm) At(t int64) float64 {
	i := (t - r.begin) / hour
	if t < r.begin || int(i) >= len(r.weights) {
		return 0
	}
	return r.weights[i]
}

// After is when an amount of activity, in average hours, has come together after t; Never when the calendar ends before.
// With exponential amounts it gives the times of a Poisson process of changing rate, by inversion, so that no draw is
// thrown away.
func (r *Rhythm) After(t int64, amount float64) int64 {
	want := amount + r.sum(t)
	i := sort.SearchFloat64s(r.upTo, want)
	if i >= len(r.upTo) {
		return Never
	}
	i = max(i-1, 0)
	if r.weights[i] == 0 {
		return r.begin + int64(i)*hour
	}
	return max(r.begin+int64((float64(i)+(want-r.upTo[i])/r.weights[i])*hour), t)
}

// sum is the activity from the beginning to t.
func (r *Rhythm) sum(t int64) float64 {
	if t <= r.begin {
		return 0
	}
	i := int((t - r.begin) / hour)
	if i >= len(r.weights) {
		return r.upTo[len(r.upTo)-1]
	}
	return r.upTo[i] + r.weights[i]*float64(t-r.begin-int64(i)*hour)/hour
}
