// Package calendar knows when people and machines are active: hours of the day, days of the week, holidays, and the days
// when clocks change, in any time zone. What they do then is not its concern.
package calendar

import (
	"slices"
	"time"
)

// Calendar is the stretch of time that is simulated.
type Calendar struct {
	Begin, End time.Time
	Zone       *time.Location // the site's
	holidays   []string
	rushes     []rush
	rhythms    map[rhythmKey]*Rhythm
}

type rush struct {
	begin, end time.Time
	factor     float64
}

type rhythmKey struct {
	profile Profile
	zone    string
}

// New makes a calendar of some days from midnight on of the day of begin, in begin's zone.
func New(begin time.Time, days int) *Calendar {
	zone := begin.Location()
	begin = time.Date(begin.Year(), begin.Month(), begin.Day(), 0, 0, 0, 0, zone)
	return &Calendar{Begin: begin, End: begin.AddDate(0, 0, days), Zone: zone, rhythms: map[rhythmKey]*Rhythm{}}
}

// Day is an hour of the n-th day, counted from zero, in the site's zone.
func (c *Calendar) Day(n int, hour float64) time.Time {
	at := c.Begin.AddDate(0, 0, n)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, int(hour*3600), 0, c.Zone)
}

// Holiday makes a day a holiday. Rhythms that exist already do not know of it.
func (c *Calendar) Holiday(day time.Time) { c.holidays = append(c.holidays, day.Format(time.DateOnly)) }

// Rush multiplies the activity of people, from a time on for whole hours: mail that everybody got, a broadcast.
func (c *Calendar) Rush(begin time.Time, hours int, factor float64) {
	c.rushes = append(c.rushes, rush{begin, begin.Add(time.Duration(hours) * time.Hour), factor})
}

// ClockChange is the first hour of the calendar in which the site's clocks change; false when they do not.
func (c *Calendar) ClockChange() (time.Time, bool) {
	_, before := c.Begin.Zone()
	for at := c.Begin; at.Before(c.End); at = at.Add(time.Hour) {
		if _, offset := at.Zone(); offset != before {
			return at, true
		}
	}
	return time.Time{}, false
}

// Rhythm is how active those of a profile are who live in a zone, the site's when it is nil.
func (c *Calendar) Rhythm(p Profile, zone *time.Location) *Rhythm {
	if zone == nil {
		zone = c.Zone
	}
	key := rhythmKey{p, zone.String()}
	if r := c.rhythms[key]; r != nil {
		return r
	}
	r := c.rhythm(p, zone)
	c.rhythms[key] = r
	return r
}

func (c *Calendar) rhythm(p Profile, zone *time.Location) *Rhythm {
	r := &Rhythm{begin: c.Begin.UnixNano(), upTo: []float64{0}}
	mean, sum := p.mean(), 0.0
	for at := c.Begin; at.Before(c.End); at = at.Add(time.Hour) {
		w := c.activity(p, at, zone) / mean
		sum += w
		r.weights = append(r.weights, w)
		r.upTo = append(r.upTo, sum)
	}
	return r
}

func (c *Calendar) activity(p Profile, at time.Time, zone *time.Location) float64 {
	local := at.In(zone)
	w := p.weight(local)
	if zone == c.Zone && slices.Contains(c.holidays, local.Format(time.DateOnly)) {
		w = curves[p][dayOf(time.Sunday)][local.Hour()] * onHoliday[p]
	}
	for _, r := range c.rushes {
		if p != Always && !at.Before(r.begin) && at.Before(r.end) {
			w *= r.factor
		}
	}
	return w
}
