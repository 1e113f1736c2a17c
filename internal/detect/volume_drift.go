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

// drift compares the last days with the last weeks. The measures together are one test.
func (d VolumeAnomaly) drift(s *volumeAnomalyState, o *Observation) drifting {
	var worst drifting
	if s.hours() < ownHours {
		return worst
	}
	h, at, meter := o.habits.at(s.Place-1), s.start(), &o.habits.Meters[classDrift]
	for _, m := range drifted {
		now := d.drifts(s, h, m, at)
		worth := now.Ratio >= d.cfg.Drift && now.Expected*now.Ratio >= driftLeast*float64(d.limits[m])
		if worth && now.Surprise >= worst.Surprise {
			worst = drifting{measure: m, least: d.cfg.Drift, Drift: now}
		}
	}
	threshold := d.threshold(o.habits, classDrift)
	if s.Drifting == 0 {
		budget := d.share(o.habits, classDrift)
		budget.Count(meter, at, worst.Surprise)
	}
	s.Drifting = 0
	if worst.least > 0 && worst.Surprise >= threshold {
		worst.so, s.Drifting = true, 1
	}
	return worst
}

func (d VolumeAnomaly) drifts(s *volumeAnomalyState, h *habit, m measure, at int64) baseline.Drift {
	if m < counted {
		prior := d.group.Prior(&h.Counts[m])
		return d.counts.Drift(&s.Levels[m], &prior, at)
	}
	prior := d.sized.Prior(&h.Sizes[m-counted])
	return d.sizes.Drift(&s.Sizes[m-counted], &prior, at)
}

func (r *drifting) evidence(s *volumeAnomalyState) Evidence {
	ev := Evidence{Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(s.Counts[measureRequests]), Compared: true}
	if r.Ratio >= mediumDrift {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: round2(r.Expected * r.Ratio), Expected: round2(r.Expected), High: round2(r.Expected * r.least), Surprise: round2(r.Surprise),
	}
	return ev.With(r.measure.String()+"_hour_lately", round2(r.Expected*r.Ratio)).With("times_expected", round2(r.Ratio))
}
