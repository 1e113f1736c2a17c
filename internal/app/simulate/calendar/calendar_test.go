package calendar

import (
	"math"
	"testing"
	"time"

	_ "time/tzdata"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// march is the month in which the clocks of Berlin go forward, on Sunday the 29th at two in the morning.
func march(t *testing.T) *Calendar {
	t.Helper()
	return New(time.Date(2026, 3, 2, 0, 0, 0, 0, berlin(t)), 30)
}

func TestClocksChange(t *testing.T) {
	c := march(t)
	at, ok := c.ClockChange()
	if want := time.Date(2026, 3, 29, 3, 0, 0, 0, c.Zone); !ok || !at.Equal(want) {
		t.Errorf("%s, %v, want %s", at, ok, want)
	}
	if hours := c.End.Sub(c.Begin).Hours(); hours != 30*24-1 {
		t.Errorf("%g hours, want one fewer than 30 days have", hours)
	}
	// Eight in the morning by the clock on the wall is as busy before as after.
	r := c.Rhythm(Office, nil)
	before, after := time.Date(2026, 3, 27, 8, 30, 0, 0, c.Zone), time.Date(2026, 3, 30, 8, 30, 0, 0, c.Zone)
	if a, b := r.At(before.UnixNano()), r.At(after.UnixNano()); a != b || after.Sub(before) != 71*time.Hour {
		t.Errorf("%g before the clocks change and %g after, want the same", a, b)
	}
	if _, ok := New(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 30).ClockChange(); ok {
		t.Error("the clocks of UTC changed")
	}
}

func TestAverageIsOne(t *testing.T) {
	for p := range profiles {
		c := New(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 14)
		r := c.Rhythm(p, nil)
		if sum := r.sum(c.End.UnixNano()); math.Abs(sum-14*24) > 1e-6 {
			t.Errorf("profile %d: two weeks have %g average hours, want 336", p, sum)
		}
	}
}

func TestHolidayAndRush(t *testing.T) {
	c := march(t)
	day := time.Date(2026, 3, 20, 0, 0, 0, 0, c.Zone)
	c.Holiday(day)
	c.Rush(time.Date(2026, 3, 18, 18, 0, 0, 0, c.Zone), 2, 3)
	office, evening, always := c.Rhythm(Office, nil), c.Rhythm(Evening, nil), c.Rhythm(Always, nil)
	at := func(d, hour int) int64 { return time.Date(2026, 3, d, hour, 30, 0, 0, c.Zone).UnixNano() }
	if holiday, usual := office.At(at(20, 10)), office.At(at(13, 10)); holiday > usual/10 {
		t.Errorf("offices on a holiday: %g, on a Friday %g", holiday, usual)
	}
	for hour, want := range map[int]float64{17: 1, 18: 3, 19: 3, 20: 1} {
		if got := evening.At(at(18, hour)) / evening.At(at(11, hour)); math.Abs(got-want) > 1e-9 {
			t.Errorf("hour %d of the rush: %g times the usual, want %g", hour, got, want)
		}
		if got := always.At(at(18, hour)); got != 1 {
			t.Errorf("machines hurry: %g", got)
		}
	}
}

// TestAfterInvertsSum asks when an amount of activity has come together, and adds up what there was until then.
func TestAfterInvertsSum(t *testing.T) {
	c := march(t)
	r := c.Rhythm(Phone, nil)
	from := c.Day(3, 11.3).UnixNano()
	for _, amount := range []float64{1e-4, .5, 1, 7.7, 200} {
		until := r.After(from, amount)
		if got := r.sum(until) - r.sum(from); math.Abs(got-amount) > 1e-6 {
			t.Errorf("after %g there were %g", amount, got)
		}
	}
	if at := r.After(from, 1e6); at != Never {
		t.Errorf("a million average hours end at %d, want never", at)
	}
	if got := r.At(c.End.UnixNano()); got != 0 {
		t.Errorf("after the end: %g, want 0", got)
	}
}

// TestZonesDiffer looks for the evening of people far away, hours later than at the site.
func TestZonesDiffer(t *testing.T) {
	c := march(t)
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 20, 30, 0, 0, ny).UnixNano()
	if near, far := c.Rhythm(Evening, nil).At(at), c.Rhythm(Evening, ny).At(at); far < 10*near {
		t.Errorf("at 20:30 in New York: %g there, %g at the site, where it is night", far, near)
	}
}
