package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

// VolumeAnomaly finds clients that do far more in an hour than they, and others like them, usually do, and clients that do
// more from day to day.
//
// Signal: requests, answers 4xx and bytes sent to one principal, or to one network where the log tells no principal, in the
// running hour, static files aside; the same of its hours before, and of others of its kind at the same service.
// Formula: an hour holds Requests, Refused or Bytes, and Ratio times what is expected of it, and that is more surprising
// than the hours that would make AlertsPerDay alerts a day at large. Expected is what the client did in hours in which it
// came, with its peers' habits as long as it has few (package baseline: Gamma–Poisson counts, Student's law of the logarithm
// of bytes); in one hour of a hundred it may do what any of its peers does. Drift: once a day, the level of the last days is
// Drift times that of the last weeks, and as surprising. Low; medium where the client's own habit is known, the hour holds
// 5 times the least and 10 times the expected, and its surprise is 2 above what is needed.
// Window: 1 hour by the clock; half-lives of 2 and 28 days.
// Defaults: 200 requests, 50 refused and 20 MB an hour are what a busy visit may come to: less is nobody's worry, however
// unusual. 3 times the expected, since hours differ by half and double. Drift 1.3, since levels of days wander, and 1.5
// reports who asks for a fifth more every day only when it is five times as much. 20 peers before anybody is judged by
// them, 24 hours of its own before a client is judged without. 10 alerts a day over all measures and drifts, of which each
// has an equal share: a bound, below which the least amounts keep most sites.
// State: 160 bytes.
// ATT&CK: T1530 Data from Cloud Storage, T1499.002 Service Exhaustion Flood, T1020 Automated Exfiltration.
// OWASP: API4:2023 Unrestricted Resource Consumption, API6:2023 Unrestricted Access to Sensitive Business Flows;
// OAT-011 Scraping, OAT-015 Denial of Service.
// Benign: a partner that catches up after an outage, a report at the end of the month, a new job: low, and once; then
// it is a habit.
// Blind to: whoever stays below the least or spreads over many networks or names; who comes more often, and does as
// much as ever in each hour; slow growth below what levels wander; the hour of the week, so that offices are judged by a
// scatter that is the day's.
type VolumeAnomaly struct{ *volumeModels }

// volumeModels are what does not change: too much to be copied for every event.
type volumeModels struct {
	cfg    VolumeAnomalyConfig
	counts baseline.Counts
	sizes  baseline.Sizes
	group  baseline.Group
	sized  baseline.SizeGroup
	budget baseline.Budget
}

// VolumeAnomalyConfig holds the thresholds of VolumeAnomaly.
type VolumeAnomalyConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 10
	Requests     int     // least requests in an hour; default 200
	Refused      int     // least answers 4xx in an hour; default 50
	Bytes        int     // least bytes sent in an hour; default 20 MB
	Ratio        float64 // least multiple of what is expected; default 3
	Drift        float64 // least multiple of the last weeks' level that the last days have; default 1.3
	Peers        int     // clients of a service from which they are held against each other; default 20
}

// DefaultVolumeAnomaly returns the defaults.
func DefaultVolumeAnomaly() VolumeAnomalyConfig {
	return VolumeAnomalyConfig{AlertsPerDay: 10, Requests: 200, Refused: 50, Bytes: 20e6, Ratio: 3, Drift: 1.3, Peers: 20}
}

// NewVolumeAnomaly makes the detector.
func NewVolumeAnomaly(cfg VolumeAnomalyConfig) VolumeAnomaly {
	d := VolumeAnomaly{&volumeModels{
		cfg: cfg, counts: baseline.Counts{Memory: baseline.DefaultMemory()}, sizes: baseline.DefaultSizes(),
		group: baseline.DefaultGroup(), sized: baseline.DefaultSizeGroup(), budget: baseline.DefaultBudget(),
	}}
	d.budget.PerDay, d.budget.Share = cfg.AlertsPerDay, 1/float64(meters)
	return d
}

