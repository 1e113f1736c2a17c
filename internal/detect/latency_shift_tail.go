package detect

import (
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/finding"
)

// usualLate is how many requests are late before a service is known.
var usualLate = baseline.Prior{Mean: 0.05, Shape: 50, Noise: 0.01}

const (
	// lateRequests are the least that are late, lateShare and lateRatio the least share of them, and its least multiple of the
	// usual one.
	lateRequests, lateShare, lateRatio = 10, 0.15, 3
	// mediumLate is the share of late ones that makes an alert one of medium severity.
	mediumLate = 0.3
)

// lateWindow is a window of a service of which many requests are late, though most are not.
type lateWindow struct {
	slowness
	law      baseline.ShareLaw
	surprise float64 // 0 where it is nothing to speak of
}

func (m *slowness) lateShare() float64 { return float64(m.Late) / max(float64(m.Requests), 1) }

// tail tells how surprising it is that so many requests of a window are late.
func (d LatencyShift) tail(s *latencyShiftState, o *Observation, m slowness) (w lateWindow) {
	if m.Requests < float32(d.cfg.Requests) || m.Late < lateRequests || m.lateShare() < lateShare {
		return w
	}
	w.slowness = m
	w.law = d.shares.Law(&s.Late, &usualLate, baseline.Slow, baseline.Trials{Time: o.Time, Trials: float64(m.Requests)})
	if float64(m.Late) < lateRatio*w.law.Mean() {
		return w
	}
	w.surprise = w.law.Surprise(float64(m.Late))
	s.Tail = max(s.Tail, float32(w.surprise))
	return w
}

// countTail ends a block, in which windows were tested: of blocks in a row that are surprising the first is a test.
func (d LatencyShift) countTail(s *latencyShiftState, o *Observation) {
	alarming := float64(s.Tail) >= d.budget.Level
	if !alarming || s.TailBefore == 0 {
		d.budget.Count(&o.meters.Tails, int64(s.Service.Start+1)*latencyBlock*int64(time.Minute), float64(s.Tail))
	}
	s.Tail, s.TailBefore = 0, 0
	if alarming {
		s.TailBefore = 1
	}
}

// lags tells that requests are late in more than a moment.
func (d LatencyShift) lags(s *latencyShiftState, last, minutes uint32) bool {
	late := 0
	for back := range minutes {
		if m := s.Recent.of(last - back); m.Late > 0 && m.lateShare() >= lateShare/2 {
			late++
		}
	}
	return late >= slowMinutes
}

// judgeTail tells whether a window with many late requests is worth an alert.
func (d LatencyShift) judgeTail(p *latencyPast, o *Observation, w *lateWindow) (Evidence, bool) {
	if w.surprise < d.budget.Level {
		return Evidence{}, false
	}
	threshold := d.budget.Threshold(&o.meters.Tails)
	if w.surprise < threshold {
		return Evidence{}, false
	}
	p.slow(minuteAt(o.Time))
	ev := Evidence{
		Severity: finding.Low, Score: 35, Confidence: 0.6, Count: int64(w.Requests), Compared: true,
		Baseline: finding.Baseline{
			Observed: float64(w.Late), Expected: round2(w.law.Mean()),
			High: round2(max(lateRequests, lateShare*float64(w.Requests), lateRatio*w.law.Mean())), Surprise: round2(w.surprise),
		},
	}
	if w.lateShare() >= mediumLate && w.surprise >= threshold+mediumSlowSurprise {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 55, 0.7
	}
	return ev.With("late_requests", float64(w.Late)).With("late_share", round2(w.lateShare())).With("requests", float64(w.Requests)), true
}
