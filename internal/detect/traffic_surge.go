package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// TrafficSurge finds services and endpoints that are asked far more than the hour of the week, their level lately and their
// own scatter explain.
//
// Signal: requests to a service or an endpoint, whoever sends them, in the last 2, 10 and 60 minutes, the running one
// included.
// Formula: a window holds Requests, and Ratio times what is expected of it, its busiest minute left out and its last three
// minutes likewise, and that is more surprising than the hours that would make AlertsPerDay alerts a day at large. Expected
// is level × hour of the week (package baseline: Season); the level is that of the last hours (half-life 4 h), where they
// tell little that of the last weeks; a window scatters by the requests that visits make, learned in blocks of 1, 5 and 20
// minutes. Of a service and its endpoints the narrowest is told that has half of the excess. Low; medium from 5 times the
// expected and 5 times the least, with a surprise 2 above what is needed; high from 20 times the expected and 15 times the
// least.
// Window: 2, 10 and 60 minutes; minutes that were unusual are not learned from, unless it lasts for most of a day.
// Defaults: 300 requests are a load that a small site notices, even in an hour; 3 times the expected, since mail to all
// customers makes it double. 1 alert a day over all services and endpoints.
// State: 3936 bytes.
// ATT&CK: T1498 Network Denial of Service, T1499.002 Service Exhaustion Flood.
// OWASP: API4:2023 Unrestricted Resource Consumption; OAT-015 Denial of Service.
// Benign: a campaign, an event on television, a job that catches up: low where it is not many times the usual.
// Blind to: what is new, for a day; less than the least; a surge that grows over days.
type TrafficSurge struct {
	cfg   TrafficSurgeConfig
	judge *trafficJudge
}

// TrafficSurgeConfig holds the thresholds of TrafficSurge.
type TrafficSurgeConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 1
	Requests     int     // least requests in a window; default 300
	Ratio        float64 // least multiple of what is expected; default 3
}

// DefaultTrafficSurge returns the defaults.
func DefaultTrafficSurge() TrafficSurgeConfig {
	return TrafficSurgeConfig{AlertsPerDay: 1, Requests: 300, Ratio: 3}
}

// NewTrafficSurge makes the detector.
func NewTrafficSurge(cfg TrafficSurgeConfig) TrafficSurge {
	return TrafficSurge{cfg: cfg, judge: newTrafficJudge(cfg, DefaultTrafficDrop())}
}

// trafficSurgeState is what is remembered of a service or endpoint.
type trafficSurgeState struct{ trafficPast }

var _ Detector[trafficSurgeState] = TrafficSurge{}

func (d TrafficSurge) Spec() Spec {
	return Spec{
		Name: "traffic_surge", Version: 1, Entity: []event.Kind{event.KindEndpoint, event.KindService}, Facets: true,
		Quiet: 30 * time.Minute,
		Title: "Surge of requests",
		Description: "The service or endpoint is asked far more than is usual at this hour. See whether a few clients or many make " +
			"the difference, and whether it still answers.",
		Attack: []string{"T1498", "T1499.002"}, OWASP: []string{"API4:2023"}, OAT: []string{"OAT-015"},
	}
}

func (d TrafficSurge) Validate() error {
	c := d.cfg
	errs := []error{validAlerts(c.AlertsPerDay)}
	if c.Requests < 1 {
		errs = append(errs, fmt.Errorf("requests %d: want at least 1", c.Requests))
	}
	if !(c.Ratio > 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want above 1", c.Ratio))
	}
	return errors.Join(errs...)
}

func validAlerts(perDay float64) error {
	if !(perDay > 0 && perDay <= 1e6) {
		return fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", perDay)
	}
	return nil
}

func (d TrafficSurge) Concerns(o *Observation) bool { return o.Tally != nil }

func (d TrafficSurge) Observe(s *trafficSurgeState, o *Observation) (Evidence, bool) {
	p, t := &s.trafficPast, &o.meters.Traffic
	v, minute := d.judge.fold(p, o, &d.judge.surge)
	t.note(o, p)
	// A service waits until its endpoints have told the same minute.
	now := p.Now
	if o.Kind == event.KindService {
		now = p.Before
	}
	running := minuteOf(now) - 1
	p.run(o, running)
	if r := d.judge.surge.judge(p, &t.Surges[kindIndex(o.Kind)], running); r.so {
		v, minute = r, running
	}
	if !v.so || !t.narrowest(o, &v, minute) {
		return Evidence{More: true}, v.so
	}
	return d.evidence(&v, minute), true
}

const (
	surgeMediumRatio, surgeMediumLeast, surgeMediumSurprise = 5, 5, 2
	surgeHighRatio, surgeHighLeast                          = 20, 15
)

func (d TrafficSurge) evidence(v *trafficVerdict, minute int64) Evidence {
	w := &v.window
	ev := Evidence{
		Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(w.count), Compared: true,
		Since: (minute - w.length + 1) * int64(time.Minute),
	}
	times, least := w.count/max(w.expected, 1), float64(d.cfg.Requests)
	switch {
	case v.surprise < v.threshold+surgeMediumSurprise:
	case times >= surgeHighRatio && w.count >= surgeHighLeast*least:
		ev.Severity, ev.Score, ev.Confidence = finding.High, 80, 0.8
	case times >= surgeMediumRatio && w.count >= surgeMediumLeast*least:
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: w.count, Expected: round2(w.expected), High: round2(d.cfg.Ratio * w.expected), Surprise: round2(v.surprise),
	}
	return ev.With("requests", w.count).With("minutes", float64(w.length)).With("times_expected", round2(times))
}
