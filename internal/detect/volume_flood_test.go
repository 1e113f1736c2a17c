package detect

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// habit has clients ask about so many times in each hour of some days.
func (g *traffic) habit(clients, days, hourly int) {
	for h := range 24 * days {
		for c := range clients {
			at := time.Duration(h) * time.Hour
			for range hourly/2 + g.rng.IntN(hourly) {
				g.add(address(c), at+time.Duration(g.rng.Int64N(int64(time.Hour))), "GET", "/list", 200)
			}
		}
	}
}

func address(c int) string { return "192.0.2." + strconv.Itoa(c+1) }

// TestFloodInTheFirstWeek floods for two hours on the second day, and asks a week later from how many requests an hour would
// be told of.
func TestFloodInTheFirstWeek(t *testing.T) {
	threshold := func(flood bool) float64 {
		g := &traffic{rng: rand.New(rand.NewPCG(3, 1))}
		g.habit(5, 9, 40)
		if flood {
			for i := range 8000 {
				g.add(address(0), 30*time.Hour+time.Duration(i)*900*time.Millisecond, "GET", "/list", 200)
			}
		}
		d := NewVolumeAnomaly(DefaultVolumeAnomaly())
		e, err := New(testConfig(), []Definition{Define(d)})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(g.events, func(a, b event.Event) int { return cmp.Compare(a.Time, b.Time) })
		told := 0
		var key event.Key
		for i := range g.events {
			e.Step(&g.events[i], func(*finding.Finding) { told++ })
			if g.events[i].Client.String() == address(0) {
				key, _ = g.events[i].Key(event.KindNetwork, testSeed)
			}
		}
		if flood != (told > 0) {
			t.Fatalf("with a flood %t, %d findings", flood, told)
		}
		clients := e.tables[event.KindNetwork]
		ref, _ := clients.find(key)
		s := e.runners[0].(*run[volumeAnomalyState]).slab.at(clients.slot(clients.at(ref), 0) - 1)
		h := e.commons.habits.at(s.Place - 1)
		law := d.law(s, h, measureRequests, s.end())
		return d.bound(s, h, &law, 1e6, d.threshold(e.commons.habits, classKnown))
	}
	quiet, flooded := threshold(false), threshold(true)
	t.Logf("an hour of 40 requests stands out from %.0f on, and after a flood from %.0f on", quiet, flooded)
	if flooded > 1.05*quiet || flooded < 0.95*quiet {
		t.Errorf("threshold %.0f, after a flood %.0f: want at most 5 %% more", quiet, flooded)
	}
}
