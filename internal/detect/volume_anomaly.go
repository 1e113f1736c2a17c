package detect

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

// VolumeAnomaly finds clients that do far more in an hour than they, and others like them, usually do, and clients that do
// more from day to day.
//
// Signal: requests, answers 4xx and 5xx, bytes sent and seconds of work (the sum of durations) for one principal, or for one
// network where the log tells no principal, in the running hour, static files aside; the same of its hours before, and of
// others of its kind that came to the same service first.
// Formula: an hour holds the least of a measure, Ratio times what is expected of it, and is as surprising as hours are of which
// there are AlertsPerDay a day. Expected is what the client did in hours in which it came, with its peers' habits as long as
// it has few (package baseline: Gamma–Poisson counts, Student's law of the logarithm of bytes and seconds). An hour may be
// one in which clients stray from their habit, as often as they do and by as much. Of what is surprising by several
// measures, the most counts; new clients and known ones are held to thresholds of their own, so that the new are wronged no more
// often. Drift: once a day, the level of the last days is Drift times that of the last weeks, and as surprising. Low; medium
// where the client's own habit is known, the hour holds 5 times the least and 10 times the expected, and its surprise is 2
// above what is needed.
// Window: 1 hour by the clock; half-lives of 2 and 28 days.
// Defaults: 100 requests, 30 answers 4xx or 5xx, 20 MB and 5 minutes of work in an hour: a visit comes to less, and less is
// nobody's worry, however unusual. Twice the expected, since hours differ by half. Drift 1.3, since levels of days wander, and
// 1.5 reports who asks for a fifth more every day only when it is five times as much. 20 peers before anybody is judged by
// them, 24 hours of its own before a client is judged without. 10 alerts a day over all measures, a tenth of them drifts.
// State: 192 bytes.
// ATT&CK: T1530 Data from Cloud Storage, T1499.002 Service Exhaustion Flood, T1020 Automated Exfiltration.
// OWASP: API4:2023 Unrestricted Resource Consumption, API6:2023 Unrestricted Access to Sensitive Business Flows;
// OAT-011 Scraping, OAT-015 Denial of Service.
// Benign: a partner that catches up after an outage, a report at the end of the month, a new job: low, and once; then
// it is a habit.
// Blind to: whoever stays below the least or spreads over many networks or names; who comes more often, and does as
// much as ever in each hour; slow growth below what levels wander; what clients of the service do every day, if not
// this one; the hour of the week, so that offices are judged by a scatter that is the day's.
type VolumeAnomaly struct{ *volumeModels }

// volumeModels are what does not change: too much to be copied for every event.
type volumeModels struct {
	cfg        VolumeAnomalyConfig
	limits     [measures]float32 // least values
	counts     baseline.Counts
	sizes      baseline.Sizes
	group      baseline.Group
	sized      baseline.SizeGroup
	straying   baseline.Straying
	calibrator baseline.Calibrator
	budget     baseline.Budget
	audit      func(VolumeTest)
}

// VolumeAnomalyConfig holds the thresholds of VolumeAnomaly.
type VolumeAnomalyConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 10
	Requests     int     // least requests in an hour; default 100
	Refused      int     // least answers 4xx in an hour; default 30
	Failed       int     // least answers 5xx in an hour; default 30
	Bytes        int     // least bytes sent in an hour; default 20 MB
	Seconds      int     // least seconds of work, the sum of durations, in an hour; default 300
	Ratio        float64 // least multiple of what is expected; default 2
	Drift        float64 // least multiple of the last weeks' level that the last days have; default 1.3
	Peers        int     // clients of a service from which they are held against each other; default 20
}

// DefaultVolumeAnomaly returns the defaults.
func DefaultVolumeAnomaly() VolumeAnomalyConfig {
	return VolumeAnomalyConfig{
		AlertsPerDay: 10, Requests: 100, Refused: 30, Failed: 30, Bytes: 20e6, Seconds: 300, Ratio: 2, Drift: 1.3, Peers: 20,
	}
}

// NewVolumeAnomaly makes the detector.
func NewVolumeAnomaly(cfg VolumeAnomalyConfig) VolumeAnomaly {
	d := VolumeAnomaly{&volumeModels{
		cfg: cfg, counts: baseline.Counts{Memory: baseline.DefaultMemory()}, sizes: baseline.DefaultSizes(),
		group: baseline.DefaultGroup(), sized: baseline.DefaultSizeGroup(), straying: baseline.DefaultStraying(),
		calibrator: baseline.DefaultCalibrator(), budget: baseline.DefaultBudget(),
		limits: [measures]float32{
			measureRequests: float32(cfg.Requests), measureRefused: float32(cfg.Refused), measureFailed: float32(cfg.Failed),
			measureBytes: float32(cfg.Bytes), measureCost: float32(cfg.Seconds),
		},
	}}
	// Of the few hours that clear the floors, those are told apart that are one in ten of all.
	d.budget.PerDay, d.budget.Level, d.budget.Trust = cfg.AlertsPerDay, 1, 10
	return d
}

