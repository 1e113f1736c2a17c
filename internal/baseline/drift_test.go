package baseline

import (
	"math"
	"testing"
)

// TestSharesDrift has a share of failures of 2 % rise by a tenth a day.
func TestSharesDrift(t *testing.T) {
	model := Shares{Memory: DefaultMemory()}
	prior := Prior{Mean: 0.05, Shape: 5, Noise: 0.01}
	c := newChance(21)
	var p Past
	for h := range int64(28 * 24) {
		model.Learn(&p, &prior, Window{Time: start + h*hour, Trials: 60, Count: c.binomial(60, 0.02)})
	}
	if d := model.Drift(&p, &prior, start+28*24*hour); d.Surprise > 2 || math.Abs(d.Expected/0.02-1) > 0.1 {
		t.Errorf("before the rise: %+v, want about 0.02 expected and no surprise", d)
	}
	for h := range int64(12 * 24) {
		share := 0.02 * math.Pow(1.1, float64(h)/24)
		model.Learn(&p, &prior, Window{Time: start + (28*24+h)*hour, Trials: 60, Count: c.binomial(60, share)})
	}
	d := model.Drift(&p, &prior, start+40*24*hour)
	t.Logf("at 3.1 times the share: %+v", d)
	if d.Ratio < 1.5 || d.Surprise < 5 {
		t.Errorf("at 3.1 times the share: %+v, want a ratio above 1.5 and a surprise above 5", d)
	}
}

// TestSizesDrift has a latency of 80 ms rise by a tenth a day, with windows of 30 requests.
func TestSizesDrift(t *testing.T) {
	model := DefaultSizes()
	prior := SizePrior{Mean: math.Log(5e7), Deviation: 0.3, Between: 1}
	c := newChance(22)
	var s Size
	learn := func(h int64, level float64) {
		model.Learn(&s, &prior, Measure{Time: start + h*hour, Value: level * math.Exp(0.2*c.NormFloat64()), Requests: 30})
	}
	for h := range int64(28 * 24) {
		learn(h, 8e7)
	}
	if d := model.Drift(&s, &prior, start+28*24*hour); d.Surprise > 2 || math.Abs(d.Expected/8e7-1) > 0.1 {
		t.Errorf("before the rise: %+v, want about 8e7 expected and no surprise", d)
	}
	law := model.Law(&s, &prior, Slow, Measure{Time: start + 28*24*hour, Requests: 30})
	t.Logf("twice as slow in one window: surprise %.1f; fourfold %.1f", law.Surprise(1.6e8), law.Surprise(3.2e8))
	if law.Surprise(3.2e8) < 5 {
		t.Errorf("a window four times as slow has a surprise of %.1f, want at least 5", law.Surprise(3.2e8))
	}
	for h := range int64(12 * 24) {
		learn(28*24+h, 8e7*math.Pow(1.1, float64(h)/24))
	}
	d := model.Drift(&s, &prior, start+40*24*hour)
	t.Logf("at 3.1 times the latency: %+v", d)
	if d.Ratio < 1.4 || d.Surprise < 5 {
		t.Errorf("at 3.1 times the latency: %+v, want a ratio above 1.4 and a surprise above 5", d)
	}
}

// TestSizeResists has a client download a thousandfold for two hours: the next week's median and scale stay.
func TestSizeResists(t *testing.T) {
	model := DefaultSizes()
	prior := SizePrior{Mean: 11, Deviation: 0.6, Between: 1.5}
	quiet, flooded := Size{}, Size{}
	c := newChance(23)
	for h := range int64(7 * 24) {
		m := Measure{Time: start + h*hour, Value: math.Exp(12 + 0.6*c.NormFloat64())}
		model.Learn(&quiet, &prior, m)
		if h == 100 || h == 101 {
			m.Value, m.Held = m.Value*1000, true
		}
		model.Learn(&flooded, &prior, m)
	}
	at := Measure{Time: start + 7*24*hour}
	a, b := model.Law(&quiet, &prior, Slow, at), model.Law(&flooded, &prior, Slow, at)
	// The logarithm that four deviations are, as a threshold of the size.
	before, after := math.Exp(a.Middle+4*a.Scale), math.Exp(b.Middle+4*b.Scale)
	t.Logf("threshold %.3g, with the flood %.3g (%+.1f %%)", before, after, 100*(after/before-1))
	if math.Abs(after/before-1) > 0.05 {
		t.Errorf("threshold %.3g, with the flood %.3g", before, after)
	}
}
