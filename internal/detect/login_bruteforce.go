package detect

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/sketch"
)

// LoginBruteforce finds clients that guess passwords.
//
// Signal: failed logins from one network, their share of its logins, and the regularity of the gaps between them.
// Formula: failures ≥ Failures and failures/(failures + successes) ≥ Share within Window; or a run of PacedFailures whose
// gaps are at least PacedGap on average with a coefficient of variation σ/μ ≤ PacedVariation. A success while the first
// holds makes it high. Where accounts are known, at least half of the failures are on an account that failed before, or
// it is credential_stuffing's question.
// Window: 10 minutes; the run of paced failures ends at a gap of PacedPause.
// Defaults: 10 failures in 10 minutes (AWS: more than 10; Fail2ban: 5; Mozilla: 30), at a share of 0.5, which a
// thousand people behind one address stay under on a Monday morning; 8 paced failures a minute apart with a variation of
// 0.35, because people do not fail by the clock.
// State: 416 bytes for a client that failed to log in.
// ATT&CK: T1110.001 Brute Force: Password Guessing; T1110.003 Password Spraying.
// OWASP: API2:2023 Broken Authentication; OAT-007 Credential Cracking.
// Benign: a person who mistypes a few times; many people behind one address, most of whom succeed. A job that keeps
// trying an old password looks the same, and is worth knowing.
// Blind to: guesses at random intervals below the rate; one account attacked from many networks; a form whose answer
// does not tell a failure from a success, until the client has tried five times in a row.
type LoginBruteforce struct{ cfg LoginBruteforceConfig }

// LoginBruteforceConfig holds the thresholds of LoginBruteforce.
type LoginBruteforceConfig struct {
	Window         time.Duration // span of the fast variant; default 10m
	Failures       int           // failed logins in Window; default 10
	Share          float64       // failures among logins whose outcome is known, 0–1; default 0.5
	PacedFailures  int           // failures in a regular run; default 8
	PacedGap       time.Duration // least mean gap of a run; default 1m
	PacedPause     time.Duration // gap that ends a run; default 6h
	PacedVariation float64       // most σ/μ of the gaps; default 0.35
}

// DefaultLoginBruteforce returns the defaults.
func DefaultLoginBruteforce() LoginBruteforceConfig {
	return LoginBruteforceConfig{
		Window: 10 * time.Minute, Failures: 10, Share: 0.5,
		PacedFailures: 8, PacedGap: time.Minute, PacedPause: 6 * time.Hour, PacedVariation: 0.35,
	}
}

// NewLoginBruteforce makes the detector.
func NewLoginBruteforce(cfg LoginBruteforceConfig) LoginBruteforce { return LoginBruteforce{cfg} }

var _ Detector[loginBruteforceState] = LoginBruteforce{}

type loginBruteforceState struct {
	Failures  sketch.Window
	Successes sketch.Window
	Named     sketch.Window // failures whose account is known
	Accounts  sketch.Recent // accounts that failed
	Run       gaps
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
		Name: "login_bruteforce", Version: 1, Entity: []event.Kind{event.KindNetwork}, Quiet: 30 * time.Minute,
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
	if c.Failures < 3 || c.PacedFailures < 4 {
		errs = append(errs, fmt.Errorf("failures %d, paced_failures %d: want at least 3 and 4", c.Failures, c.PacedFailures))
	}
	if !isShare(c.Share) || !isShare(c.PacedVariation) {
		errs = append(errs, errors.New("share, paced_variation: want 0 to 1"))
	}
	if c.PacedGap <= 0 || c.PacedPause <= c.PacedGap {
		errs = append(errs, fmt.Errorf("paced_gap %s, paced_pause %s: want 0 < gap < pause", c.PacedGap, c.PacedPause))
	}
	return errors.Join(errs...)
}

// Whole stays false: successes are attempts too, and a client that only succeeds costs one state, which is what makes
// its share right from the first failure.
func (d LoginBruteforce) Concerns(o *Observation) bool {
	return o.Attempt && o.Outcome != route.OutcomeUnknown
}

func (d LoginBruteforce) Observe(s *loginBruteforceState, o *Observation) (Evidence, bool) {
	span := d.cfg.Window.Nanoseconds()
	if o.Outcome == route.Success {
		s.Successes.Add(o.Time, span, 1)
		s.Failures.Sum(o.Time, span)
		if !d.guesses(s) || o.User != 0 && s.Named.Total() > 0 && !s.Accounts.Has(o.User) {
			return Evidence{}, false
		}
		return d.evidence(s, finding.High), true
	}
	s.Failures.Add(o.Time, span, 1)
	s.Successes.Sum(o.Time, span)
	if o.User != 0 {
		s.Named.Add(o.Time, span, 1)
		s.Accounts.Add(o.Time, span, o.User)
	}
	s.Run.add(o.Time, d.cfg.PacedPause)
	paced := s.Run.Failures >= uint32(d.cfg.PacedFailures) && s.Run.mean() >= d.cfg.PacedGap.Seconds() &&
		s.Run.variation() <= d.cfg.PacedVariation
	if !d.guesses(s) && !paced {
		return Evidence{}, false
	}
	return d.evidence(s, finding.Medium), true
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
	failures := s.Failures.Total()
	ev := Evidence{Severity: severity, Score: 60, Confidence: 0.85, Count: int64(max(failures, s.Run.Failures))}
	if severity == finding.High {
		ev.Score = 85
	}
	ev = ev.With("failures", float64(failures)).With("successes", float64(s.Successes.Total()))
	if n := s.Accounts.Count(); n > 0 {
		ev = ev.With("accounts", float64(n))
	}
	if s.Run.Failures >= 3 {
		ev = ev.With("mean_gap_seconds", round2(s.Run.mean())).With("gap_variation", round2(s.Run.variation()))
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
