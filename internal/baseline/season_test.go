package baseline

import (
	"math"
	"strings"
	"testing"
	"time"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	return zone
}

func TestHours(t *testing.T) {
	calendar, err := ParseCalendar([]byte("12-25 Christmas\neaster-2 Good Friday # moves\n\n# nothing\n2026-10-30\n"))
	if err != nil {
		t.Fatal(err)
	}
	zone := berlin(t)
	for _, tt := range []struct {
		at   string
		slot Slot
		end  string
	}{
		{"2026-11-18T14:30:00+01:00", 3*24 + 14, "2026-11-18T15:00:00+01:00"},
		{"2026-11-22T00:00:00+01:00", 0, "2026-11-22T01:00:00+01:00"},
		// Clocks go from 2:00 to 3:00: there is no hour 2.
		{"2026-03-29T01:59:59+01:00", 1, "2026-03-29T02:00:00+01:00"},
		{"2026-03-29T02:00:00+01:00", 3, "2026-03-29T04:00:00+02:00"},
		// And back from 3:00 to 2:00: hour 2 twice.
		{"2026-10-25T02:30:00+02:00", 2, "2026-10-25T03:00:00+02:00"},
		{"2026-10-25T02:30:00+01:00", 2, "2026-10-25T03:00:00+01:00"},
		{"2026-12-25T09:15:00+01:00", weekSlots + 9, "2026-12-25T10:00:00+01:00"},
		{"2026-04-03T23:15:00+02:00", weekSlots + 23, "2026-04-04T00:00:00+02:00"},
		{"2027-03-26T12:15:00+01:00", weekSlots + 12, "2027-03-26T13:00:00+01:00"},
		{"2026-10-30T00:15:00+01:00", weekSlots, "2026-10-30T01:00:00+01:00"},
	} {
		h := NewHours(zone, calendar)
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Slot(at.UnixNano()); got != tt.slot {
			t.Errorf("Slot(%s) = %d, want %d", tt.at, got, tt.slot)
		}
		if end, err := time.Parse(time.RFC3339, tt.end); err != nil || h.End() != end.UnixNano() {
			t.Errorf("the hour of %s ends at %s, want %s", tt.at, time.Unix(0, h.End()).In(zone), tt.end)
		}
	}
	// Kathmandu is 5:45 off, and its hours begin at a quarter past.
	nepal := time.FixedZone("", 5*3600+45*60)
	h := NewHours(nepal, nil)
	if got := h.Slot(time.Date(2026, 11, 22, 10, 20, 0, 0, time.UTC).UnixNano()); got != 16 {
		t.Errorf("10:20 UTC is slot %d in Kathmandu, want 16", got)
	}
}

func TestParseCalendarRefuses(t *testing.T) {
	for _, text := range []string{"2026-13-01", "christmas", "02-30", "easter+x", "easter+400", "12-25\n2026-02-30 x"} {
		if _, err := ParseCalendar([]byte(text)); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("ParseCalendar(%q): error %v, want one with the line", text, err)
		}
	}
	if _, err := ParseCalendar([]byte(strings.Repeat("bad\n", 1000))); err == nil || len(err.Error()) > 2000 {
		t.Errorf("a thousand faults: error of %d bytes", len(err.Error()))
	}
}

// rhythm is a believable week: people by day, fewer at weekends, on holidays as on a Saturday.
func rhythm(t time.Time, holiday bool) float64 {
	f := 0.2 + 1.6*math.Exp(-math.Pow((float64(t.Hour())-14)/4.5, 2))
	switch {
	case holiday:
		return 0.55 * f
	case t.Weekday() == time.Saturday:
		return 0.5 * f
	case t.Weekday() == time.Sunday:
		return 0.4 * f
	default:
		return f
	}
}

// weeks learns a service for some weeks, and returns by how much expectations of the last one's hours are off, relative to its sum.
func (s *Season) weeks(c chance, p *Profile, zone *time.Location, level float64, weeks int) float64 {
	h := NewHours(zone, nil)
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
	var off, n float64
	for i := range weeks * weekSlots {
		at := from.Add(time.Duration(i) * time.Hour)
		want := rhythm(at, false)
		slot := h.Slot(at.UnixNano())
		if i >= (weeks-1)*weekSlots {
			expected := p.Rate * p.Factor(slot)
			off += math.Abs(expected - level*want)
			n += level * want
		}
		s.Learn(p, Hour{Slot: slot, Time: at.UnixNano(), Hours: 1, Count: c.poisson(level * want)})
	}
	return off / n
}