var _ Detector[volumeAnomalyState] = VolumeAnomaly{}

const (
	// volumeWindow is how long what a client does is added up: a visit fits in, and alerts need not wait for its end.
	volumeWindow = time.Hour
	// quietHours is longer than a day, since drifts are looked at once in each.
	quietHours = 26
	// ownHours is after how many hours a client has a habit of its own.
	ownHours = 24
	// What makes an alert one of medium severity: multiples of the least and of the expected, and of surprise more than
	// is needed.
	mediumLeast, mediumRatio, mediumSurprise = 5, 10, 2
	// mediumDrift is the ratio from which a drift is one.
	mediumDrift = 3
	// driftLeast is the part of the least amounts of an hour that a level must have for its drift to be worth an alert.
	driftLeast = 0.5
)

func (d VolumeAnomaly) Spec() Spec {
	return Spec{
		Name: "volume_anomaly", Version: 2, Entity: []event.Kind{event.KindPrincipal, event.KindNetwork}, Everyone: true,
		Quiet: quietHours * time.Hour,
		Title: "Unusual volume",
		Description: "The client does far more than it usually does, and more than others like it. Ask whether its owner knows; " +
			"where bytes stand out, look at what was read.",
		Attack: []string{"T1530", "T1499.002", "T1020"}, OWASP: []string{"API4:2023", "API6:2023"}, OAT: []string{"OAT-011", "OAT-015"},
	}
}