var _ Detector[volumeAnomalyState] = VolumeAnomaly{}

const (
	// volumeWindow is how long what a client does is added up: a visit fits in, and alerts need not wait for its end.
	volumeWindow = time.Hour
	// ownHours is after how many hours a client has a habit of its own.
	ownHours = 24
	// What makes an alert one of medium severity: multiples of the least and of the expected, and of surprise more than
	// is needed.
	mediumLeast, mediumRatio, mediumSurprise = 5, 10, 2
	// mediumDrift is the ratio from which a drift is one.
	mediumDrift = 3
	// driftShare is the share of what is worth an alert in an hour that a level must have for its drift to be worth one.
	driftShare = 0.25
)

func (d VolumeAnomaly) Spec() Spec {
	return Spec{
		Name: "volume_anomaly", Version: 1, Entity: []event.Kind{event.KindPrincipal, event.KindNetwork}, Everyone: true,
		Quiet: 26 * time.Hour, // drifts are looked at once a day
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
	if c.Requests < 2 || c.Refused < 2 || c.Bytes < 1 {
		errs = append(errs, fmt.Errorf("requests %d, refused %d, bytes %d: want at least 2, 2 and 1", c.Requests, c.Refused, c.Bytes))
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
	s.add(o)
	looked := false
	for m := range measures {
		if s.value(m) >= float64(s.Limits[m]) {
			d.look(s, o, m)
			looked = true
		}
	}
	switch {
	case drifts.so:
		return drifts.evidence(s), true
	case s.Flagged != 0 && looked:
		return d.unusual(s, o), true
	default:
		return Evidence{More: true}, s.Flagged != 0
	}
}

// turn ends the window that is over and begins another.
func (d VolumeAnomaly) turn(s *volumeAnomalyState, o *Observation, window uint32) drifting {
	if s.Window != 0 && window > s.Window {
		d.learn(s, o.habits)
	}
	s.begin(window, o.habits.place(o))
	s.Limits = [measures]float32{float32(d.cfg.Requests), float32(d.cfg.Refused), float32(d.cfg.Bytes)}
	if day := uint16(window / 24); day != s.Day {
		known := s.Day != 0
		s.Day = day
		if known {
			return d.drift(s, o)
		}
	}
	return drifting{}
}

// learn takes in what the window that is over held.
func (d VolumeAnomaly) learn(s *volumeAnomalyState, all *habits) {
	h, end := all.at(s.Place), s.end()
	for m := range measures {
		if s.Before&(1<<m) == 0 {
			// Of an episode the first hour is a test, and what is below the floor could be no alert.
			d.budget.Count(&all.Meters[m], end, d.tested(s, h, m))
		}
	}
	for m := range counted {
		if s.value(m) == 0 {
			continue
		}
		prior := d.group.Prior(&h.Counts[m])
		sample := d.counts.Learn(&s.Counts[m], &prior, baseline.Window{
			Time: end, Exposure: 1, Count: s.value(m) - 1, Held: s.Flagged&(1<<m) != 0,
		})
		d.group.Learn(&h.Counts[m], sample)
	}
	prior := d.sized.Prior(&h.Bytes)
	m := baseline.Measure{Time: end, Value: s.value(measureBytes), Held: s.Flagged&(1<<measureBytes) != 0}
	law := d.sizes.Learn(&s.Bytes, &prior, m)
	d.sized.Learn(&h.Bytes, &s.Bytes, law, m)
}

// tested is the surprise of a window that is over, 0 where it is none to speak of.
func (d VolumeAnomaly) tested(s *volumeAnomalyState, h *habit, m measure) float64 {
	value := s.value(m)
	if value < d.least(m) {
		return 0
	}
	law := d.law(s, h, m, s.end())
	if !d.floor(m).Clears(value, law.expected()) || law.below(value, d.budget.Level) {
		return 0
	}
	return d.surprise(s, h, m, value)
}

// look judges a window whose value has come to where it was to be looked at again.
func (d VolumeAnomaly) look(s *volumeAnomalyState, o *Observation, m measure) {
	h, value := o.habits.at(s.Place), s.value(m)
	law := d.law(s, h, m, o.Time)
	if floor := d.floor(m); !floor.Clears(value, law.expected()) {
		s.Limits[m] = float32(max(floor.Ratio*law.expected(), value+1))
		return
	}
	s.Limits[m] = float32(value*lookAgain + 1)
	if s.hours() < ownHours && h.clients() < float64(d.cfg.Peers) {
		return // nobody knows yet
	}
	threshold := d.budget.Threshold(&o.habits.Meters[m])
	if law.below(value, threshold) {
		return
	}
	if surprise := d.surprise(s, h, m, value); surprise >= threshold {
		if s.Flagged&(1<<m) == 0 {
			s.Bounds[m] = float32(law.bound(value, threshold, func(v float64) float64 { return d.surprise(s, h, m, v) }))
		}
		s.Flagged |= 1 << m
		s.Surprises[m], s.Excess[m] = float32(surprise), float32(surprise-threshold)
	}
}

// lookAgain is by how much more a window must hold before it is looked at again.
const lookAgain = 1.1

func (d VolumeAnomaly) least(m measure) float64 {
	return float64([measures]int{d.cfg.Requests, d.cfg.Refused, d.cfg.Bytes}[m])
}

func (d VolumeAnomaly) floor(m measure) baseline.Floor {
	return baseline.Floor{Least: d.least(m), Ratio: d.cfg.Ratio}
}

// law is what a measure of the entity is expected to be in an hour.
func (d VolumeAnomaly) law(s *volumeAnomalyState, h *habit, m measure, at int64) volumeLaw {
	if m == measureBytes {
		prior := d.sized.Prior(&h.Bytes)
		return volumeLaw{measure: m, sizes: d.sizes.Law(&s.Bytes, &prior, baseline.Slow, baseline.Measure{Time: at})}
	}
	prior := d.group.Prior(&h.Counts[m])
	return volumeLaw{measure: m, counts: d.counts.Law(&s.Counts[m], &prior, baseline.Slow, baseline.Span{Time: at, Exposure: 1})}
}

// surprise is that of a measure of the entity in the running hour: how much more it is than what it does, or what its
// peers do, once in a while. Of counts it is that of the count less one, as volumeLaw is.
func (d VolumeAnomaly) surprise(s *volumeAnomalyState, h *habit, m measure, value float64) float64 {
	if m == measureBytes {
		prior := d.sized.Prior(&h.Bytes)
		return d.sizes.Surprise(&s.Bytes, &prior, baseline.Slow, baseline.Measure{Time: s.end(), Value: value})
	}
	prior := d.group.Prior(&h.Counts[m])
	return d.counts.Surprise(&s.Counts[m], &prior, baseline.Slow, baseline.Window{Time: s.end(), Exposure: 1, Count: value - 1})
}

// unusual is the evidence of a window that stands out, by the measure that does most.
func (d VolumeAnomaly) unusual(s *volumeAnomalyState, o *Observation) Evidence {
	worst := measureRequests
	for m := range measures {
		if s.Flagged&(1<<m) != 0 && (s.Flagged&(1<<worst) == 0 || s.Surprises[m] > s.Surprises[worst]) {
			worst = m
		}
	}
	value, expected := s.value(worst), d.law(s, o.habits.at(s.Place), worst, o.Time).expected()
	ev := Evidence{Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(s.Requests), Since: s.start(), Compared: true}
	if s.hours() >= ownHours && value >= mediumLeast*d.least(worst) && value >= mediumRatio*expected &&
		s.Excess[worst] >= mediumSurprise {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: value, Expected: round2(expected), High: round2(float64(s.Bounds[worst])), Surprise: round2(float64(s.Surprises[worst])),
	}
	return ev.With(worst.String()+"_hour", value).With("times_expected", round2(value/max(expected, 1)))
}
