package baseline

import (
	"encoding/binary"
	"math"
	"testing"
	"unsafe"
)

// numbers is what goes in: whatever a log, a configuration or a damaged snapshot may give.
var numbers = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.3, 1e-300, 5e-324, 1e15, 1e300, math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(),
}

func sound(t *testing.T, what string, values ...float64) {
	t.Helper()
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			t.Fatalf("%s gives %g of %g", what, v, values)
		}
	}
}

// outputs asks a model for everything it tells, about a state that may be damaged.
func outputs(t *testing.T, p *Past, prior *Prior, w Window) {
	t.Helper()
	counts, shares := Counts{Memory: DefaultMemory()}, Shares{Memory: DefaultMemory()}
	for _, h := range []Horizon{Slow, Fast} {
		law := counts.Law(p, prior, h, Span{w.Time, w.Exposure})
		sound(t, "a law", law.Mean, law.Doubt, law.Noise, law.Deviation())
		sound(t, "a surprise", law.Surprise(w.Count), law.Lack(w.Count), law.Uniform(w.Count, w.Exposure))
		share := shares.Law(p, prior, h, Trials{w.Time, min(w.Trials, 2000)})
		sound(t, "a share's law", share.Alpha, share.Beta, share.Mean(), share.Deviation())
		sound(t, "a share's surprise", share.Surprise(w.Count), share.Lack(w.Count), share.Uniform(w.Count, w.Exposure))
	}
	drift := counts.Drift(p, prior, w.Time)
	sound(t, "a drift", drift.Ratio, drift.Expected, drift.Surprise)
}

func TestNothingUnsoundComesOut(t *testing.T) {
	counts := Counts{Memory: DefaultMemory()}
	group := DefaultGroup()
	for _, a := range numbers {
		for _, b := range numbers {
			var p Past
			var peers Peers
			prior := Prior{a, b, a}
			for _, w := range []Window{{start, a, b, a, false}, {start + hour, b, a, b, true}, {math.MinInt64, 1, a, b, false}, {math.MaxInt64, a, 5, 9, false}} {
				outputs(t, &p, &prior, w)
				group.Learn(&peers, counts.Learn(&p, &prior, w))
				group.Learn(&peers, counts.Idle(&p, &prior, Gap{w.Time, w.Time + hour, a, b}))
				group.Learn(&peers, Sample{w.Time, a, b, a, b, true, a, b})
				for _, learned := range []Prior{group.Prior(&peers), group.Share(&peers)} {
					sound(t, "a prior", learned.Mean, learned.Shape, learned.Noise)
				}
			}
			law := Law{a, b, a}
			low, high := law.Interval(3)
			sound(t, "an interval", low, high, law.Surprise(b), law.Lack(a))
			share := ShareLaw{min(a, 1e4), b, a}
			sound(t, "a share's surprise", share.Surprise(b), share.Lack(b))
			size := SizeLaw{a, b, a}
			sound(t, "a size's surprise", size.Surprise(b), size.Lack(a), size.P(b), size.Expected())
		}
	}
}

func TestNoSizeUnsound(t *testing.T) {
	model, group := DefaultSizes(), DefaultSizeGroup()
	for _, a := range numbers {
		for _, b := range numbers {
			var s Size
			var peers SizePeers
			prior := SizePrior{a, b, a}
			for i, m := range []Measure{{start, a, b, false}, {start + hour, b, a, true}, {math.MinInt64, 7, a, false}, {math.MaxInt64, a, 5, false}} {
				law := model.Learn(&s, &prior, m)
				group.Learn(&peers, &s, law, m)
				if i%2 > 0 {
					prior = group.Prior(&peers)
				}
				law = model.Law(&s, &prior, Fast, m)
				sound(t, "a size's law", law.Scale, law.Degrees, law.Surprise(b), law.Lack(b), law.Expected())
			}
		}
	}
}

func TestNoSeasonOrBudgetUnsound(t *testing.T) {
	season, budget, calibrator, straying := DefaultSeason(), DefaultBudget(), DefaultCalibrator(), DefaultStraying()
	for _, a := range numbers {
		for _, b := range numbers {
			var p Profile
			var m Meter
			var spread Calibration
			var strays Strays
			for i, at := range []int64{start, start + hour, math.MinInt64, math.MaxInt64, start} {
				for slot := range 256 {
					season.Learn(&p, Hour{Slot: Slot(slot), Time: at + int64(slot%3), Hours: a, Count: b})
				}
				sound(t, "a factor", p.Factor(Slot(i)), p.Factor(Slot(170)), p.Rate)
				budget.Count(&m, at, a)
				budget.Count(&m, at/2, b)
				calibrator.Learn(&spread, at, a)
				sound(t, "a calibrated p", calibrator.P(&spread, b))
				straying.Learn(&strays, at, a, b, a)
				straying.Learn(&strays, at/2, b, 0.5, 1)
				mixed, stray := straying.Mix(&strays, Tail{Own: a, Peers: b, Above: strays.Above(b)})
				sound(t, "a mixed law", mixed, stray, 1-mixed, 1-stray)
				sound(t, "a threshold", budget.Threshold(&m), budget.TestsPerDay(&m))
			}
		}
	}
	h := NewHours(nil, nil)
	for _, at := range []int64{math.MinInt64, -1, 0, math.MaxInt64} {
		if s := h.Slot(at); int(s) >= slots {
			t.Errorf("Slot(%d) = %d", at, s)
		}
	}
}

// FuzzDamagedPast restores a state from any bytes, as a damaged snapshot would, and goes on with it.
func FuzzDamagedPast(f *testing.F) {
	f.Add(make([]byte, 28), 5.0, 1.0, 10.0, int64(0))
	f.Add([]byte("\xff\xff\xff\xff\x00\x00\x80\x7f\x00\x00\xc0\x7f\x00\x00\x80\xff\x01\x00\x00\x00\xff\xff\x7f\x7f\xff\xff\xff\xff"), 1e300, -1.0, 3.0, start)
	f.Add([]byte("\x00\x00\xc0\x7f\x00\x00\xc0\x7f\x00\x00\xc0\x7f\x00\x00\xc0\x7f\x00\x00\xc0\x7f\x00\x00\xc0\x7f\x00\x00\x00\x00"), 7.0, 1.0, 1e18, start)
	f.Fuzz(func(t *testing.T, memory []byte, count, exposure, trials float64, at int64) {
		var p Past
		raw := unsafe.Slice((*byte)(unsafe.Pointer(&p)), unsafe.Sizeof(p))
		copy(raw, memory)
		prior := Prior{Mean: 3, Shape: 0.5, Noise: 0.5}
		w := Window{Time: at, Exposure: exposure, Count: count, Trials: trials}
		outputs(t, &p, &prior, w)
		counts, shares := Counts{Memory: DefaultMemory()}, Shares{Memory: DefaultMemory()}
		counts.Learn(&p, &prior, w)
		w.Time += hour
		outputs(t, &p, &prior, w)
		shares.Learn(&p, &prior, w)
		outputs(t, &p, &prior, w)
		for i := 0; i < len(raw)-4; i += 4 {
			if v := math.Float32frombits(binary.NativeEndian.Uint32(raw[i:])); math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("a state holds %g after learning: %+v", v, p)
			}
		}
	})
}

func FuzzParseCalendar(f *testing.F) {
	f.Add([]byte("12-25 Christmas\neaster-2\n2026-01-01 # x\n\x00\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseCalendar(text)
		if (c == nil) == (err == nil) {
			t.Fatalf("ParseCalendar gives %v and %v", c, err)
		}
		c.Holiday(2026, 12, 25)
	})
}
