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

// Exfiltration finds clients that carry away more data than they usually do where no hour shows it: by answers many times
// as large as a route usually gives, and by what a day adds up to.
//
// Signal: bytes sent to one principal, or to one network where the log tells no principal, in the running day; its answers
// 2xx that are much larger than those of the same route usually are; the same of its days and hours before, and of others
// of its kind at the same service.
// Formula: an hour holds Answers of them with Excess bytes more than usual, or a day Bytes and Ratio times what is expected
// of it, and that is more surprising than what would make AlertsPerDay alerts a day at large (package baseline:
// Gamma–Poisson counts, Student's law of the logarithm of bytes). Much larger: 64 KiB, and in logarithms 4 deviations and a
// factor of 4 above the mean of a route of which 100 answers are known. Of an hour no more than 20 MB count in its day: more
// is the matter of volume_anomaly. Low; medium where the client's own habit is known, for 5 times the least that is 2 more
// surprising than needed, and 10 times what is expected of a day.
// Window: 1 hour and 1 day by the clock (UTC); half-lives of 2 and 28 days.
// Defaults: 3 such answers, since one may be a link that somebody followed; 5 MB more than usual and 60 MB a day are what is
// worth somebody's time. 3 times the expected, since days differ by half and double. 20 peers before anybody is judged by
// them; 24 hours or 4 days of its own before a client is judged without. 2 alerts a day over both.
// State: 112 bytes for a client from the 30th request of its network in an hour, or the first answer of 256 KiB.
// ATT&CK: T1530 Data from Cloud Storage, T1020 Automated Exfiltration, T1567 Exfiltration Over Web Service.
// OWASP: API4:2023 Unrestricted Resource Consumption, API6:2023 Unrestricted Access to Sensitive Business Flows; OAT-011
// Scraping.
// Benign: a report at the end of the month, a backup by somebody new, a page size that a partner has raised: low, and
// once; then it is a habit.
// Blind to: who spreads over many networks or names, or takes no more than 3 times as much as ever; routes that always
// answered with anything; logs that tell no sizes.
type Exfiltration struct{ *exfiltrationModels }

// exfiltrationModels are what does not change: too much to be copied for every event.
type exfiltrationModels struct {
	cfg    ExfiltrationConfig
	counts baseline.Counts
	group  baseline.Group
	sizes  baseline.Sizes
	sized  baseline.SizeGroup
	budget baseline.Budget
}

// ExfiltrationConfig holds the thresholds of Exfiltration.
type ExfiltrationConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 2
	Answers      int     // least answers in an hour that are much larger than usual; default 3
	Excess       int     // least bytes in an hour by which these are larger; default 5 MB
	Bytes        int     // least bytes in a day; default 60 MB
	Ratio        float64 // least multiple of what is expected of a day; default 3
	Peers        int     // clients of a service from which they are held against each other; default 20
}

// DefaultExfiltration returns the defaults.
func DefaultExfiltration() ExfiltrationConfig {
	return ExfiltrationConfig{AlertsPerDay: 2, Answers: 3, Excess: 5e6, Bytes: 60e6, Ratio: 3, Peers: 20}
}

// NewExfiltration makes the detector.
func NewExfiltration(cfg ExfiltrationConfig) Exfiltration {
	d := Exfiltration{&exfiltrationModels{
		cfg: cfg, counts: baseline.Counts{Memory: baseline.DefaultMemory()}, group: baseline.DefaultGroup(),
		sizes: baseline.DefaultSizes(), sized: baseline.DefaultSizeGroup(), budget: baseline.DefaultBudget(),
	}}
	d.group.Start = baseline.Prior{Mean: 0.05, Shape: 0.1, Noise: 1} // most have none at all
	d.budget.PerDay, d.budget.Share = cfg.AlertsPerDay, 1/float64(leaks)
	return d
}

var _ Detector[exfiltrationState] = Exfiltration{}

