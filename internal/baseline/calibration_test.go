package baseline

import (
	"math"
	"testing"
)

// pvalues collects p-values of a kind of test.
type pvalues []float64

// rare is how many times as often as it should one in a thousand comes.
func (p pvalues) rare() float64 {
	n := 0.0
	for _, v := range p {
		if v < 1e-3 {
			n++
		}
	}
	return n / (float64(len(p)) * 1e-3)
}

// TestCountsAreCalibrated learns clients of several kinds and holds p-values of mature clients, and of clients that
// come new into a known population, against the uniform law.
func TestCountsAreCalibrated(t *testing.T) {
	for _, tt := range []struct {
		name  string
		level func(c chance) float64
		noise float64
		fresh float64 // largest distance allowed for new clients' first windows; three tenths more for the next
		rare  float64 // how much more often than one in a thousand allowed
	}{
		{"poisson, gamma levels", func(c chance) float64 { return 5 * c.gamma(0.7) }, 0, 0.05, 3},
		{"scattered, gamma levels", func(c chance) float64 { return 12 * c.gamma(1.5) }, 0.8, 0.05, 3},
		{"busy and scattered", func(c chance) float64 { return 300 * c.gamma(2) }, 0.3, 0.05, 4},
		{"sparse and bursty", func(c chance) float64 { return 0.4 * c.gamma(1) }, 5, 0.05, 5},
		// A Gamma law with the variance of a log-normal one has too many small levels. What matters, the upper end, holds.
		{"log-normal levels", func(c chance) float64 { return 4 * math.Exp(c.NormFloat64()) }, 0.5, 0.2, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCrowd(1, 300, tt.noise, tt.level)
			var mature, fresh, young pvalues
			for h := range int64(180) {
				var see func(p float64)
				if h >= 120 {
					see = func(p float64) { mature = append(mature, p) }
				}
				c.window(start+h*hour, see)
			}
			prior := c.group.Prior(&c.peers)
			for range 2500 {
				level := c.levels[c.IntN(len(c.levels))]
				var past Past
				for w := range int64(4) {
					at := start + (180+w)*hour
					count := c.negBinomial(level, tt.noise)
					p := c.model.Law(&past, &prior, Slow, Span{Time: at, Exposure: 1}).Uniform(count, c.Float64())
					if w == 0 {
						fresh = append(fresh, p)
					} else {
						young = append(young, p)
					}
					c.model.Learn(&past, &prior, Window{Time: at, Exposure: 1, Count: count})
				}
			}
			m, f, y := uniformity(mature), uniformity(fresh), uniformity(young)
			t.Logf("KS mature %.3f, first window %.3f, next three %.3f; one in a thousand comes %.1f, %.1f, %.1f times as often; prior %+.3v",
				m, f, y, mature.rare(), fresh.rare(), young.rare(), prior)
			if m > 0.05 || f > tt.fresh || y > 1.3*tt.fresh {
				t.Errorf("KS mature %.3f, first %.3f, next %.3f, want at most 0.05, %g, %g", m, f, y, tt.fresh, 1.3*tt.fresh)
			}
			if mature.rare() > 2 || fresh.rare() > tt.rare || young.rare() > tt.rare {
				t.Errorf("one in a thousand comes %.1f, %.1f, %.1f times as often, want at most 2, %g, %g",
					mature.rare(), fresh.rare(), young.rare(), tt.rare, tt.rare)
			}
		})
	}
}

func TestSharesAreCalibrated(t *testing.T) {
	for _, tt := range []struct {
		name        string
		a, b, noise float64
		trials      float64
	}{
		{"a few logins", 1, 9, 0, 8},
		{"scattered", 2, 30, 0.05, 40},
		{"many, alike", 40, 60, 0.02, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChance(7)
			model, group := Shares{Memory: DefaultMemory()}, DefaultShareGroup()
			var peers Peers
			past := make([]Past, 200)
			levels := make([]float64, len(past))
			for i := range levels {
				levels[i] = c.beta(tt.a, tt.b)
			}
			draw := func(level float64) (n, hits float64) {
				n = 1 + c.poisson(tt.trials-1)
				if tt.noise > 0 {
					s := 1/tt.noise - 1
					level = c.beta(s*level+1e-9, s*(1-level)+1e-9)
				}
				return n, c.binomial(int(n), level)
			}
			var mature, fresh pvalues
			for h := range int64(150) {
				prior := group.Share(&peers)
				for i := range past {
					at := start + h*hour
					n, hits := draw(levels[i])
					if h > 110 {
						mature = append(mature, model.Law(&past[i], &prior, Slow, Trials{at, n}).Uniform(hits, c.Float64()))
					}
					group.Learn(&peers, model.Learn(&past[i], &prior, Window{Time: at, Trials: n, Count: hits}))
				}
			}
			prior := group.Share(&peers)
			for range 3000 {
				n, hits := draw(levels[c.IntN(len(levels))])
				fresh = append(fresh, model.Law(&Past{}, &prior, Slow, Trials{start + 150*hour, n}).Uniform(hits, c.Float64()))
			}
			m, f := uniformity(mature), uniformity(fresh)
			t.Logf("KS mature %.3f, first window %.3f; one in a thousand comes %.1f, %.1f times as often; prior %+.3v",
				m, f, mature.rare(), fresh.rare(), prior)
			if m > 0.05 || f > 0.05 {
				t.Errorf("KS mature %.3f, first window %.3f, want at most 0.05", m, f)
			}
		})
	}
}

