package detect

import (
	"math"

	"gatewatch/internal/baseline"
)

// trafficSide judges windows of traffic on one of the two sides of what is expected of them.
type trafficSide struct {
	up      bool
	lengths []int64 // of the windows, in minutes
	least   float64 // requests that a window holds, or that are expected of it
	ratio   float64 // of what it holds to what is expected
	budget  baseline.Budget
}

// Of the alerts a day, services and endpoints have half each.
func newTrafficBudget(perDay float64) baseline.Budget {
	b := baseline.DefaultBudget()
	b.PerDay, b.Share = perDay, 0.5
	// Each entity has a meter of its own, of 24 tests a day.
	b.Trust = 2
	return b
}

// trafficJudge is both sides. Each of the detectors looks at both, since neither a surge nor a drop is to be learned from.
type trafficJudge struct {
	season      baseline.Season
	surge, drop trafficSide
}

func newTrafficJudge(surge TrafficSurgeConfig, drop TrafficDropConfig) *trafficJudge {
	return &trafficJudge{
		season: baseline.DefaultSeason(),
		surge: trafficSide{
			up: true, lengths: []int64{2, 10, 60}, least: float64(surge.Requests), ratio: surge.Ratio,
			budget: newTrafficBudget(surge.AlertsPerDay),
		},
		drop: trafficSide{
			lengths: []int64{5, 6, 7, 8, 10, 12, 15, 20, 30, 45, 60, 90}, least: float64(drop.Requests), ratio: drop.Ratio,
			budget: newTrafficBudget(drop.AlertsPerDay),
		},
	}
}

// leastSurprise is that of an alert, however few tests there are: laws are not better than that.
const leastSurprise = 3.5

// trafficVerdict is what is said of a window.
type trafficVerdict struct {
	so        bool
	surprise  float64 // of the most surprising window that clears the floors
	threshold float64
	window    trafficWindow
}

// judge looks at the windows that end with a minute.
func (s *trafficSide) judge(p *trafficPast, m *baseline.Meter, minute int64) (v trafficVerdict) {
	if recent := p.recent(minute); !s.lasts(recent) || !s.enough(recent) {
		return v
	}
	p.windows(minute, s.lengths, func(w trafficWindow) {
		if !s.clears(&w) {
			return
		}
		if surprise := s.surprise(p.law(w), w.count); surprise > v.surprise {
			v.surprise, v.window = surprise, w
		}
	})
	if v.surprise >= leastSurprise && p.Known >= leastKnown {
		v.threshold = s.threshold(p, m)
		v.so = v.surprise >= v.threshold
	}
	return v
}

// threshold is by the entity's own hours, of which the alerts that are accepted of all are shared out evenly: what one of
// them does every night makes no other one less surprising.
func (s *trafficSide) threshold(p *trafficPast, all *baseline.Meter) float64 {
	b := s.budget
	b.Share /= max(b.TestsPerDay(all)/24, 1)
	return max(b.Threshold(&p.Meter), leastSurprise)
}

// lasts tells whether what came most lately is unusual still.
func (s *trafficSide) lasts(recent trafficSum) bool {
	bound := (1 + s.ratio) / 2 * recent.expected
	return s.up && recent.count >= bound || !s.up && recent.count <= bound
}

// enough tells cheaply that some window might be enough to be told: most entities have few requests.
func (s *trafficSide) enough(recent trafficSum) bool {
	// The longest window, of minutes that are several times as busy.
	const several = 4
	if s.up {
		return recent.count > 0
	}
	return recent.expected*several*float64(s.lengths[len(s.lengths)-1]) >= s.least*lately
}

// clears tells whether a window is worth a test: there is enough of it.
func (s *trafficSide) clears(w *trafficWindow) bool {
	if !s.up {
		return w.expected >= s.least && w.count <= s.ratio*w.expected
	}
	// A surge lasts: without its busiest minute it is one too, and it goes on.
	others := max(s.ratio*w.expected*float64(w.length-1)/float64(w.length), s.least/2)
	return w.count >= s.least && w.count >= s.ratio*w.expected && w.count-w.busiest >= others &&
		w.recent*float64(w.length) >= w.count*lately/2
}

func (s *trafficSide) surprise(l baseline.Law, count float64) float64 {
	switch {
	case !s.up && lackless(l):
		return 0
	case !s.up:
		if about := l.LackAbout(count); about < leastSurprise/2 {
			return about // far from an alert
		}
		return l.Lack(count)
	case l.Below(count, s.budget.Level):
		return 0
	default:
		return l.Surprise(count)
	}
}

// lackless tells cheaply that even nothing at all would hardly be a surprise: under a negative binomial law, no count has
// less probability than (1 + mean/size)^−size on its lower side.
func lackless(l baseline.Law) bool {
	const hardly = 1.5
	scatter := (1+l.Doubt)*(1+l.Noise) - 1
	return math.Log10(1+l.Mean*scatter) < hardly*scatter
}

// fold counts a tally in, and every minute that all had told before. It gives one side's verdict on the most surprising of
// these.
func (j *trafficJudge) fold(p *trafficPast, o *Observation, s *trafficSide) (v trafficVerdict, end int64) {
	t := &o.meters.Traffic
	t.hear(o)
	p.tell(o)
	added := p.add(o)
	if v, end = j.settle(p, o, s, t); !added {
		p.add(o)
	}
	return v, end
}

func (j *trafficJudge) settle(p *trafficPast, o *Observation, s *trafficSide, t *trafficShared) (v trafficVerdict, end int64) {
	kind := kindIndex(o.Kind)
	meters := [2]*baseline.Meter{&t.Surges[kind], &t.Drops[kind]}
	service := t.service(o)
	for {
		start, n, ok := p.Minutes.Pop(p.Told)
		if !ok {
			return v, end
		}
		minute, slot := minuteOf(start), o.hours.Slot(start)
		expected := p.expect(slot)
		speaks := kind == 0 && (service == nil || t.leads(service))
		if kind == 0 && service != nil {
			service.Rate, service.Visits = expected, expected/(1+p.Blocks[len(scatters)-1].scatter())
		}
		if !s.up {
			t.fade(service, kind, float64(n), expected)
			expected *= t.others(service, kind)
		}
		if !speaks && t.missing(minute) {
			p.keep(minute, 0, 0)
			continue
		}
		p.keep(minute, float64(n), expected)
		surge, drop := j.surge.judge(p, meters[0], minute), j.drop.judge(p, meters[1], minute)
		own, meter := drop, meters[1]
		if s.up {
			own, meter = surge, meters[0]
		}
		if minute/60 != p.Hour {
			p.meter(&s.budget, meter, start)
		}
		held := surge.so || drop.so
		p.Worst = max(p.Worst, float32(own.surprise))
		if own.so {
			p.Within = 1
			if own.surprise > v.surprise {
				v, end = own, minute
			}
		}
		p.learn(&j.season, minute, slot, float64(n), held)
	}
}

// meter counts the hour that is over as a test. Of an episode only the first hour is one.
func (p *trafficPast) meter(b *baseline.Budget, m *baseline.Meter, at int64) {
	if p.Earlier == 0 && p.Known >= leastMetered {
		b.Count(m, at, 0)
		b.Count(&p.Meter, at, float64(p.Worst))
	}
	p.Worst, p.Earlier, p.Within = 0, p.Within, 0
}

// leastMetered is how many minutes must be known before an hour counts as a test.
const leastMetered = 6 * 60
