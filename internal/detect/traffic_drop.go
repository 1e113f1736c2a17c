package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// TrafficDrop finds services and endpoints that are asked far less than the hour of the week makes expect, or not at all.
//
// Signal: requests to a service or an endpoint in the last 5 to 90 minutes, when every partition of the log has told them.
// Formula: of a window Requests are expected and it holds at most Ratio of them, its last three minutes likewise, and so few
// are more surprising than the hours that would make AlertsPerDay alerts a day at large. How long the window is follows from
// what is expected: the busier, the sooner silence means something. Expected is what it is for traffic_surge. Where a whole
// service drops, its endpoints are not told. Where nobody is asked for anything, logs are missing: the service that is asked
// most speaks for all. Low; medium where nothing at all came for as long as is surprising by itself, or where at most a
// quarter came of 10 times Requests that were expected, and what came before was as expected, each with a surprise 2 above
// what is needed; low where nobody was asked for anything and it is over already.
// Window: 5 to 90 minutes; minutes that were unusual are not learned from, unless it lasts for most of a day.
// Defaults: 20 requests expected, since fewer are a visit or two; half of the expected, since a holiday takes as much. 1 alert
// a day over all services and endpoints.
// State: 3936 bytes.
// ATT&CK: T1499 Endpoint Denial of Service, T1562.008 Disable or Modify Cloud Logs.
// OWASP: API4:2023 Unrestricted Resource Consumption; OAT-015 Denial of Service.
// Benign: a service that is turned off or moves, a maintenance, a holiday that no calendar tells.
// Blind to: what is new, for a day; services of a few requests an hour; a decline over days.
type TrafficDrop struct {
	cfg   TrafficDropConfig
	judge *trafficJudge
}

// TrafficDropConfig holds the thresholds of TrafficDrop.
type TrafficDropConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 1
	Requests     int     // least requests expected in a window; default 20
	Ratio        float64 // most of what is expected that comes; default 0.5
}

// DefaultTrafficDrop returns the defaults.
func DefaultTrafficDrop() TrafficDropConfig {
	return TrafficDropConfig{AlertsPerDay: 1, Requests: 20, Ratio: 0.5}
}

// NewTrafficDrop makes the detector.
func NewTrafficDrop(cfg TrafficDropConfig) TrafficDrop {
	return TrafficDrop{cfg: cfg, judge: newTrafficJudge(DefaultTrafficSurge(), cfg)}
}

// trafficDropState is what is remembered of a service or endpoint.
type trafficDropState struct{ trafficPast }

var _ Detector[trafficDropState] = TrafficDrop{}

func (d TrafficDrop) Spec() Spec {
	return Spec{
		Name: "traffic_drop", Version: 1, Entity: []event.Kind{event.KindEndpoint, event.KindService}, Facets: true,
		Quiet: time.Hour,
		Title: "Requests stay away",
		Description: "The service or endpoint is asked far less than is usual at this hour, or not at all. See whether clients reach " +
			"it, and whether its log arrives.",
		Attack: []string{"T1499", "T1562.008"}, OWASP: []string{"API4:2023"}, OAT: []string{"OAT-015"},
	}
}

func (d TrafficDrop) Validate() error {
	c := d.cfg
	errs := []error{validAlerts(c.AlertsPerDay)}
	if c.Requests < 1 {
		errs = append(errs, fmt.Errorf("requests %d: want at least 1", c.Requests))
	}
	if !(c.Ratio > 0 && c.Ratio < 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want above 0, below 1", c.Ratio))
	}
	return errors.Join(errs...)
}

func (d TrafficDrop) Concerns(o *Observation) bool { return o.Tally != nil }

func (d TrafficDrop) Observe(s *trafficDropState, o *Observation) (Evidence, bool) {
	p, t := &s.trafficPast, &o.meters.Traffic
	v, end := d.judge.fold(p, o, &d.judge.drop)
	service := t.service(o)
	if o.Kind == event.KindService && service != nil && p.Minutes.Next > 0 {
		service.Lack = p.lack(p.Minutes.Next-1, d.judge.drop.least)
	}
	if !v.so {
		return Evidence{}, false
	}
	if o.Kind == event.KindEndpoint && service != nil && service.Lack >= lacksItself {
		return Evidence{More: true}, true // the service says it
	}
	return d.evidence(p, o, &v, end), true
}

const (
	// lacksItself is the part of a service's requests that stay away from which its endpoints are not told.
	lacksItself = 0.3
	// dropMediumRatio, dropMediumLeast and dropMediumSurprise make a drop one of medium severity, when what came in the half
	// hour before was at least usualBefore of the expected: a holiday comes slowly.
	dropMediumRatio, dropMediumLeast, dropMediumSurprise, usualBefore = 0.25, 10, 2, 0.7
)

// lack is the part of what was expected lately that did not come, over as many minutes as it takes to tell.
func (p *trafficPast) lack(end int64, requests float64) (part float64) {
	lengths := []int64{5, 10, 20, 45, 90}
	done := false
	p.windows(end, lengths, func(w trafficWindow) {
		if !done && w.expected >= requests {
			part, done = max(1-w.count/w.expected, 0), true
		}
	})
	return part
}

func (d TrafficDrop) evidence(p *trafficPast, o *Observation, v *trafficVerdict, end int64) Evidence {
	w := &v.window
	ev := Evidence{
		Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(w.count), Compared: true,
		Since: (end - w.length + 1) * int64(time.Minute),
	}
	quiet, expected := p.quiet(end)
	gap := o.meters.Traffic.silent(end)
	silent := p.law(trafficWindow{length: quiet, expected: expected * p.before(end-quiet)}).Lack(0) >= v.threshold+dropMediumSurprise
	abrupt := w.count <= dropMediumRatio*w.expected && w.expected >= dropMediumLeast*float64(d.cfg.Requests) &&
		v.surprise >= v.threshold+dropMediumSurprise && p.before(end-w.length) >= usualBefore
	if (silent || abrupt) && !o.meters.Traffic.over(end) {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: w.count, Expected: round2(w.expected), Low: round2(d.cfg.Ratio * w.expected), Surprise: round2(v.surprise),
	}
	ev = ev.With("requests", w.count).With("minutes", float64(w.length)).With("silent_minutes", float64(quiet))
	if gap >= lately {
		ev = ev.With("all_silent_minutes", float64(gap))
	}
	return ev
}
