package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

// DistributedStuffing finds logins at which stolen passwords are tried from many networks, each with a try or two.
//
// Signal: the networks that failed to log in at one endpoint, never got in anywhere before and have not got in since,
// against what is normal for the endpoint. People who fail try again and get in; most come back to where they got in
// before. A failure while nobody gets in, though people did, is set aside: it is the login that fails.
// Formula: with U such networks in the running Window, S networks that got in, and what earlier windows had, E = max(U/S
// then × S, mean U then): U ≥ Networks, U ≥ Factor × E and surprise(U, E) ≥ Surprise, where surprise(U, E) =
// (U·ln(U/E) − U + E)/(ln 10 · φ) is Chernoff's bound on a Poisson tail as −log10, φ ≥ 1 the dispersion of earlier windows; and
// failures ≤ Tries × U, of each network no more than its first few. Networks set aside: as many as Networks, and as many as
// OutageFactor × the most that tried to log in in any window lately, at no more than 1.5 tries each. A success of a network
// that had only failed, with an account that it did not fail with, makes it high while the first holds.
// Window: 1 hour, whole hours of event time. What is normal is forgotten by half in 35 windows with log-ins, does not learn
// from a window in which the statement held, and learns from no window more than twice what it expected.
// Defaults: 40 networks and 3 times the expected an hour, where a site at which a hundred people an hour give up after a
// mistake sees nothing of 100 networks more, and one with ten sees 40; a surprise of 6, once in a million hours; 2.5 tries,
// where campaigns make 1.01 (Datadog) and people in front of a login that is down make three and more.
// State: 6536 bytes for an endpoint at which log-ins were tried.
// ATT&CK: T1110.004 Brute Force: Credential Stuffing.
// OWASP: API2:2023 Broken Authentication; OAT-008 Credential Stuffing.
// Benign: a login that is down; the first working morning of the week, when failures and successes rise together; a day on
// which passwords expire, after which people get in; many people behind one address, and a client that fails all day,
// which are one network each. A login that is down from the first line of a log on, and everybody's sessions with it.
// Blind to: fewer networks an hour than Networks, or than the endpoint's noise; a campaign that grows slower than the
// normal is learned; logins whose answers do not tell how they ended; routes that hand out tokens; campaigns under which
// the login breaks down; proxies through which people got in before.
type DistributedStuffing struct{ cfg DistributedStuffingConfig }

// DistributedStuffingConfig holds the thresholds of DistributedStuffing.
type DistributedStuffingConfig struct {
	Window       time.Duration // span; default 1h
	Networks     int           // networks that failed and did not get in, in Window; default 40
	Factor       float64       // of these against the expected; default 3
	Surprise     float64       // −log10 of the probability of so many; default 6
	Tries        float64       // most failures per network; default 2.5
	OutageFactor float64       // networks while nobody gets in, against the most that tried in a window; default 4
}

// DefaultDistributedStuffing returns the defaults.
func DefaultDistributedStuffing() DistributedStuffingConfig {
	return DistributedStuffingConfig{Window: time.Hour, Networks: 40, Factor: 3, Surprise: 6, Tries: 2.5, OutageFactor: 4}
}

// NewDistributedStuffing makes the detector.
func NewDistributedStuffing(cfg DistributedStuffingConfig) DistributedStuffing {
	return DistributedStuffing{cfg}
}

var _ Detector[distributedStuffingState] = DistributedStuffing{}

type distributedStuffingState struct {
	Now    loginWindow
	Normal loginNormal
	Pulse  pulse
}

const (
	// fewTries is how many failures of one network count among the tries: the job that knocks all night must not hide a
	// campaign by raising the mean.
	fewTries = 8
	// outageTries is the most tries per network while nobody gets in: people and programs try again.
	outageTries = 1.5
)

