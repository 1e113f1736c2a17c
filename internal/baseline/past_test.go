package baseline

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// near compares pasts to the precision in which they are kept.
var near = cmp.Comparer(func(a, b float32) bool {
	return math.Abs(float64(a-b)) <= 2e-6*(math.Abs(float64(a))+math.Abs(float64(b)))+1e-30
})

// TestForgettingIsExact forgets over a year in one step, and in random ones.
func TestForgettingIsExact(t *testing.T) {
	m := DefaultMemory()
	c := newChance(5)
	for range 200 {
		at := seconds(start)
		p := Past{Slow: Evidence{900, 30}, Fast: Evidence{70, 2}, Excess: 5, Scale: 20, Time: at}
		once := p
		to := at + uint32(c.IntN(60*86400))
		for p.Time < to {
			p.advance(&m, min(to, p.Time+1+uint32(c.IntN(10*86400))))
		}
		once.advance(&m, to)
		if diff := cmp.Diff(once, p, near); diff != "" {
			t.Fatalf("in steps to %d (-once +steps):\n%s", to, diff)
		}
		left := math.Exp2(-float64(to-at) / m.Slow.Seconds())
		if got := float64(once.Slow.Sum) / 900; math.Abs(got/left-1) > 1e-6 {
			t.Fatalf("%g of the evidence is left after %d s, want %g", got, to-at, left)
		}
	}
}

// TestOrderDoesNotMatter learns windows in order and late; with the noise and the clip out of play, which depend on what
// is known, the evidence is the same.
func TestOrderDoesNotMatter(t *testing.T) {
	model := Counts{Memory: DefaultMemory()}
	model.Memory.Clip, model.Memory.Trust = 1e9, 1e9
	prior := Prior{Mean: 10, Shape: 1, Noise: 0.2}
	c := newChance(6)
	windows := make([]Window, 100)
	for i := range windows {
		windows[i] = Window{Time: start + int64(i)*hour*7, Exposure: 0.5 + c.Float64(), Count: c.poisson(12)}
	}
	var ordered, shuffled Past
	for _, w := range windows {
		model.Learn(&ordered, &prior, w)
	}
	c.Shuffle(len(windows), func(i, j int) { windows[i], windows[j] = windows[j], windows[i] })
	for _, w := range windows {
		model.Learn(&shuffled, &prior, w)
	}
	ordered.Excess, ordered.Scale, shuffled.Excess, shuffled.Scale = 0, 0, 0, 0
	if diff := cmp.Diff(ordered, shuffled, near); diff != "" {
		t.Errorf("shuffled (-ordered +shuffled):\n%s", diff)
	}
}

// TestMerge holds merging to what sums are held to, and parts to the whole.
func TestMerge(t *testing.T) {
	m := DefaultMemory()
	a := Past{Slow: Evidence{900, 30}, Fast: Evidence{70, 2}, Excess: 5, Scale: 20, Time: seconds(start)}
	b := Past{Slow: Evidence{10, 3}, Fast: Evidence{7, 1}, Excess: 1, Scale: 2, Time: seconds(start) + 86400}
	c := Past{Slow: Evidence{1, 40}, Fast: Evidence{0, 2}, Excess: -1, Scale: 8, Time: seconds(start) + 9*86400}
	if diff := cmp.Diff(m.Merge(a, b), m.Merge(b, a), near); diff != "" {
		t.Errorf("a+b and b+a differ:\n%s", diff)
	}
	if diff := cmp.Diff(m.Merge(m.Merge(a, b), c), m.Merge(a, m.Merge(b, c)), near); diff != "" {
		t.Errorf("(a+b)+c and a+(b+c) differ:\n%s", diff)
	}
	if diff := cmp.Diff(a, m.Merge(a, Past{}), near); diff != "" {
		t.Errorf("a+nothing is not a:\n%s", diff)
	}
}

