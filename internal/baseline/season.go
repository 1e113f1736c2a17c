package baseline

import (
	"math"
	"time"
)

// Season is the model of the week's rhythm: how much busier than the average each hour of the week is, learned where there
// is much traffic, at a service or route, and shared by its clients. The expected count of a window is level × factor, the
// multiplicative season of Winters, "Forecasting sales by exponentially weighted moving averages" (Management Science 6,
// 1960).
//
//	f(d,h) = (C/R + κ·g)/(H + κ),  g = (C̃/R + κ·δ(d)·η(h))/(H̃ + κ),  κ = Hours + Counts/R
//
// with C counts and H hours of the slot, fading, C̃ and H̃ those of the hours beside it on average; R is the average count
// per hour, and δ the day's and η the hour's factor, each shrunk to 1 by κ hours alike. So a slot that was seen little is
// what its neighbours do, and these what their day and their hour do at large; a quiet route, of whose hours each tells
// little, has the day's rhythm at most. Factors are scaled to the average 1.
//
// A holiday's hours have a profile of their own, which remembers for Years, and before there were any it is Sunday's.
type Season struct {
	HalfLife time.Duration // of what is learned of the week
	Years    time.Duration // half-life of what is learned of holidays
	Hours    float64       // hours of evidence that shrink a slot by half
	Counts   float64       // the same in counts
	Clip     float64       // multiple of what is expected above which more is learned as that
}

// DefaultSeason returns the defaults.
func DefaultSeason() Season {
	return Season{HalfLife: 4 * 7 * 24 * time.Hour, Years: 2 * 365 * 24 * time.Hour, Hours: 0.5, Counts: 20, Clip: 4}
}

// Profile is what is remembered about a week's rhythm: 2 320 bytes. The zero value has none, all its factors are 1. One
// goroutine owns it.
type Profile struct {
	Counts  [slots]float32 // of holidays: over the average at the time
	Hours   [slots]float32
	Factors [slots]float32 // what follows from them, less one
	Time    int64          // number of the newest hour since the epoch
	Rate    float64        // average count per hour
}

// Hour is what was counted in an hour, or in a part of one.
type Hour struct {
	Slot  Slot
	Time  int64   // nanoseconds since the epoch
	Hours float64 // how long it was
	Count float64
	Held  bool // it was found unusual: do not learn from it
}

// Factor is how much busier than the average an hour of the week is.
func (p *Profile) Factor(s Slot) float64 {
	if int(s) >= slots {
		return 1
	}
	return clamp(1+float64(p.Factors[s]), minFactor, maxFactor)
}

const (
	// minFactor and maxFactor bound how different hours may be, so that a dead hour does not make one request a surprise
	// of hundreds.
	minFactor = 0.02
	maxFactor = 50
)

// Learn takes an hour in.
func (s *Season) Learn(p *Profile, h Hour) {
	if int(h.Slot) >= slots || h.Held {
		return
	}
	hours, count := clamp(h.Hours, 0, 24), clamp(h.Count, 0, maxCount)
	if hours == 0 {
		return
	}
	week, holidays := s.advance(p, h.Time)
	// What was never seen cannot be out of the ordinary.
	if p.Rate > 0 && float64(p.Hours[h.Slot]) > 0.5 {
		count = min(count, math.Max(s.Clip, 1)*max(p.Rate*p.Factor(h.Slot)*hours, 1))
	}
	i, left := int(h.Slot), week
	if i >= weekSlots {
		if p.Rate <= 0 {
			return
		}
		count, left = count/p.Rate, holidays
	}
	p.Counts[i] = small(float64(p.Counts[i]) + left*count)
	p.Hours[i] = small(float64(p.Hours[i]) + left*hours)
}

// advance fades by whole hours, and works out what follows once in each.
func (s *Season) advance(p *Profile, at int64) (week, holidays float64) {
	hour := at / int64(time.Hour)
	age := math.Abs(float64(hour-p.Time)) * 3600
	week, holidays = fade(age, s.HalfLife.Seconds()), fade(age, s.Years.Seconds())
	if hour <= p.Time {
		return week, holidays
	}
	for i := range slots {
		left := week
		if i >= weekSlots {
			left = holidays
		}
		p.Counts[i], p.Hours[i] = small(float64(p.Counts[i])*left), small(float64(p.Hours[i])*left)
	}
	p.Time = hour
	s.solve(p)
	return 1, 1
}

// solve works the factors out.
func (s *Season) solve(p *Profile) {
	var total, all tally
	var days [7]tally
	var hours [24]tally
	for i := range weekSlots {
		t := p.tally(i)
		total.add(t, 1)
		days[i/24].add(t, 1)
		hours[i%24].add(t, 1)
	}
	if total.hours <= 0 || total.count <= 0 {
		return
	}
	p.Rate = total.count / total.hours
	shrink := max(s.Hours, 1e-3) + max(s.Counts, 0)/p.Rate
	var factors [weekSlots]float64
	for i := range weekSlots {
		var around tally
		around.add(p.tally((i+1)%weekSlots), 0.5)
		around.add(p.tally((i+weekSlots-1)%weekSlots), 0.5)
		usual := days[i/24].factor(p.Rate, shrink, 1) * hours[i%24].factor(p.Rate, shrink, 1)
		usual = around.factor(p.Rate, shrink, usual)
		factors[i] = p.tally(i).factor(p.Rate, shrink, usual)
		all.add(tally{factors[i], 1}, 1)
	}
	average := all.count / all.hours
	for i, f := range factors {
		p.Factors[i] = small(clamp(f/average, minFactor, maxFactor) - 1)
	}
	for h := range 24 {
		own := p.tally(weekSlots+h).factor(1, max(s.Hours, 1e-3), p.Factor(Slot(h)))
		p.Factors[weekSlots+h] = small(clamp(own, minFactor, maxFactor) - 1)
	}
}

// tally is a count over hours.
type tally struct{ count, hours float64 }

func (t *tally) add(o tally, weight float64) {
	t.count += weight * o.count
	t.hours += weight * o.hours
}

// factor is the rate relative to another, shrunk to what is usual.
func (t tally) factor(rate, shrink, usual float64) float64 {
	return (t.count/rate + shrink*usual) / (t.hours + shrink)
}

func (p *Profile) tally(i int) tally {
	return tally{clamp(float64(p.Counts[i]), 0, maxCount), clamp(float64(p.Hours[i]), 0, maxCount)}
}
