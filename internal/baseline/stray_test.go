package baseline

import (
	"math"
	"testing"
)

func TestMix(t *testing.T) {
	model := Straying{Share: 0.01, Windows: 100, Trust: 4, Most: 0.1}
	for _, tt := range []struct {
		name          string
		strays        Strays
		tail          Tail
		p, stray, off float64
	}{
		{"nothing is known", Strays{}, Tail{Own: 0.5, Peers: 1}, 0.99*0.5 + 0.01, 0.01 / (0.99*0.5 + 0.01), 1e-12},
		{"beyond its own past", Strays{}, Tail{Own: 0, Peers: 1e-3}, 1e-5, 1, 1e-12},
		// ε = (19 + 1)/(300 + 100), and of 19 strays and 4 of the peers' law 9 and 4·0.25 are above.
		{"strays were seen", Strays{Windows: 300, Strays: 19}, Tail{Own: 0, Peers: 0.25, Above: 9}, 0.05 * 10 / 23, 1, 1e-12},
		{"no more than most", Strays{Windows: 1000, Strays: 900}, Tail{Own: 0, Peers: 0, Above: 900}, 0.1 * 900 / 904, 1, 1e-12},
		{"what cannot be", Strays{}, Tail{}, 0, 1, 0},
	} {
		p, stray := model.Mix(&tt.strays, tt.tail)
		if math.Abs(p-tt.p) > tt.off || math.Abs(stray-tt.stray) > tt.off {
			t.Errorf("%s: Mix() = %g, %g, want %g, %g", tt.name, p, stray, tt.p, tt.stray)
		}
	}
}

func TestStraysFade(t *testing.T) {
	model := DefaultStraying()
	var s Strays
	model.Learn(&s, start, 40, 1, 1)
	model.Learn(&s, start, 7, 0, 1)
	if s.Windows != 2 || s.Strays != 1 || math.Abs(s.Above(10)-1) > 1e-6 || s.Above(1000) != 0 {
		t.Fatalf("of two windows, one a stray of 40: %g, %g, above 10 %g, above 1000 %g", s.Windows, s.Strays, s.Above(10), s.Above(1000))
	}
	model.Learn(&s, start+int64(model.HalfLife), 7, 0, 1)
	if math.Abs(s.Windows-2) > 1e-9 || math.Abs(s.Above(10)-0.5) > 1e-6 {
		t.Errorf("a half-life later and with a window more: %g windows, %g strays, want 2 and 0.5", s.Windows, s.Above(10))
	}
}

// TestPhonesArePickedUp has phones that fetch a thing or two in an hour and once in thirty hours are used: by their own past
// that is next to impossible, and with what phones do then it is as rare as it is.
func TestPhonesArePickedUp(t *testing.T) {
	c := newChance(31)
	model, group, straying := Counts{Memory: DefaultMemory()}, DefaultGroup(), DefaultStraying()
	var peers Peers
	var strays Strays
	past := make([]Past, 30)
	tests, own, both := 0.0, 0.0, 0.0
	for h := range int64(400) {
		prior := group.Prior(&peers)
		for i := range past {
			level := 0.6
			if c.IntN(30) == 0 {
				level = 40 * c.gamma(2)
			}
			w := Window{Time: start + h*hour, Exposure: 1, Count: c.poisson(level)}
			p := math.Pow(10, -model.Law(&past[i], &prior, Slow, Span{w.Time, 1}).Surprise(w.Count))
			usual := math.Pow(10, -model.Law(&Past{}, &prior, Slow, Span{w.Time, 1}).Surprise(w.Count))
			mixed, stray := straying.Mix(&strays, Tail{Own: p, Peers: usual, Above: strays.Above(w.Count)})
			straying.Learn(&strays, w.Time, w.Count, stray, 1)
			if h > 200 {
				tests++
				if p <= 1e-4 {
					own++
				}
				if mixed <= 1e-4 {
					both++
				}
			}
			group.Learn(&peers, model.Learn(&past[i], &prior, w))
		}
	}
	own, both = own/tests*1e4, both/tests*1e4
	t.Logf("one in ten thousand comes %.1f times as often by their own past, and %.1f times with strays", own, both)
	if both > 3 || own < 5*both {
		t.Errorf("one in ten thousand comes %.1f times as often by their own past and %.1f times with strays, want at most 3 with them", own, both)
	}
}

// TestFloodIsStillASurprise holds a flood to a surprise although clients stray.
func TestFloodIsStillASurprise(t *testing.T) {
	c := newClient(5, nil)
	c.learn(0, 24*14, steady(40))
	straying := DefaultStraying()
	var strays Strays
	for i := range 10_000 {
		stray := 0.0
		if i%20 == 0 {
			stray = 1
		}
		straying.Learn(&strays, start, 80*c.gamma(2), stray, 1)
	}
	at := Span{start + 24*14*hour, 1}
	for _, tt := range []struct{ count, least, most float64 }{{60, 0, 2}, {2000, 4, 20}, {50_000, 4, 1000}} {
		own := c.model.Law(&c.past, &usual, Slow, at).Surprise(tt.count)
		peers := c.model.Law(&Past{}, &usual, Slow, at).Surprise(tt.count)
		p, _ := straying.Mix(&strays, Tail{Own: math.Pow(10, -own), Peers: math.Pow(10, -peers), Above: strays.Above(tt.count)})
		if got := -math.Log10(p); got < tt.least || got > tt.most {
			t.Errorf("%g requests where 40 are usual: surprise %.1f, want %g to %g", tt.count, got, tt.least, tt.most)
		}
	}
}

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