func (d DistributedStuffing) Spec() Spec {
	return Spec{
		Name: "distributed_stuffing", Version: 1, When: SignAttempt, Entity: []event.Kind{event.KindEndpoint}, Facets: true, Quiet: 2 * time.Hour,
		Title: "Distributed credential stuffing",
		Description: "Many networks fail to log in, each with a try or two, far more than this login is used to. With high " +
			"severity some of them got in with another account: reset those accounts, and ask for more than a password.",
		Attack: []string{"T1110.004"}, OWASP: []string{"API2:2023"}, OAT: []string{"OAT-008"},
	}
}

func (d DistributedStuffing) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Minute || c.Window > 24*time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1m to 24h", c.Window))
	}
	if c.Networks < 10 {
		errs = append(errs, fmt.Errorf("networks %d: want at least 10", c.Networks))
	}
	if c.Factor < 1 || c.OutageFactor < 1 || c.Tries < 1 || c.Surprise < 0 {
		errs = append(errs, fmt.Errorf("factor %g, outage_factor %g, tries %g, surprise %g: want at least 1, 1, 1 and 0",
			c.Factor, c.OutageFactor, c.Tries, c.Surprise))
	}
	return errors.Join(errs...)
}

func (d DistributedStuffing) Concerns(o *Observation) bool {
	return o.Attempt && o.Outcome != route.OutcomeUnknown
}

func (d DistributedStuffing) Observe(s *distributedStuffingState, o *Observation) (Evidence, bool) {
	number := floorDiv(o.Time, d.cfg.Window.Nanoseconds())
	if number > s.Now.Number || s.Now.estranged(number) {
		s.Normal.learn(&s.Now)
		s.Now = loginWindow{Number: number}
	} else if number < s.Now.Number-1 {
		return Evidence{}, false // of another age: its window has been judged
	}
	if o.Outcome == route.Success {
		s.Pulse.beat(o.Time)
		if !s.Now.pass(o) {
			return Evidence{}, false
		}
		return d.evidence(s, o, finding.High)
	}
	if o.Passed > 0 {
		return Evidence{}, false
	}
	s.Now.fail(o, s.Pulse.stopped(o.Time))
	return d.evidence(s, o, finding.Medium)
}

// evidence tells whether the statement holds, and why.
func (d DistributedStuffing) evidence(s *distributedStuffingState, o *Observation, severity finding.Severity) (Evidence, bool) {
	w, c := &s.Now, &d.cfg
	networks, failures := w.Failing.Count(), w.Failures
	passing := w.Passing.Count()
	expected := s.Normal.expect(passing)
	surprise := s.Normal.surprise(float64(networks), expected)
	holds := networks >= c.Networks && float64(networks) >= c.Factor*expected && surprise >= c.Surprise &&
		float64(failures) <= c.Tries*float64(networks)
	if !holds {
		aside := w.Aside.Count()
		if severity != finding.Medium || aside < c.Networks || float64(aside) < c.OutageFactor*s.Normal.Peak ||
			float64(w.AsideFailures) > outageTries*float64(aside) {
			return Evidence{}, false
		}
		networks, failures = aside, w.AsideFailures
		surprise = s.Normal.surprise(float64(networks), expected)
	}
	w.Held = 1
	ev := Evidence{
		Severity: severity, Score: 75, Confidence: 0.85, Count: int64(failures), Since: min(w.First, o.Time), Compared: true,
		Baseline: finding.Baseline{
			Observed: float64(networks), Expected: round2(expected), High: round2(c.Factor * expected), Surprise: round2(surprise),
		},
	}
	if severity == finding.High {
		ev.Score, ev.Confidence = 92, 0.9
	}
	ev = ev.With("networks", float64(networks)).With("failures", float64(failures)).
		With("tries_per_network", round2(float64(failures)/float64(max(networks, 1)))).
		With("networks_that_got_in", float64(passing))
	if n := w.Accounts.Count(); n > 0 {
		ev = ev.With("accounts", float64(n))
	}
	if w.Hits > 0 {
		ev = ev.With("got_in_after_failing", float64(w.Hits))
	}
	return ev, true
}
