package detect

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// LoginBruteforce finds clients that guess passwords.
//
// Signal: failed logins from one network, their share of its logins, and the regularity of the gaps between them. A
// login is a form or a call, or a request that carries its own credentials (Basic, Digest) if the log tells the account.
// Formula: failures ≥ Failures and failures/(failures + successes) ≥ Share within Window (and failures/requests ≥
// AttemptShare where only equal answers in a row tell that they failed); or a run of PacedFailures whose gaps are at least
// PacedGap on average with a coefficient of variation σ/μ ≤ PacedVariation; or attempts ≥ Attempts and attempts/requests ≥
// AttemptShare within Window, of those whose answers do not tell for certain how they ended; low below twice AttemptShare
// when their user agents vary. A success while the first holds makes it high. Where accounts are known, at least half of
// the failures are on an account that failed before, or it is credential_stuffing's question.
// Window: 10 minutes; the run of paced failures ends at a gap of PacedPause.
// Defaults: 10 failures in 10 minutes (AWS: more than 10; Fail2ban: 5; Mozilla: 30), at a share of 0.75, which a
// thousand people behind one address stay under on a Monday morning even when every second try is a mistake; 8 paced
// failures a minute apart with a variation of 0.35, because people do not fail by the clock; 30 attempts (AWS: 20 in 10
// minutes) at 0.3 of the requests, because people who log in go on to something else.
// State: 520 bytes for a client that failed to log in, or got in more than three times.
// ATT&CK: T1110.001 Brute Force: Password Guessing; T1110.003 Password Spraying.
// OWASP: API2:2023 Broken Authentication; OAT-007 Credential Cracking.
// Benign: a person who mistypes a few times; many people behind one address, most of whom succeed; a login at which
// nobody succeeds for the moment, though people did, once three other networks get errors there within ten minutes: low.
// A job that keeps trying an old password looks the same, and is worth knowing.
// Blind to: guesses at random intervals below the rate; one account attacked from many networks; a form whose answer
// does not tell a failure from a success, below Attempts; Basic credentials where the log has no accounts.
type LoginBruteforce struct{ cfg LoginBruteforceConfig }

// LoginBruteforceConfig holds the thresholds of LoginBruteforce.
type LoginBruteforceConfig struct {
	Window         time.Duration // span of the fast variant; default 10m
	Failures       int           // failed logins in Window; default 10
	Share          float64       // failures among logins whose outcome is known, 0–1; default 0.75
	Attempts       int           // attempts in Window whose outcome the answers do not tell; default 30
	AttemptShare   float64       // of these among the client's requests, static files aside, 0–1; default 0.3
	PacedFailures  int           // failures in a regular run; default 8
	PacedGap       time.Duration // least mean gap of a run; default 1m
	PacedPause     time.Duration // gap that ends a run; default 6h
	PacedVariation float64       // most σ/μ of the gaps; default 0.35
}

// DefaultLoginBruteforce returns the defaults.
func DefaultLoginBruteforce() LoginBruteforceConfig {
	return LoginBruteforceConfig{
		Window: 10 * time.Minute, Failures: 10, Share: 0.75, Attempts: 30, AttemptShare: 0.3,
		PacedFailures: 8, PacedGap: time.Minute, PacedPause: 6 * time.Hour, PacedVariation: 0.35,
	}
}

// NewLoginBruteforce makes the detector.
func NewLoginBruteforce(cfg LoginBruteforceConfig) LoginBruteforce { return LoginBruteforce{cfg} }

var _ Detector[loginBruteforceState] = LoginBruteforce{}

type loginBruteforceState struct {
	Failures  sketch.Window
	Successes sketch.Window
	Unknown   sketch.Window // attempts whose outcome is not known for certain
	Requests  sketch.Window
	Named     sketch.Window // failures whose account is known
	Accounts  sketch.Recent // accounts that failed
	Run       gaps
	Basic     uint32 // 1 when requests failed by their own credentials
	Agent     uint32 // hash of the user agent of the last untold attempt
	Same      uint32 // such attempts in a row with it
	_         [4]byte
}