// TestSmallStepsAddUp learns a window each minute for half a year: what a float32 loses in each step stays small.
func TestSmallStepsAddUp(t *testing.T) {
	for _, level := range []float64{0.01, 7, 90_000} {
		model := Counts{Memory: DefaultMemory()}
		model.Memory.Clip = 1e6
		var p Past
		prior := Prior{Mean: level, Shape: 1, Noise: 0.1}
		const minutes = 180 * 24 * 60
		owed := 0.0
		for i := range int64(minutes) {
			owed += level
			count := math.Floor(owed)
			owed -= count
			model.Learn(&p, &prior, Window{Time: start + i*hour/60, Exposure: 1, Count: count})
		}
		law := model.Law(&p, &prior, Slow, Span{start + minutes*hour/60, 1})
		if math.Abs(law.Mean/level-1) > 0.005 {
			t.Errorf("after half a year of %g a minute the level is %g", level, law.Mean)
		}
	}
}

// TestIdleIsExact lets nothing happen for sixty days at once, and in parts.
func TestIdleIsExact(t *testing.T) {
	model := Counts{Memory: DefaultMemory()}
	model.Memory.Trust = 1e9
	for _, parts := range []int64{2, 7, 60} {
		once := Past{Slow: Evidence{900, 30}, Fast: Evidence{70, 2}, Time: seconds(start)}
		inParts := once
		span := 60 * 24 * hour
		model.Idle(&once, &usual, Gap{start, start + span, 1440, 1200})
		for i := range parts {
			part := float64(parts)
			model.Idle(&inParts, &usual, Gap{start + i*span/parts, start + (i+1)*span/parts, 1440 / part, 1200 / part})
		}
		once.Excess, once.Scale, inParts.Excess, inParts.Scale = 0, 0, 0, 0
		if diff := cmp.Diff(once, inParts, near); diff != "" {
			t.Errorf("in %d parts (-once +parts):\n%s", parts, diff)
		}
	}
}

// TestIdleIsManyWindows holds a gap to the windows with nothing in them that it stands for.
func TestIdleIsManyWindows(t *testing.T) {
	model := Counts{Memory: DefaultMemory()}
	quiet := Prior{Mean: 0.3, Shape: 0.7, Noise: 3}
	gap := Past{Slow: Evidence{200, 300}, Fast: Evidence{20, 30}, Excess: 100, Scale: 20, Time: seconds(start)}
	windows := gap
	model.Idle(&gap, &quiet, Gap{start, start + 240*hour, 240, 240})
	for h := range int64(240) {
		model.Learn(&windows, &quiet, Window{Time: start + (h+1)*hour, Exposure: 1})
	}
	at := Span{start + 240*hour, 1}
	a, b := model.Law(&gap, &quiet, Slow, at), model.Law(&windows, &quiet, Slow, at)
	if math.Abs(a.Mean/b.Mean-1) > 0.01 || math.Abs(a.Noise/b.Noise-1) > 0.2 {
		t.Errorf("after a gap %+v, after its windows %+v", a, b)
	}
}

// client is one with a level that scatters, and what is learned about it.
type client struct {
	chance
	model Counts
	past  Past
	held  func(Law, float64) bool // which windows are held; nil for none
}

var usual = Prior{Mean: 40, Shape: 0.7, Noise: 0.3}

// learn has it do something for some hours.
func (c *client) learn(from, hours int64, level func(h int64) float64) {
	for h := from; h < from+hours; h++ {
		w := Window{Time: start + h*hour, Exposure: 1, Count: c.negBinomial(level(h), 0.3)}
		if c.held != nil {
			w.Held = c.held(c.model.Law(&c.past, &usual, Slow, Span{w.Time, 1}), w.Count)
		}
		c.model.Learn(&c.past, &usual, w)
	}
}

func newClient(seed uint64, held func(Law, float64) bool) *client {
	return &client{chance: newChance(seed), model: Counts{Memory: DefaultMemory()}, held: held}
}

// steady is a level that does not change.
func steady(level float64) func(int64) float64 { return func(int64) float64 { return level } }

// limit is the least count with a surprise, the threshold that detectors use.
func (c *client) limit(at int64, surprise float64) float64 {
	_, high := c.model.Law(&c.past, &usual, Slow, Span{at, 1}).Interval(surprise)
	return high
}