func TestSeasonIsLearned(t *testing.T) {
	zone := berlin(t)
	for _, tt := range []struct {
		name  string
		level float64
		weeks int
		most  float64 // error
	}{
		{"busy, one week known", 5000, 2, 0.12},
		{"busy, across the change of clocks", 5000, 6, 0.06},
		{"quiet", 20, 6, 0.15},
		{"hardly anything", 0.5, 6, 0.5},
	} {
		s := DefaultSeason()
		var p Profile
		off := s.weeks(newChance(8), &p, zone, tt.level, tt.weeks)
		var flat, sum float64
		for i := range weekSlots {
			sum += rhythm(time.Date(2026, 4, 5+i/24, i%24, 0, 0, 0, zone), false)
		}
		for i := range weekSlots {
			flat += math.Abs(sum/weekSlots-rhythm(time.Date(2026, 4, 5+i/24, i%24, 0, 0, 0, zone), false)) / sum
		}
		t.Logf("%s: error %.1f %%, without a season %.0f %%", tt.name, 100*off, 100*flat)
		if off > tt.most {
			t.Errorf("%s: error %.3f, want at most %.3f", tt.name, off, tt.most)
		}
	}
}

// TestHolidays holds the ways to treat a holiday against each other, by the mean error of the holiday's hours: as the day
// of the week that it is, as a Sunday, and as what holidays were like before.
func TestHolidays(t *testing.T) {
	zone := berlin(t)
	calendar, err := ParseCalendar([]byte("05-01\n05-14\n05-25\n06-04\n"))
	if err != nil {
		t.Fatal(err)
	}
	const level = 5000
	s := DefaultSeason()
	var p Profile
	c := newChance(12)
	h := NewHours(zone, calendar)
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, zone)
	var weekday, sunday, own [4]float64
	holiday := -1
	for i := range 14 * weekSlots {
		at := from.Add(time.Duration(i) * time.Hour)
		slot := h.Slot(at.UnixNano())
		isHoliday := slot >= weekSlots
		want := level * rhythm(at, isHoliday)
		if isHoliday {
			if at.Hour() == 0 {
				holiday++
			}
			off := func(s Slot) float64 { return math.Abs(p.Rate*p.Factor(s)/want-1) / 24 }
			weekday[holiday] += off(Slot(24*int(at.Weekday()) + at.Hour()))
			sunday[holiday] += off(Slot(at.Hour()))
			own[holiday] += off(slot)
		}
		s.Learn(&p, Hour{Slot: slot, Time: at.UnixNano(), Hours: 1, Count: c.poisson(want)})
	}
	t.Logf("error of four holidays in turn: as weekdays %.2f, as Sundays %.2f, as holidays %.2f", weekday, sunday, own)
	if own[0] > 0.5*weekday[0] {
		t.Errorf("the first holiday is %.2f off, as a weekday %.2f: want less than half", own[0], weekday[0])
	}
	if own[3] > 0.6*sunday[3] {
		t.Errorf("the fourth holiday is %.2f off, as a Sunday %.2f: want less", own[3], sunday[3])
	}
}

// TestSeasonResists floods a service tenfold for two hours: the factors of these hours in the next week hardly move.
func TestSeasonResists(t *testing.T) {
	zone := berlin(t)
	s := DefaultSeason()
	var calm, flooded Profile
	s.weeks(newChance(8), &calm, zone, 1000, 4)
	s.weeks(newChance(8), &flooded, zone, 1000, 4)
	at := time.Date(2026, 3, 30, 14, 0, 0, 0, zone)
	h := NewHours(zone, nil)
	for i := range 2 {
		hourAt := at.Add(time.Duration(i) * time.Hour).UnixNano()
		s.Learn(&calm, Hour{Slot: h.Slot(hourAt), Time: hourAt, Hours: 1, Count: 1800})
		s.Learn(&flooded, Hour{Slot: h.Slot(hourAt), Time: hourAt, Hours: 1, Count: 18_000, Held: true})
	}
	later := at.Add(5 * time.Hour).UnixNano()
	slot := h.Slot(at.UnixNano())
	for _, p := range []*Profile{&calm, &flooded} {
		s.Learn(p, Hour{Slot: h.Slot(later), Time: later, Hours: 1, Count: 500})
	}
	a, b := calm.Rate*calm.Factor(slot), flooded.Rate*flooded.Factor(slot)
	if math.Abs(b/a-1) > 0.05 {
		t.Errorf("expected at that hour %.0f, after a flood %.0f", a, b)
	}
}