// gaps is a run of failures: what is needed for the mean and variance of its gaps, in seconds.
type gaps struct {
	Last     int64 // event time of the newest
	Sum, Sq  float64
	Failures uint32
	_        [4]byte
}

func (d LoginBruteforce) Spec() Spec {
	return Spec{
		Name: "login_bruteforce", Version: 2, When: SignAttempt, Entity: []event.Kind{event.KindNetwork}, Whole: true, Quiet: 30 * time.Minute,
		Title: "Password guessing",
		Description: "The client fails to log in again and again. With high severity a login succeeded in between: see which " +
			"account it was and end its sessions.",
		Attack: []string{"T1110.001", "T1110.003"}, OWASP: []string{"API2:2023"}, OAT: []string{"OAT-007"},
	}
}

func (d LoginBruteforce) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > 24*time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 24h", c.Window))
	}
	if c.Failures < 3 || c.PacedFailures < 4 || c.Attempts < c.Failures {
		errs = append(errs, fmt.Errorf("failures %d, attempts %d, paced_failures %d: want 3 ≤ failures ≤ attempts, and at least 4",
			c.Failures, c.Attempts, c.PacedFailures))
	}
	if !isShare(c.Share) || !isShare(c.AttemptShare) || !isShare(c.PacedVariation) {
		errs = append(errs, errors.New("share, attempt_share, paced_variation: want 0 to 1"))
	}
	if c.PacedGap <= 0 || c.PacedPause <= c.PacedGap {
		errs = append(errs, fmt.Errorf("paced_gap %s, paced_pause %s: want 0 < gap < pause", c.PacedGap, c.PacedPause))
	}
	return errors.Join(errs...)
}

// usualLogins is how often a network gets in, and never fails, before it is remembered: most people do no more.
const usualLogins = 3

func (d LoginBruteforce) Concerns(o *Observation) bool {
	return o.Attempt && (o.Outcome != route.Success || o.Failed > 0 || o.Passed >= usualLogins)
}

func (d LoginBruteforce) Observe(s *loginBruteforceState, o *Observation) (Evidence, bool) {
	span := d.cfg.Window.Nanoseconds()
	if !o.Purpose.Has(route.Static) {
		s.Requests.Put(o.Time, span, 1)
	}
	s.Failures.Advance(o.Time, span)
	s.Successes.Advance(o.Time, span)
	if !o.Attempt {
		if s.Basic > 0 && accepted(o) {
			s.Successes.Put(o.Time, span, 1)
		}
		return Evidence{}, false
	}
	severity := finding.Medium
	var holds bool
	switch o.Outcome {
	case route.Success:
		s.Successes.Put(o.Time, span, 1)
		severity = finding.High
		holds = d.guesses(s) && (o.User == 0 || s.Named.Total() == 0 || s.Accounts.Has(o.User))
		if !holds && !o.Certain {
			severity, holds = d.knocks(s, o)
		}
	case route.Failure:
		s.fail(o, span, d.cfg.PacedPause)
		plain := !o.Inferred || share(s.Failures.Total(), s.Requests.Total()) >= d.cfg.AttemptShare
		holds = plain && d.guesses(s) || d.paced(&s.Run)
	default:
		if o.Answer != AnswerFailed { // a service that is down tells nobody whether a password was right
			severity, holds = d.knocks(s, o)
		}
	}
	if !holds {
		return Evidence{}, false
	}
	if o.Outage {
		severity = finding.Low
	}
	return d.evidence(s, severity), true
}

// accepted tells a request whose own credentials were good.
func accepted(o *Observation) bool {
	p := o.Event.Principal
	return p != "" && p != "-" && (o.Answer == AnswerOK || o.Answer == AnswerRedirect)
}

