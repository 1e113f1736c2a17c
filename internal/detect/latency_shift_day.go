package detect

import (
	"math"
	"time"

	"gatewatch/internal/baseline"
)

// dayParts is how many parts of the day are told apart: what runs every night may take as little as ten minutes.
const dayParts = 24 * 6

// latencyDay is by how much a service is slower than its endpoints' levels at a time of the day.
type latencyDay struct {
	Weights [dayParts]float32 // one over the variance of what is known, fading
	Sums    [dayParts]float32 // of shifts, weighted
	Day     uint32            // since the epoch, up to which they have faded
	_       [4]byte
}

// dayPrior is what is known of a part of the day before it was seen: one over the variance of its shift. It differs from the
// level by a sixth or so.
const dayPrior = 4

// dayPart is the part of the day of an event time.
func dayPart(hours *baseline.Hours, at int64) int {
	hour := int(hours.Slot(at)) % 24
	left := int((hours.End() - at - 1) / int64(10*time.Minute))
	return hour*6 + 5 - min(max(left, 0), 5)
}

// expects is the shift that is usual in a part of the day, and its variance. Clocks are put forward and back, and not all
// who run jobs care: what is slow an hour earlier or later is no surprise.
func (d *latencyDay) expects(part int) (shift, variance float64) {
	const hour = 6
	shift, variance = d.of(part)
	for _, p := range [...]int{part + hour, part + dayParts - hour} {
		if s, v := d.of(p % dayParts); s > max(shift, movedShift) {
			shift, variance = s, v
		}
	}
	return shift, variance
}

// restless tells that something slow begins or ends about this part of the day.
func (d *latencyDay) restless(part int) bool {
	for _, p := range [...]int{part, part + 1, part + dayParts - 1} {
		if shift, _ := d.expects(p % dayParts); shift > restlessShift {
			return true
		}
	}
	return false
}

// restlessShift is a shift of a part of the day in which it is not looked at single requests.
const restlessShift = 0.3

// movedShift is from which shift on a part of the day stands out by more than chance.
const movedShift = 0.5

// of is the shift that was seen in a part of the day, and its variance.
func (d *latencyDay) of(part int) (shift, variance float64) {
	weight := float64(d.Weights[part]) + dayPrior
	return float64(d.Sums[part]) / weight, 1 / weight
}

// learn takes in a shift with its variance; weight is below 1 where it was unusual.
func (d *latencyDay) learn(part int, at int64, shift, variance, weight float64) {
	if day := uint32(max(at, 0) / int64(24*time.Hour)); day > d.Day {
		left := float32(math.Exp2(-float64(day-d.Day) * 24 * 60 / latencyHalfLife))
		for i := range d.Weights {
			d.Weights[i], d.Sums[i] = d.Weights[i]*left, d.Sums[i]*left
		}
		d.Day = day
	}
	weight /= max(variance, 1e-6)
	d.Weights[part] += float32(weight)
	d.Sums[part] += float32(weight * shift)
}