// TestFloodDoesNotMoveNextWeek floods a client for two hours in its first week, a hundredfold, with windows held when
// they were noticed and not: the next week's threshold stays.
func TestFloodDoesNotMoveNextWeek(t *testing.T) {
	const week = 7 * 24
	for _, tt := range []struct {
		name  string
		flood int64 // first hour
		held  func(Law, float64) bool
		most  float64 // by which share the threshold may move
	}{
		{"noticed", 100, func(l Law, count float64) bool { return l.Surprise(count) > 6 }, 0.05},
		{"noticed on the first day", 12, func(l Law, count float64) bool { return l.Surprise(count) > 6 }, 0.05},
		// Nobody noticed a hundredfold level: clipped, but learned as what such a client does.
		{"not noticed", 100, nil, 0.4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			quiet, flooded := newClient(9, tt.held), newClient(9, tt.held)
			quiet.learn(0, week, steady(40))
			flooded.learn(0, tt.flood, steady(40))
			rest := flooded.chance
			flooded.chance = newChance(1)
			flooded.learn(tt.flood, 2, steady(4000))
			flooded.chance = rest
			flooded.learn(tt.flood+2, week-tt.flood-2, steady(40))
			for _, surprise := range []float64{3, 6, 9} {
				before, after := quiet.limit(start+week*hour, surprise), flooded.limit(start+week*hour, surprise)
				t.Logf("threshold at surprise %g: %g, with the flood %g (%+.1f %%)", surprise, before, after, 100*(after/before-1))
				if math.Abs(after/before-1) > tt.most {
					t.Errorf("threshold at surprise %g: %g, with the flood %g", surprise, before, after)
				}
			}
		})
	}
}

// TestSlowBoil raises a client's level by some percent a day, after four weeks of none: the horizons drift apart by half
// and by a surprise of 5, with one test a day, before the level is fivefold; and not before it began.
func TestSlowBoil(t *testing.T) {
	const quiet = 28
	for _, percent := range []float64{2, 5, 10, 20} {
		c := newClient(11, func(l Law, n float64) bool { return l.Surprise(n) > 6 })
		growth := 1 + percent/100
		level := func(h int64) float64 { return 40 * math.Pow(growth, max(0, float64(h)/24-quiet)) }
		found := -1
		for d := 0; d < 200 && found < 0; d++ {
			c.learn(int64(d)*24, 24, level)
			drift := c.model.Drift(&c.past, &usual, start+int64(d+1)*24*hour)
			if drift.Ratio >= 1.5 && drift.Surprise >= 5 {
				found = d
				t.Logf("%g %% a day: found on day %d of it at %.2f times the level, ratio %.2f, surprise %.1f", percent,
					d-quiet, level(int64(d+1)*24)/40, drift.Ratio, drift.Surprise)
			}
		}
		if at := level(int64(found+1) * 24); found < quiet || at >= 200 {
			t.Errorf("%g %% a day: found on day %d at level %.0f, want above day %d and below 200", percent, found, at, quiet)
		}
	}
}

// TestHeldLevelBecomesNormal changes a client's level for good, with every unusual window held: within ten half-lives
// of the fast horizon the fast level is the new one.
func TestHeldLevelBecomesNormal(t *testing.T) {
	c := newClient(2, func(l Law, n float64) bool { return l.Surprise(n) > 3 })
	c.learn(0, 28*24, steady(40))
	days := int64(10 * c.model.Memory.Fast / (24 * time.Hour))
	c.learn(28*24, days*24, steady(400))
	now := Span{start + (28+days)*24*hour, 1}
	fast, slow := c.model.Law(&c.past, &usual, Fast, now).Mean, c.model.Law(&c.past, &usual, Slow, now).Mean
	t.Logf("level 40 → 400: after %d days fast %.0f, slow %.0f", days, fast, slow)
	if fast < 200 || slow > 300 {
		t.Errorf("after %d days of 400 the fast level is %.0f and the slow one %.0f, want above 200 and below 300", days, fast, slow)
	}
}