// knocks counts an attempt whose outcome the answer does not tell for certain, and tells whether there are more of them
// than somebody makes who gets in. Where a site does nothing but log people in, a crowd looks like that but for its many
// user agents, and asks for the form first.
func (d LoginBruteforce) knocks(s *loginBruteforceState, o *Observation) (finding.Severity, bool) {
	n := s.Unknown.Add(o.Time, d.cfg.Window.Nanoseconds(), 1)
	part := share(n, s.Requests.Total())
	if agent := uint32(xxh3.HashString(o.Event.UserAgent)); agent == s.Agent && o.Agent.Class != signature.AgentEmpty {
		s.Same++
	} else {
		s.Agent, s.Same = agent, 0
	}
	if n < uint32(d.cfg.Attempts) || part < d.cfg.AttemptShare {
		return finding.SeverityUnknown, false
	}
	if part < min(2*d.cfg.AttemptShare, 1) && s.Same < uint32(d.cfg.Attempts)/2 {
		return finding.Low, true
	}
	return finding.Medium, true
}

func (s *loginBruteforceState) fail(o *Observation, span int64, pause time.Duration) {
	s.Failures.Put(o.Time, span, 1)
	s.Run.add(o.Time, pause)
	if o.Basic {
		s.Basic = 1
	}
	if o.User != 0 {
		s.Named.Put(o.Time, span, 1)
		s.Accounts.Add(o.Time, span, o.User)
	}
}

// paced tells whether the slow variant holds.
func (d LoginBruteforce) paced(r *gaps) bool {
	return r.Failures >= uint32(d.cfg.PacedFailures) && r.mean() >= d.cfg.PacedGap.Seconds() &&
		r.variation() <= d.cfg.PacedVariation
}

// guesses tells whether the fast variant holds.
func (d LoginBruteforce) guesses(s *loginBruteforceState) bool {
	failures := s.Failures.Total()
	if failures < uint32(d.cfg.Failures) || share(failures, failures+s.Successes.Total()) < d.cfg.Share {
		return false
	}
	named := s.Named.Total()
	return named == 0 || 2*uint32(s.Accounts.Count()) <= named || failures-min(named, failures) >= uint32(d.cfg.Failures)
}

func (d LoginBruteforce) evidence(s *loginBruteforceState, severity finding.Severity) Evidence {
	failures, unknown := s.Failures.Total(), s.Unknown.Total()
	ev := Evidence{Severity: severity, Score: 30, Confidence: 0.85, Count: int64(max(failures+unknown, s.Run.Failures))}
	if failures < unknown {
		ev.Confidence = 0.6
	}
	switch severity { //nolint:exhaustive // there are three
	case finding.Medium:
		ev.Score = 60
	case finding.High:
		ev.Score = 85
	}
	ev = ev.With("failures", float64(failures)).With("successes", float64(s.Successes.Total())).
		With("attempts_untold", float64(unknown))
	if n := s.Accounts.Count(); n > 0 {
		ev = ev.With("accounts", float64(n))
	}
	if s.Run.Failures >= 3 {
		ev = ev.With("run", float64(s.Run.Failures)).With("mean_gap_seconds", round2(s.Run.mean())).With("gap_variation", round2(s.Run.variation()))
	}
	return ev
}

func (r *gaps) add(t int64, pause time.Duration) {
	gap := t - r.Last
	switch {
	case r.Failures == 0 || gap > pause.Nanoseconds():
		*r = gaps{Last: t, Failures: 1}
		return
	case gap < 0: // out of order: the gaps around it come out wrong either way
		r.Failures++
		return
	}
	r.Sum += float64(gap) / 1e9
	r.Sq += float64(gap) / 1e9 * float64(gap) / 1e9
	r.Last = t
	r.Failures++
}

func (r *gaps) mean() float64 { return r.Sum / float64(max(r.Failures, 2)-1) }

func (r *gaps) variation() float64 {
	m := r.mean()
	if m <= 0 {
		return 1
	}
	return math.Sqrt(max(r.Sq/float64(max(r.Failures, 2)-1)-m*m, 0)) / m
}
