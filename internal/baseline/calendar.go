package baseline

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Calendar tells holidays: days on which people do not do what they do on other days of the week. The nil Calendar has
// none.
type Calendar struct {
	days   map[day]string
	easter map[int]string // by days after Easter Sunday
}

// day is a date; Year 0 is every year.
type day struct {
	Year  int
	Month time.Month
	Day   int
}

// maxHolidays bounds a calendar.
const maxHolidays = 10_000

// ParseCalendar reads a calendar: a holiday a line, and after # a comment. A holiday is a date, a date of every year, or
// a number of days from Easter Sunday, and then its name.
//
//	2026-12-24 closed
//	12-25      Christmas
//	easter-2   Good Friday
func ParseCalendar(text []byte) (*Calendar, error) {
	c := &Calendar{days: map[day]string{}, easter: map[int]string{}}
	var errs []error
	n := 0
	for line := range bytes.Lines(text) {
		n++
		entry, _, _ := strings.Cut(string(line), "#")
		when, name, _ := strings.Cut(strings.TrimSpace(entry), " ")
		if when == "" {
			continue
		}
		if err := c.add(when, strings.TrimSpace(name)); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", n, err))
		}
		if len(errs) == 10 || len(c.days)+len(c.easter) > maxHolidays {
			errs = append(errs, errors.New("too many faults or holidays"))
			break
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c, nil
}

func (c *Calendar) add(when, name string) error {
	if rest, ok := strings.CutPrefix(when, "easter"); ok {
		offset, err := strconv.Atoi(rest)
		if rest == "" {
			offset, err = 0, nil
		}
		if err != nil || offset < -100 || offset > 100 {
			return fmt.Errorf("%.40q: want easter, easter-2, easter+39", when)
		}
		c.easter[offset] = name
		return nil
	}
	if t, err := time.Parse(time.DateOnly, when); err == nil {
		c.days[day{t.Year(), t.Month(), t.Day()}] = name
		return nil
	}
	// A leap year, so that 02-29 is a day.
	t, err := time.Parse(time.DateOnly, "2000-"+when)
	if err != nil {
		return fmt.Errorf("%.40q: want 2026-12-24, 12-25 or easter-2", when)
	}
	c.days[day{0, t.Month(), t.Day()}] = name
	return nil
}

// Holiday tells whether a date is one, and its name.
func (c *Calendar) Holiday(year int, month time.Month, dayOfMonth int) (name string, ok bool) {
	if c == nil {
		return "", false
	}
	if name, ok = c.days[day{year, month, dayOfMonth}]; ok {
		return name, true
	}
	if name, ok = c.days[day{0, month, dayOfMonth}]; ok {
		return name, true
	}
	if len(c.easter) == 0 {
		return "", false
	}
	date := time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC)
	name, ok = c.easter[int(date.Sub(easter(year))/(24*time.Hour))]
	return name, ok
}

// easter is Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, "Astronomical Algorithms", 1991,
// chapter 8).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
