package detect

import (
	"gatewatch/internal/baseline"
	"gatewatch/internal/finding"
)

// drifting is a level that moves away from itself.
type drifting struct {
	so      bool
	measure measure
	least   float64 // ratio from which it is one
	baseline.Drift
}

// drifted are the measures whose drift is looked at: those that mean something without an hour that stands out.
var drifted = [...]measure{measureRequests, measureBytes}

// drift compares the last days with the last weeks.
func (d VolumeAnomaly) drift(s *volumeAnomalyState, o *Observation) drifting {
	var worst drifting
	h, at := o.habits.at(s.Place), s.start()
	before := s.Drifting
	s.Drifting = 0
	for i, m := range drifted {
		now := d.drifts(s, h, m, at)
		worth := s.hours() >= ownHours && now.Ratio >= d.cfg.Drift && now.Expected*now.Ratio >= driftShare*d.least(m)
		if !worth {
			now.Surprise = 0
		}
		meter := &o.habits.Meters[int(measures)+i]
		threshold := d.budget.Threshold(meter)
		if before&(1<<m) == 0 {
			d.budget.Count(meter, at, now.Surprise)
		}
		if !worth || now.Surprise < threshold {
			continue
		}
		s.Drifting |= 1 << m
		if !worst.so || now.Surprise > worst.Surprise {
			worst = drifting{so: true, measure: m, least: d.cfg.Drift, Drift: now}
		}
	}
	return worst
}

func (d VolumeAnomaly) drifts(s *volumeAnomalyState, h *habit, m measure, at int64) baseline.Drift {
	if m == measureBytes {
		prior := d.sized.Prior(&h.Bytes)
		return d.sizes.Drift(&s.Bytes, &prior, at)
	}
	prior := d.group.Prior(&h.Counts[m])
	return d.counts.Drift(&s.Counts[m], &prior, at)
}

func (r *drifting) evidence(s *volumeAnomalyState) Evidence {
	ev := Evidence{Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(s.Requests), Compared: true}
	if r.Ratio >= mediumDrift {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: round2(r.Expected * r.Ratio), Expected: round2(r.Expected), High: round2(r.Expected * r.least), Surprise: round2(r.Surprise),
	}
	return ev.With(r.measure.String()+"_hour_lately", round2(r.Expected*r.Ratio)).With("times_expected", round2(r.Ratio))
}
