package baseline

import (
	"math"
	"testing"
)

func TestTemper(t *testing.T) {
	for _, tt := range []struct{ own, peers, stray, want float64 }{
		{5, 3, 0, 5},
		{5, 3, 1, 3},
		{50, 3, 0.01, 5},
		{3, 50, 0.01, 3 - math.Log10(0.99)},
		{2, 2, 0.3, 2},
		{1e18, 1e18, 0.01, 1e18},
		{0, 300, 0.01, -math.Log10(0.99)},
		{400, 500, 0.01, 400 - math.Log10(0.99)},
	} {
		if got := temper(tt.own, tt.peers, tt.stray); math.Abs(got-tt.want) > 1e-9*max(tt.want, 1) {
			t.Errorf("temper(%g, %g, %g) = %g, want %g", tt.own, tt.peers, tt.stray, got, tt.want)
		}
	}
}

// TestPhonesArePickedUp has phones that fetch one thing in an hour and once in a hundred hours are used: by their own
// past that is next to impossible, and with their peers it is rare, and not more.
func TestPhonesArePickedUp(t *testing.T) {
	c := newChance(31)
	model, group := Counts{Memory: DefaultMemory()}, DefaultGroup()
	var peers Peers
	past := make([]Past, 300)
	tests, own, both := 0.0, 0.0, 0.0
	for h := range int64(400) {
		prior := group.Prior(&peers)
		for i := range past {
			level := 1.0
			if c.Float64() < 0.01 || i%10 == 0 {
				level = 40 * c.gamma(2)
			}
			w := Window{Time: start + h*hour, Exposure: 1, Count: c.poisson(level)}
			if h > 200 {
				tests++
				if model.Law(&past[i], &prior, Slow, Span{w.Time, 1}).Surprise(w.Count) >= 4 {
					own++
				}
				if model.Surprise(&past[i], &prior, Slow, w) >= 4 {
					both++
				}
			}
			group.Learn(&peers, model.Learn(&past[i], &prior, w))
		}
	}
	own, both = own/tests*1e4, both/tests*1e4
	t.Logf("one in ten thousand comes %.1f times as often by their own past, and %.1f times with their peers", own, both)
	if both > 20 || own < 4*both {
		t.Errorf("one in ten thousand comes %.1f times as often by their own past and %.1f times with their peers, want at most 20 with them", own, both)
	}
}

// TestFloodIsStillASurprise holds a flood to a surprise although peers are asked.
func TestFloodIsStillASurprise(t *testing.T) {
	c := newClient(5, nil)
	c.learn(0, 24*14, steady(40))
	for _, tt := range []struct{ count, least, most float64 }{{60, 0, 2}, {2000, 6, 20}, {50_000, 30, 1000}} {
		w := Window{Time: start + 24*14*hour, Exposure: 1, Count: tt.count}
		if got := c.model.Surprise(&c.past, &usual, Slow, w); got < tt.least || got > tt.most {
			t.Errorf("%g requests where 40 are usual: surprise %.1f, want %g to %g", tt.count, got, tt.least, tt.most)
		}
	}
}