func (d VolumeAnomaly) Validate() error {
	c := d.cfg
	var errs []error
	if !(c.AlertsPerDay > 0 && c.AlertsPerDay <= 1e6) {
		errs = append(errs, fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", c.AlertsPerDay))
	}
	if c.Requests < 2 || c.Refused < 2 || c.Failed < 2 {
		errs = append(errs, fmt.Errorf("requests %d, refused %d, failed %d: want at least 2", c.Requests, c.Refused, c.Failed))
	}
	if c.Bytes < 1 || c.Seconds < 1 {
		errs = append(errs, fmt.Errorf("bytes %d, seconds %d: want at least 1", c.Bytes, c.Seconds))
	}
	if !(c.Ratio >= 1) || !(c.Drift > 1) {
		errs = append(errs, fmt.Errorf("ratio %g, drift %g: want at least 1, and above 1", c.Ratio, c.Drift))
	}
	if c.Peers < 1 {
		errs = append(errs, errors.New("peers: want at least 1"))
	}
	return errors.Join(errs...)
}

func (d VolumeAnomaly) Concerns(o *Observation) bool { return !o.Purpose.Has(route.Static) }

func (d VolumeAnomaly) Observe(s *volumeAnomalyState, o *Observation) (Evidence, bool) {
	var drifts drifting
	if window := windowOf(o.Time); window != s.Window && !s.strays(window) {
		drifts = d.turn(s, o, window)
	}
	s.add(o.Event)
	looked := false
	if s.due() {
		looked = d.look(s, o)
	}
	switch {
	case drifts.so:
		return drifts.evidence(s), true
	case looked:
		return d.unusual(s, o), true
	default:
		return Evidence{More: true}, s.Flagged != 0
	}
}

// turn ends the window that is over and begins another.
func (d VolumeAnomaly) turn(s *volumeAnomalyState, o *Observation, window uint32) drifting {
	before := s.Window
	if s.Place == 0 {
		s.Place = o.habits.place(o) + 1
	}
	if before != 0 && window > before {
		d.learn(s, o)
	}
	s.begin(window)
	s.Limits = d.limits
	if before != 0 && window/24 != before/24 {
		return d.drift(s, o)
	}
	return drifting{}
}

// learn takes in what the window that is over held.
func (d VolumeAnomaly) learn(s *volumeAnomalyState, o *Observation) {
	all, end, class := o.habits, s.end(), s.class()
	h, worst, budget := all.at(s.Place-1), 0.0, d.share(all, class)
	unlikely, credits := budget.Unlikely(&all.Meters[class]), budget.Credits(&all.Meters[class])
	for m := range measures {
		value := s.value(m)
		if value == 0 {
			continue
		}
		law := d.law(s, h, m, end)
		surprise, stray := d.surprise(s, h, &law, value)
		// What may be chance is learned, or else what is rare would seem ever rarer.
		held := s.Flagged&(1<<m) != 0 && surprise >= unlikely
		if d.floor(m).Clears(value, law.expected()) {
			worst = max(worst, d.calibrated(all, class, m, surprise))
		}
		if u, so := sampled(o.Key, s.Window, m); so || d.audit != nil {
			d.calibrate(s, all, &law, volumeDraw{class: class, value: value, u: u, learn: so && !held})
		}
		weight := 1.0
		if s.Flagged != 0 && !credits {
			weight = d.counts.Memory.Held
		}
		d.straying.Learn(&h.Strays[m], end, value, stray, weight)
		d.teach(s, h, m, held)
	}
	if !s.follows() {
		// Of an episode the first hour is a test, and what is below the floors could be no alert.
		budget.Count(&all.Meters[class], end, worst)
	}
}

// teach has the client's model of a measure, and its peers', learn the window that is over.
func (d VolumeAnomaly) teach(s *volumeAnomalyState, h *habit, m measure, held bool) {
	if m < counted {
		prior := d.group.Prior(&h.Counts[m])
		sample := d.counts.Learn(&s.Levels[m], &prior, baseline.Window{Time: s.end(), Exposure: 1, Count: s.value(m) - 1, Held: held})
		d.group.Learn(&h.Counts[m], sample)
		return
	}
	peers, size := &h.Sizes[m-counted], &s.Sizes[m-counted]
	prior := d.sized.Prior(peers)
	w := baseline.Measure{Time: s.end(), Value: s.value(m), Held: held}
	law := d.sizes.Learn(size, &prior, w)
	d.sized.Learn(peers, size, law, w)
}

// look judges a window of which some values have come to where they were to be looked at; true when one stands out.
func (d VolumeAnomaly) look(s *volumeAnomalyState, o *Observation) bool {
	so := false
	for m := range measures {
		if value := s.value(m); value >= float64(s.Limits[m]) {
			so = d.judge(s, o, m, value) || so
		}
	}
	return so
}

// judge tells whether a measure of the running window stands out.
func (d VolumeAnomaly) judge(s *volumeAnomalyState, o *Observation, m measure, value float64) bool {
	h, class := o.habits.at(s.Place-1), s.class()
	law := d.law(s, h, m, s.end())
	if floor := d.floor(m); !floor.Clears(value, law.expected()) {
		s.Limits[m] = float32(max(floor.Ratio*law.expected(), value))
		return false
	}
	s.Limits[m] = float32(value * lookAgain)
	if class == classNew && h.clients() < float64(d.cfg.Peers) {
		return false // nobody knows yet
	}
	surprise, _ := d.surprise(s, h, &law, value)
	surprise = d.calibrated(o.habits, class, m, surprise)
	if surprise < d.threshold(o.habits, class) {
		return false
	}
	if s.Flagged == 0 || m == s.Worst || surprise > float64(s.Surprise) {
		s.Worst, s.Surprise = m, float32(surprise)
	}
	s.Flagged |= 1 << m
	return true
}

// lookAgain is by how much more a window must hold before it is looked at again.
const lookAgain = 1.1

func (d VolumeAnomaly) floor(m measure) baseline.Floor {
	return baseline.Floor{Least: float64(d.limits[m]), Ratio: d.cfg.Ratio}
}

// unusual is the evidence of a window that stands out, by the measure that does most.
func (d VolumeAnomaly) unusual(s *volumeAnomalyState, o *Observation) Evidence {
	h, m := o.habits.at(s.Place-1), s.Worst
	law := d.law(s, h, m, s.end())
	value, expected, threshold := s.value(m), law.expected(), d.threshold(o.habits, s.class())
	ev := Evidence{
		Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(s.Counts[measureRequests]), Since: s.start(), Compared: true,
	}
	if s.class() == classKnown && value >= mediumLeast*float64(d.limits[m]) && value >= mediumRatio*expected &&
		float64(s.Surprise) >= threshold+mediumSurprise {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: round2(value), Expected: round2(expected), Surprise: round2(float64(s.Surprise)),
		High: round2(d.bound(s, h, &law, value, threshold)),
	}
	return ev.With(m.String()+"_hour", round2(value)).With("times_expected", round2(value/max(expected, 1))).
		With("known_hours", math.Round(s.hours()))
}
