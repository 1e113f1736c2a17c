package plot

import (
	"math"
	"strconv"
	"time"

	"gatewatch/internal/app/evaluate"
)

// axis places values between two pixels.
type axis struct {
	from, to float64 // pixels
	scale    func(float64) float64
	low      float64
	high     float64
	ticks    []tick
}

type tick struct {
	value float64
	text  string
}

func (a *axis) at(v float64) float64 {
	low, high := a.scale(a.low), a.scale(a.high)
	if high <= low {
		return a.from
	}
	part := (a.scale(min(max(v, a.low), a.high)) - low) / (high - low)
	return a.from + part*(a.to-a.from)
}

func linear(v float64) float64 { return v }

// shares is an axis from 0 to 100 %.
func shares(from, to float64) axis {
	a := axis{from: from, to: to, scale: linear, high: 1}
	for _, v := range [...]float64{0, 0.25, 0.5, 0.75, 1} {
		a.ticks = append(a.ticks, tick{v, strconv.Itoa(int(100*v)) + " %"})
	}
	return a
}

// times is a logarithmic axis of seconds, from one second on.
func times(from, to, longest float64) axis {
	a := axis{from: from, to: to, scale: math.Log, low: 1, high: max(longest, 60)}
	for _, d := range [...]time.Duration{
		time.Second, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour,
		7 * 24 * time.Hour, 30 * 24 * time.Hour,
	} {
		if v := d.Seconds(); v <= a.high {
			a.ticks = append(a.ticks, tick{v, evaluate.Duration(v)})
		}
	}
	a.ticks[0].text = "≤ 1s"
	return a
}

// counts is an axis from 0 to a number, in steps that people count in.
func counts(from, to, most float64) axis {
	step := math.Pow(10, math.Floor(math.Log10(max(most, 1))))
	for _, part := range [...]float64{0.2, 0.5, 1, 2} {
		if most/(step*part) <= 5 {
			step *= part
			break
		}
	}
	step = max(step, 1)
	a := axis{from: from, to: to, scale: linear, high: max(math.Ceil(most/step)*step, 1)}
	for i := range int(a.high/step) + 1 {
		v := float64(i) * step
		a.ticks = append(a.ticks, tick{v, strconv.FormatFloat(v, 'f', -1, 64)})
	}
	return a
}

// rates is an axis that begins as a linear one does, with 0, and goes on as a logarithmic one does.
func rates(from, to, most float64) axis {
	a := axis{from: from, to: to, scale: math.Log1p, high: max(most, 1)}
	a.ticks = []tick{{0, "0"}}
	for v := 1.0; v <= a.high; v *= 10 {
		for _, part := range [...]float64{1, 3} {
			if v*part <= a.high {
				a.ticks = append(a.ticks, tick{v * part, strconv.FormatFloat(v*part, 'f', -1, 64)})
			}
		}
	}
	return a
}