func (d Exfiltration) Spec() Spec {
	return Spec{
		Name: "exfiltration", Version: 1, Entity: []event.Kind{event.KindPrincipal, event.KindNetwork}, When: SignMuch,
		Whole: true, Quiet: 2 * time.Hour,
		Title: "Data leaving",
		Description: "The client carries away more data than it usually does, in larger answers or over the day. Ask its owner; if " +
			"nobody knows, take its key away and look at what was read.",
		Attack: []string{"T1530", "T1020", "T1567"}, OWASP: []string{"API4:2023", "API6:2023"}, OAT: []string{"OAT-011"},
	}
}

func (d Exfiltration) Validate() error {
	c := d.cfg
	var errs []error
	if !(c.AlertsPerDay > 0 && c.AlertsPerDay <= 1e6) {
		errs = append(errs, fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", c.AlertsPerDay))
	}
	if c.Answers < 1 || c.Excess < 1 || c.Bytes < 1 {
		errs = append(errs, fmt.Errorf("answers %d, excess %d, bytes %d: want at least 1", c.Answers, c.Excess, c.Bytes))
	}
	if !(c.Ratio >= 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want at least 1", c.Ratio))
	}
	if c.Peers < 1 {
		errs = append(errs, errors.New("peers: want at least 1"))
	}
	return errors.Join(errs...)
}

func (d Exfiltration) Concerns(o *Observation) bool {
	size, _ := o.Event.Size()
	return (o.Hourly >= manyRequests || size >= largeAnswer) && !o.Purpose.Has(route.Static)
}

func (d Exfiltration) Observe(s *exfiltrationState, o *Observation) (Evidence, bool) {
	if o.Purpose.Has(route.Static) {
		return Evidence{}, false
	}
	if hour := windowOf(o.Time); hour != s.Hour && !s.strays(hour) {
		d.turn(s, o, hour)
	}
	looked := false
	if s.add(o) && int(s.Answers) >= d.cfg.Answers && s.Excess >= uint64(d.cfg.Excess) {
		looked = d.lookAtAnswers(s, o)
	}
	if float32(s.Sent) >= s.Limit {
		d.lookAtDay(s, o)
		looked = true
	}
	switch {
	case s.Flagged == 0:
		return Evidence{}, false
	case looked:
		return d.leaving(s, o), true
	default:
		return Evidence{More: true}, true
	}
}

// turn ends the hour that is over, and the day, and begins another.
func (d Exfiltration) turn(s *exfiltrationState, o *Observation, hour uint32) {
	day := hour / 24
	if s.Hour != 0 && hour > s.Hour {
		d.learnHour(s, o.habits)
		if day != s.Hour/24 {
			d.learnDay(s, o.habits)
		}
	}
	if day != s.Hour/24 {
		s.beginDay(float32(d.cfg.Bytes))
	}
	s.beginHour(hour, o.habits.place(o))
}

func (d Exfiltration) learnHour(s *exfiltrationState, all *habits) {
	h, end := all.at(s.Place), s.end()
	if s.Before&leakAnswers.bit() == 0 {
		surprise := 0.0
		if int(s.Answers) >= d.cfg.Answers {
			surprise = d.surpriseOfAnswers(s, h)
		}
		d.budget.Count(&all.Leaks[leakAnswers], end, surprise)
	}
	held, prior := s.Flagged&leakAnswers.bit() != 0, d.group.Prior(&h.Answers)
	sample := d.counts.Learn(&s.Large, &prior, baseline.Window{Time: end, Exposure: 1, Count: float64(s.Answers), Held: held})
	if !held { // they are few, and would learn an attacker's habit
		d.group.Learn(&h.Answers, sample)
	}
}

func (d Exfiltration) learnDay(s *exfiltrationState, all *habits) {
	h, m := all.at(s.Place), d.day(s)
	prior := d.sized.Prior(&h.Days)
	if s.Before&leakDay.bit() == 0 {
		surprise := 0.0
		if m.Value >= float64(d.cfg.Bytes) {
			surprise = d.sizes.Surprise(&s.Days, &prior, baseline.Slow, m)
		}
		d.budget.Count(&all.Leaks[leakDay], m.Time, surprise)
	}
	m.Held = s.Flagged&leakDay.bit() != 0
	law := d.sizes.Learn(&s.Days, &prior, m)
	if !m.Held {
		d.sized.Learn(&h.Days, &s.Days, law, m)
	}
}

// lookAtAnswers judges the large answers of the running hour; false when it has come to nothing.
func (d Exfiltration) lookAtAnswers(s *exfiltrationState, o *Observation) bool {
	h := o.habits.at(s.Place)
	if float64(s.Large.Slow.Whole) < ownHours && h.clients() < float64(d.cfg.Peers) {
		return false // nobody knows yet
	}
	return s.flag(leakAnswers, d.surpriseOfAnswers(s, h), d.budget.Threshold(&o.habits.Leaks[leakAnswers]))
}

func (d Exfiltration) surpriseOfAnswers(s *exfiltrationState, h *habit) float64 {
	prior := d.group.Prior(&h.Answers)
	return d.counts.Surprise(&s.Large, &prior, baseline.Slow, baseline.Window{Time: s.end(), Exposure: 1, Count: float64(s.Answers)})
}

// lookAtDay judges what the day has come to.
func (d Exfiltration) lookAtDay(s *exfiltrationState, o *Observation) {
	h, m := o.habits.at(s.Place), d.day(s)
	expected := d.expected(s, h)
	if !(baseline.Floor{Least: float64(d.cfg.Bytes), Ratio: d.cfg.Ratio}).Clears(m.Value, expected) {
		s.Limit = float32(max(d.cfg.Ratio*expected, m.Value*lookAgain))
		return
	}
	s.Limit = float32(m.Value * lookAgain)
	if float64(s.Days.Weight) < ownDays && h.Days.Weight < float64(d.cfg.Peers) {
		return // nobody knows yet
	}
	prior := d.sized.Prior(&h.Days)
	s.flag(leakDay, d.sizes.Surprise(&s.Days, &prior, baseline.Slow, m), d.budget.Threshold(&o.habits.Leaks[leakDay]))
}

// day is what the running day has come to.
func (d Exfiltration) day(s *exfiltrationState) baseline.Measure {
	return baseline.Measure{Time: s.start() + int64(24*time.Hour), Value: float64(s.Sent)}
}

func (d Exfiltration) expected(s *exfiltrationState, h *habit) float64 {
	prior := d.sized.Prior(&h.Days)
	return d.sizes.Law(&s.Days, &prior, baseline.Slow, d.day(s)).Expected()
}

// leaving is the evidence of what stands out, by what does most.
func (d Exfiltration) leaving(s *exfiltrationState, o *Observation) Evidence {
	ev := Evidence{Severity: finding.Low, Score: 40, Confidence: 0.5, Count: 1, Compared: true}
	var known bool
	h := o.habits.at(s.Place)
	if s.Flagged.worst(s) == leakDay {
		expected, sent := d.expected(s, h), float64(s.Sent)
		known = float64(s.Days.Weight) >= ownDays && sent >= mediumLeast*float64(d.cfg.Bytes) && sent >= mediumRatio*expected
		ev.Baseline = finding.Baseline{Observed: sent, Expected: round2(expected), High: round2(max(float64(d.cfg.Bytes), d.cfg.Ratio*expected))}
		ev.Baseline.Surprise = round2(float64(s.Surprises[leakDay]))
		known = known && s.Above[leakDay] >= mediumSurprise
		ev = ev.With("bytes_day", sent).With("times_expected", round2(sent/max(expected, 1)))
	} else {
		known = float64(s.Large.Slow.Whole) >= ownHours && s.Above[leakAnswers] >= mediumSurprise &&
			int(s.Answers) >= mediumLeast*d.cfg.Answers && s.Excess >= mediumLeast*uint64(d.cfg.Excess)
		expected := float64(s.Large.Slow.Sum) / max(float64(s.Large.Slow.Whole), 1)
		ev.Baseline = finding.Baseline{Observed: float64(s.Answers), Expected: round2(expected), High: float64(d.cfg.Answers)}
		ev.Baseline.Surprise, ev.Count = round2(float64(s.Surprises[leakAnswers])), int64(s.Answers)
		ev = ev.With("large_answers_hour", float64(s.Answers)).With("bytes_above_usual", float64(s.Excess)).
			With("times_usual", round2(o.habits.timesUsual(o)))
	}
	if known {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	return ev
}
