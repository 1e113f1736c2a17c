package detect

import (
	"math"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
)

// The classes of tests, of which each has a meter: an hour of a client that is known by its own, one of a client that is
// not, and a day's drift. So the new are as seldom wronged as the known.
const (
	classKnown = iota
	classNew
	classDrift
	classes
	hourTests = classDrift
)

// driftsPart is the part of the alerts that drifts may be.
const driftsPart = 0.1

// share is what of the budget a class gets: of the hours, each class by its tests.
func (d VolumeAnomaly) share(all *habits, class int) baseline.Budget {
	b := d.budget
	if class == classDrift {
		b.Share = driftsPart
		return b
	}
	known, young := b.TestsPerDay(&all.Meters[classKnown]), b.TestsPerDay(&all.Meters[classNew])
	own := known
	if class == classNew {
		own = young
	}
	b.Share = (1 - driftsPart) * max(own, 1) / max(known+young, 1)
	b.Share = min(max(b.Share, leastPart), 1)
	return b
}

// leastPart is what of the budget a class has at least, so that a handful of new clients are not judged by a threshold
// that nothing can reach.
const leastPart = 0.01

// threshold is the surprise from which a test of a class is worth an alert. It is worked out again when the meter's time
// moves on, and here only before that.
func (d VolumeAnomaly) threshold(all *habits, class int) float64 {
	m := &all.Meters[class]
	if m.Limit > 0 {
		return m.Limit
	}
	budget := d.share(all, class)
	return budget.Threshold(m)
}

// calibrated is a surprise on the scale on which those of all measures, and of known and new clients, are as frequent as they
// say.
func (d VolumeAnomaly) calibrated(all *habits, class int, m measure, surprise float64) float64 {
	if surprise <= 0 {
		return 0
	}
	p := math.Pow(10, -min(surprise, 300))
	return -math.Log10(max(d.calibrator.P(&all.Spreads[m][class], p), 1e-300))
}

// VolumeTest is one test of VolumeAnomaly as its measurement sees it: an hour of a client, by one measure.
type VolumeTest struct {
	Measure    string
	Known      bool    // by hours of the client's own
	Time       int64   // end of the hour, nanoseconds since the epoch
	Value      float64 // what the hour held
	P          float64 // the probability of more, with ties broken by chance, by the models
	Calibrated float64 // the same, as the detector uses it
}

// Audit has every test told to a function, before it is learned, for measuring how good the models are. It is not for
// detecting: it costs a tail for each hour of each client.
func (d VolumeAnomaly) Audit(tell func(VolumeTest)) VolumeAnomaly {
	models := *d.volumeModels
	models.audit = tell
	return VolumeAnomaly{&models}
}

// volumeDraw is a value with the class of its client, a number that is uniform on [0, 1), and whether it is learned.
type volumeDraw struct {
	class    int
	value, u float64
	learn    bool
}

// calibrate has the calibration learn how probable a value is.
func (d VolumeAnomaly) calibrate(s *volumeAnomalyState, all *habits, law *volumeLaw, draw volumeDraw) {
	h, m := all.at(s.Place-1), law.measure
	tail := baseline.Tail{Own: law.uniform(draw.value, draw.u), Above: h.Strays[m].Above(draw.value + draw.u - 0.5)}
	nobody := volumeAnomalyState{}
	peers := d.law(&nobody, h, m, s.end())
	tail.Peers = peers.uniform(draw.value, draw.u)
	p, _ := d.straying.Mix(&h.Strays[m], tail)
	spread := &all.Spreads[m][draw.class]
	if d.audit != nil {
		d.audit(VolumeTest{
			Measure: m.String(), Known: draw.class == classKnown, Time: s.end(), Value: draw.value, P: p, Calibrated: d.calibrator.P(spread, p),
		})
	}
	if draw.learn {
		d.calibrator.Learn(spread, s.end(), p)
	}
}

// sampled draws, by the entity and the window, a number that is uniform on [0, 1), and whether the window is one of those
// of which the calibration learns: of many, a sixteenth is enough.
func sampled(k event.Key, window uint32, m measure) (u float64, so bool) {
	x := hash(event.Key{Hi: k.Hi ^ uint64(window)<<8, Lo: k.Lo ^ uint64(m)})
	return float64(x>>11) / (1 << 53), x&15 == 0
}
