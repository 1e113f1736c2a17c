package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
)

// BreadthAnomaly finds clients that ask for many more different things than they, and others like them, usually do.
//
// Signal: different objects (ids and names in the path or query, and page numbers, of a route) and different routes that one
// principal asks for, or one network where the log tells no principal, in the running hour, and different objects in the
// running day; the same of its hours and days before, and of others of its kind at the same service.
// Formula: an hour holds Objects or Routes, or a day DayObjects, and Ratio times what is expected of it, and that is more
// surprising than what would make AlertsPerDay alerts a day at large (package baseline: Gamma–Poisson counts of what there
// was less one). Different things are counted exactly up to 32 objects and 8 routes, then estimated with an error of
// 9 % and 13 %. Low; medium where the client's own habit is known, and there are 5 times the least and 10 times the
// expected, and the surprise is 2 above what is needed; never for declared crawlers.
// Window: 1 hour and 1 day by the clock (UTC); half-lives of 2 and 28 days.
// Defaults: 80 objects and 40 routes an hour and 600 objects a day are more than long visits come to. 3 times the expected,
// since an estimate may be a fifth too high and hours differ by half and double. 20 clients of a service before anybody is
// judged by them, 24 hours of its own before a client is judged without. 3 alerts a day over the three measures.
// State: 444 bytes for a client from the 30th request of its network in an hour.
// ATT&CK: T1213 Data from Information Repositories; T1119 Automated Collection; T1594 Search Victim-Owned Websites.
// OWASP: API1:2023 Broken Object Level Authorization, API6:2023 Unrestricted Access to Sensitive Business Flows;
// OAT-011 Scraping, OAT-018 Footprinting.
// Benign: a partner that reads everything anew, a new crawler, a reader of a whole manual: low, and once; then it is a
// habit.
// Blind to: who takes less than an object in two minutes; who spreads over many networks or names; ids in request bodies;
// searches for many different words, which people do as well.
type BreadthAnomaly struct{ *breadthModels }

// breadthModels are what does not change: too much to be copied for every event.
type breadthModels struct {
	cfg    BreadthAnomalyConfig
	counts baseline.Counts
	group  baseline.Group
	budget baseline.Budget
}

// BreadthAnomalyConfig holds the thresholds of BreadthAnomaly.
type BreadthAnomalyConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 3
	Objects      int     // least different objects in an hour; default 80
	Routes       int     // least different routes in an hour; default 40
	DayObjects   int     // least different objects in a day; default 600
	Ratio        float64 // least multiple of what is expected; default 3
	Peers        int     // clients of a service from which they are held against each other; default 20
}

// DefaultBreadthAnomaly returns the defaults.
func DefaultBreadthAnomaly() BreadthAnomalyConfig {
	return BreadthAnomalyConfig{AlertsPerDay: 3, Objects: 80, Routes: 40, DayObjects: 600, Ratio: 3, Peers: 20}
}

// NewBreadthAnomaly makes the detector.
func NewBreadthAnomaly(cfg BreadthAnomalyConfig) BreadthAnomaly {
	d := BreadthAnomaly{&breadthModels{
		cfg: cfg, counts: baseline.Counts{Memory: baseline.DefaultMemory()}, group: baseline.DefaultGroup(),
		budget: baseline.DefaultBudget(),
	}}
	d.budget.PerDay, d.budget.Share = cfg.AlertsPerDay, 1/float64(breadths)
	return d
}

var _ Detector[breadthAnomalyState] = BreadthAnomaly{}

func (d BreadthAnomaly) Spec() Spec {
	return Spec{
		Name: "breadth_anomaly", Version: 1, Entity: []event.Kind{event.KindPrincipal, event.KindNetwork}, When: SignMuch,
		Whole: true, Quiet: 2 * time.Hour,
		Title: "Unusual breadth",
		Description: "The client asks for many more different things than it usually does, and than others like it do: somebody " +
			"collects them. Look at which route they are of, and whether the client may have them all.",
		Attack: []string{"T1213", "T1119", "T1594"}, OWASP: []string{"API1:2023", "API6:2023"}, OAT: []string{"OAT-011", "OAT-018"},
	}
}

