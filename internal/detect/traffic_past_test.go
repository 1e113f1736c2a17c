package detect

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
)

// minutes tells both detectors of traffic about one service, minute by minute, and counts the minutes in which each speaks.
type minutes struct {
	seed          uint64
	rng           *rand.Rand
	surge         TrafficSurge
	drop          TrafficDrop
	surges        trafficSurgeState
	drops         trafficDropState
	o             Observation
	surged, faded int
}

func newMinutes(seed uint64) *minutes {
	return &minutes{
		seed: seed, surge: NewTrafficSurge(DefaultTrafficSurge()), drop: NewTrafficDrop(DefaultTrafficDrop()),
		o: Observation{
			Kind: event.KindService, Event: &event.Event{Service: "shop"}, Tally: &facet.Tally{}, meters: &meterings{},
			hours: baseline.NewHours(nil, nil),
		},
	}
}

// tell tells a day's minutes; the rate is asked for each. A day's chance is its own.
func (m *minutes) tell(day int, rate func(minute int) float64) {
	m.rng = rand.New(rand.NewPCG(m.seed, uint64(day)))
	m.surged, m.faded = 0, 0
	for i := range 24 * 60 {
		from := start.Truncate(24 * time.Hour).Add(time.Duration(day*24*60+i) * time.Minute)
		o := &m.o
		o.Tally.From, o.Tally.Requests = from.UnixNano(), m.requests(rate(i))
		o.Time = from.Add(time.Minute).UnixNano()
		o.Event.Time, o.Settled = o.Time, o.Time
		if _, so := m.surge.Observe(&m.surges, o); so {
			m.surged++
		}
		if _, so := m.drop.Observe(&m.drops, o); so {
			m.faded++
		}
	}
}

// requests are those of visits, of some requests each.
func (m *minutes) requests(rate float64) (n uint64) {
	const each = 4
	for left := rate / each; ; n += 1 + m.rng.Uint64N(2*each-1) {
		if left -= m.rng.ExpFloat64(); left < 0 {
			return n
		}
	}
}

// daily is a rate that is three times as high by day as by night.
func daily(level float64) func(minute int) float64 {
	return func(minute int) float64 { return level * (1 + math.Sin(2*math.Pi*float64(minute-8*60)/(24*60))/2) }
}

// TestFloodMovesNothing has a flood of two hours in the first of two weeks: a week later, as much is expected as without.
func TestFloodMovesNothing(t *testing.T) {
	usual := daily(40)
	flood := func(minute int) float64 {
		if minute >= 600 && minute < 720 {
			return 30 * usual(minute)
		}
		return usual(minute)
	}
	calm, flooded := newMinutes(1), newMinutes(1)
	for day := range 14 {
		calm.tell(day, usual)
		if day != 5 {
			flooded.tell(day, usual)
			continue
		}
		flooded.tell(day, flood)
		if flooded.surged < 110 {
			t.Errorf("the flood of 120 minutes was told in %d", flooded.surged)
		}
	}
	for _, hour := range []int{2, 10, 11, 18} {
		slot := baseline.Slot(24*int(start.AddDate(0, 0, 5).Weekday()) + hour)
		a, b := calm.surges.expect(slot), flooded.surges.expect(slot)
		if ratio := b / a; ratio < 0.95 || ratio > 1.05 {
			t.Errorf("hour %d: %.1f requests a minute are expected after a flood, %.1f without", hour, b, a)
		}
	}
}

// TestNewLevel has a service that is asked ten times as much from one day on, and one that is asked a tenth: after about a
// day, that is what is expected.
func TestNewLevel(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after float64
	}{{"more", 30, 300}, {"less", 300, 30}, {"nothing", 100, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMinutes(2)
			for day := range 8 {
				m.tell(day, daily(tt.before))
				if day > 0 && m.surged+m.faded > 0 {
					t.Errorf("day %d: %d minutes of surge, %d of drop", day, m.surged, m.faded)
				}
			}
			m.tell(8, daily(tt.after))
			if m.surged+m.faded == 0 {
				t.Error("nothing was told of it")
			}
			m.tell(9, daily(tt.after))
			m.tell(10, daily(tt.after))
			if m.surged+m.faded > 0 {
				t.Errorf("on the third day: %d minutes of surge, %d of drop", m.surged, m.faded)
			}
			level, _ := m.drops.level()
			if math.Abs(level-tt.after) > 0.2*tt.after+0.1 {
				t.Errorf("%.1f requests a minute are expected, want %g", level, tt.after)
			}
		})
	}
}

// TestWarmUp says nothing on the first day, whatever comes.
func TestWarmUp(t *testing.T) {
	m := newMinutes(3)
	m.tell(0, func(minute int) float64 { return float64(minute%7*minute%1000) / 3 })
	if m.surged+m.faded > 0 {
		t.Errorf("%d minutes of surge, %d of drop", m.surged, m.faded)
	}
}