func TestSizesAreCalibrated(t *testing.T) {
	c := newChance(3)
	model, group := DefaultSizes(), DefaultSizeGroup()
	var peers SizePeers
	sizes := make([]Size, 200)
	levels := make([]float64, len(sizes))
	for i := range levels {
		levels[i] = 11 + 1.5*c.NormFloat64()
	}
	draw := func(level float64) float64 { return math.Exp(level + 0.6*c.NormFloat64()) }
	var mature, fresh pvalues
	for h := range int64(200) {
		prior := group.Prior(&peers)
		for i := range sizes {
			m := Measure{Time: start + h*hour, Value: draw(levels[i])}
			if h > 150 {
				mature = append(mature, model.Law(&sizes[i], &prior, Slow, m).P(m.Value))
			}
			law := model.Learn(&sizes[i], &prior, m)
			group.Learn(&peers, &sizes[i], law, m)
		}
	}
	prior := group.Prior(&peers)
	for range 3000 {
		m := Measure{Time: start + 200*hour, Value: draw(levels[c.IntN(len(levels))])}
		fresh = append(fresh, model.Law(&Size{}, &prior, Slow, m).P(m.Value))
	}
	m, f := uniformity(mature), uniformity(fresh)
	t.Logf("KS mature %.3f, first window %.3f; one in a thousand comes %.1f, %.1f times as often; prior %+.3v",
		m, f, mature.rare(), fresh.rare(), prior)
	if m > 0.05 || f > 0.05 {
		t.Errorf("KS mature %.3f, first window %.3f, want at most 0.05", m, f)
	}
}

// TestCalibratorMakesUniform has clients do nothing much, or a lot of one size, which no negative binomial law is like,
// and makes the p-values of later windows uniform by those of earlier ones.
func TestCalibratorMakesUniform(t *testing.T) {
	c := newChance(17)
	model, calibrator := Counts{Memory: DefaultMemory()}, DefaultCalibrator()
	var spread Calibration
	past := make([]Past, 100)
	var raw, calibrated pvalues
	prior := Prior{Mean: 5, Shape: 1, Noise: 2}
	for h := range int64(200) {
		for i := range past {
			level := 0.5
			if c.Float64() < 0.1 {
				level = 60
			}
			w := Window{Time: start + h*hour, Exposure: 1, Count: c.poisson(level)}
			p := model.Law(&past[i], &prior, Slow, Span{w.Time, 1}).Uniform(w.Count, c.Float64())
			if h > 100 {
				raw, calibrated = append(raw, p), append(calibrated, calibrator.P(&spread, p))
			}
			calibrator.Learn(&spread, w.Time, p)
			model.Learn(&past[i], &prior, w)
		}
	}
	before, after := uniformity(raw), uniformity(calibrated)
	t.Logf("KS %.3f, calibrated %.3f", before, after)
	if before < 0.06 || after > 0.05 {
		t.Errorf("KS %.3f, calibrated %.3f, want at least 0.06, and at most 0.05", before, after)
	}
}

func TestCalibrationIsMonotone(t *testing.T) {
	c, calibrator := newChance(18), DefaultCalibrator()
	var s Calibration
	if got := calibrator.P(&s, 0.3); math.Abs(got-0.3) > 1e-12 {
		t.Errorf("P(0.3) = %g before anything is known", got)
	}
	for i := range int64(5000) {
		calibrator.Learn(&s, start+i*hour/60, math.Pow(c.Float64(), 3))
	}
	last := 0.0
	for p := 0.0; p <= 1; p += 1. / 256 {
		got := calibrator.P(&s, p)
		if got < last {
			t.Fatalf("P(%g) = %g, less than before", p, got)
		}
		last = got
	}
	if low, high := calibrator.P(&s, 0), calibrator.P(&s, 1); low != 0 || high != 1 {
		t.Errorf("P(0) = %g, P(1) = %g, want 0 and 1", low, high)
	}
}