func (d BreadthAnomaly) Validate() error {
	c := d.cfg
	var errs []error
	if !(c.AlertsPerDay > 0 && c.AlertsPerDay <= 1e6) {
		errs = append(errs, fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", c.AlertsPerDay))
	}
	if min(c.Objects, c.Routes, c.DayObjects) < 2 {
		errs = append(errs, fmt.Errorf("objects %d, routes %d, day_objects %d: want at least 2", c.Objects, c.Routes, c.DayObjects))
	}
	if !(c.Ratio >= 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want at least 1", c.Ratio))
	}
	if c.Peers < 1 {
		errs = append(errs, errors.New("peers: want at least 1"))
	}
	return errors.Join(errs...)
}

// aimless are the routes whose number tells nothing about what a client is after.
const aimless = route.Static | route.Health | route.WellKnown

func (d BreadthAnomaly) Concerns(o *Observation) bool {
	return o.Hourly >= manyRequests && !o.Purpose.Any(aimless)
}

func (d BreadthAnomaly) Observe(s *breadthAnomalyState, o *Observation) (Evidence, bool) {
	if o.Purpose.Any(aimless) {
		return Evidence{}, false
	}
	if hour := windowOf(o.Time); hour != s.Hour && !s.strays(hour) {
		d.turn(s, o, hour)
	}
	looked := false
	for grown := s.add(o); grown != 0; {
		if m := grown.next(); float32(s.Found[m]) >= s.Limits[m] {
			d.look(s, o, m)
			looked = true
		}
	}
	switch {
	case s.Flagged == 0:
		return Evidence{}, false
	case looked:
		return d.unusual(s, o), true
	default:
		return Evidence{More: true}, true
	}
}

// turn ends the hour that is over, and the day, and begins another.
func (d BreadthAnomaly) turn(s *breadthAnomalyState, o *Observation, hour uint32) {
	if s.Hour != 0 && hour > s.Hour {
		d.learn(s, o.habits, objectsHour)
		d.learn(s, o.habits, routesHour)
	}
	day := hour / 24
	fresh := day != s.Hour/24
	if fresh && s.Hour != 0 && hour > s.Hour {
		d.learn(s, o.habits, objectsDay)
	}
	s.begin(hour, o.habits.place(o))
	s.empty(objectsHour, d.least(objectsHour))
	s.empty(routesHour, d.least(routesHour))
	if fresh {
		s.empty(objectsDay, d.least(objectsDay))
	}
}

// learn takes in what the window that is over held.
func (d BreadthAnomaly) learn(s *breadthAnomalyState, all *habits, m breadth) {
	h, value, end := all.at(s.Place), float64(s.Found[m]), s.end(m)
	if s.Before&m.bit() == 0 {
		// Of an episode the first window is a test, and what is below the floor could be no alert.
		d.budget.Count(&all.Breadths[m], end, d.tested(s, h, m))
	}
	if value > 0 {
		prior := d.group.Prior(&h.Breadths[m])
		// What is surprising is no habit, even below the floor: else whoever begins in the last minutes of an hour would have
		// one in the next.
		held := s.Flagged&m.bit() != 0 || d.strange(s, h, m)
		sample := d.counts.Learn(&s.Pasts[m], &prior, baseline.Window{Time: end, Exposure: 1, Count: value - 1, Held: held})
		if s.Flagged&m.bit() == 0 { // they are few, and would learn an attacker's habit
			d.group.Learn(&h.Breadths[m], sample)
		}
	}
}

// strange tells that what the window that is over held is surprising, be it worth an alert or not.
func (d BreadthAnomaly) strange(s *breadthAnomalyState, h *habit, m breadth) bool {
	value := float64(s.Found[m])
	law := d.law(s, h, m)
	if value < d.least(m)/strangeLeast || value < d.cfg.Ratio*(law.Mean+1) {
		return false
	}
	return !law.Below(value-1, d.budget.Level) && d.surprise(s, h, m, value) >= d.budget.Level
}

// strangeLeast is the part of the least that is too little to be strange.
const strangeLeast = 4

// tested is the surprise of a window that is over, 0 where it is none to speak of.
func (d BreadthAnomaly) tested(s *breadthAnomalyState, h *habit, m breadth) float64 {
	value := float64(s.Found[m])
	law := d.law(s, h, m)
	if !d.floor(m).Clears(value, law.Mean+1) || law.Below(value-1, d.budget.Level) {
		return 0
	}
	return d.surprise(s, h, m, value)
}

// look judges a window whose count has come to where it was to be looked at again.
func (d BreadthAnomaly) look(s *breadthAnomalyState, o *Observation, m breadth) {
	h, value := o.habits.at(s.Place), float64(s.Found[m])
	law := d.law(s, h, m)
	if floor := d.floor(m); !floor.Clears(value, law.Mean+1) {
		s.Limits[m] = float32(max(floor.Ratio*(law.Mean+1), value+1))
		return
	}
	s.Limits[m] = float32(value*lookAgain + 1)
	if s.windows(m) < ownHours && h.know(m) < float64(d.cfg.Peers) {
		return // nobody knows yet
	}
	threshold := d.budget.Threshold(&o.habits.Breadths[m])
	if law.Below(value-1, threshold) {
		return
	}
	if surprise := d.surprise(s, h, m, value); surprise >= threshold {
		s.Flagged |= m.bit()
		s.Surprises[m], s.Excess[m] = float32(surprise), float32(surprise-threshold)
	}
}

func (d BreadthAnomaly) least(m breadth) float64 {
	return float64([breadths]int{d.cfg.Objects, d.cfg.Routes, d.cfg.DayObjects}[m])
}

func (d BreadthAnomaly) floor(m breadth) baseline.Floor {
	return baseline.Floor{Least: d.least(m), Ratio: d.cfg.Ratio}
}

// law is what the count less one of a window is expected to be.
func (d BreadthAnomaly) law(s *breadthAnomalyState, h *habit, m breadth) baseline.Law {
	prior := d.group.Prior(&h.Breadths[m])
	return d.counts.Law(&s.Pasts[m], &prior, baseline.Slow, baseline.Span{Time: s.end(m), Exposure: 1})
}

func (d BreadthAnomaly) surprise(s *breadthAnomalyState, h *habit, m breadth, value float64) float64 {
	prior := d.group.Prior(&h.Breadths[m])
	return d.counts.Surprise(&s.Pasts[m], &prior, baseline.Slow, baseline.Window{Time: s.end(m), Exposure: 1, Count: value - 1})
}

// unusual is the evidence of a window that stands out, by the measure that does most.
func (d BreadthAnomaly) unusual(s *breadthAnomalyState, o *Observation) Evidence {
	m := s.worst()
	value, expected := float64(s.Found[m]), d.law(s, o.habits.at(s.Place), m).Mean+1
	ev := Evidence{Severity: finding.Low, Score: 35, Confidence: 0.5, Count: int64(s.Requests), Since: s.start(m), Compared: true}
	known := s.windows(m) >= ownHours
	if known && value >= mediumLeast*d.least(m) && value >= mediumRatio*expected && s.Excess[m] >= mediumSurprise &&
		o.Agent.Class != signature.AgentCrawler {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	ev.Baseline = finding.Baseline{
		Observed: value, Expected: round2(expected), High: round2(max(d.least(m), d.cfg.Ratio*expected)), Surprise: round2(float64(s.Surprises[m])),
	}
	return ev.With(m.String(), value).With("times_expected", round2(value/expected)).With("requests_hour", float64(s.Requests))
}
