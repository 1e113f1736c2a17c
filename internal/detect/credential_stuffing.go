package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/sketch"
)

// CredentialStuffing finds clients that try stolen pairs of name and password, each once or twice.
//
// Signal: different accounts that failed to log in from one network, and how many tries each got.
// Formula: failing accounts ≥ Accounts, failures/accounts ≤ Tries and failures/(failures + successes) ≥ Share within
// Window. A success while it holds makes it high.
// Window: 15 minutes; a count of accounts spans at most twice that.
// Defaults: 15 accounts with at most 2 tries each on average in 15 minutes, as Elastic; a share of 0.5, because lists
// of stolen pairs hit once in a hundred to a thousand (Datadog), and of people behind one address most succeed.
// State: 360 bytes for a client that failed to log in with an account that the log names.
// ATT&CK: T1110.004 Brute Force: Credential Stuffing.
// OWASP: API2:2023 Broken Authentication; OAT-008 Credential Stuffing.
// Benign: a company or a school behind one address when the day begins; a proxy that is taken for the client; a login at
// which nobody succeeds for the moment, as in login_bruteforce.
// Blind to: logs that do not name the account (login_bruteforce speaks then); one try each from many networks.
type CredentialStuffing struct{ cfg CredentialStuffingConfig }

// CredentialStuffingConfig holds the thresholds of CredentialStuffing.
type CredentialStuffingConfig struct {
	Window   time.Duration // span; default 15m
	Accounts int           // different accounts that failed in Window; default 15
	Tries    float64       // most failures per account; default 2
	Share    float64       // failures among logins whose outcome is known, 0–1; default 0.5
}

// DefaultCredentialStuffing returns the defaults.
func DefaultCredentialStuffing() CredentialStuffingConfig {
	return CredentialStuffingConfig{Window: 15 * time.Minute, Accounts: 15, Tries: 2, Share: 0.5}
}

// NewCredentialStuffing makes the detector.
func NewCredentialStuffing(cfg CredentialStuffingConfig) CredentialStuffing {
	return CredentialStuffing{cfg}
}

var _ Detector[credentialStuffingState] = CredentialStuffing{}

type credentialStuffingState struct {
	Failures  sketch.Window
	Successes sketch.Window
	Accounts  sketch.Recent // that failed
	Basic     uint32        // 1 when requests failed by their own credentials
	_         [4]byte
}

func (d CredentialStuffing) Spec() Spec {
	return Spec{
		Name: "credential_stuffing", Version: 2, When: SignAttempt, Entity: []event.Kind{event.KindNetwork}, Whole: true, Quiet: 30 * time.Minute,
		Title: "Credential stuffing",
		Description: "The client tries many accounts, each once or twice, as with a list of stolen passwords. With high " +
			"severity some logins succeeded: reset those accounts.",
		Attack: []string{"T1110.004"}, OWASP: []string{"API2:2023"}, OAT: []string{"OAT-008"},
	}
}

func (d CredentialStuffing) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > 24*time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 24h", c.Window))
	}
	if c.Accounts < 3 || c.Tries < 1 {
		errs = append(errs, fmt.Errorf("accounts %d, tries %g: want at least 3 and 1", c.Accounts, c.Tries))
	}
	if !isShare(c.Share) {
		errs = append(errs, fmt.Errorf("share %g: want 0 to 1", c.Share))
	}
	return errors.Join(errs...)
}

func (d CredentialStuffing) Concerns(o *Observation) bool {
	return o.Attempt && o.User != 0 && o.Outcome != route.OutcomeUnknown
}

func (d CredentialStuffing) Observe(s *credentialStuffingState, o *Observation) (Evidence, bool) {
	span := d.cfg.Window.Nanoseconds()
	if !d.Concerns(o) {
		if s.Basic > 0 && accepted(o) {
			s.Successes.Add(o.Time, span, 1)
		}
		return Evidence{}, false
	}
	if o.Basic {
		s.Basic = 1
	}
	severity := finding.Medium
	if o.Outcome == route.Success {
		severity = finding.High
		s.Successes.Add(o.Time, span, 1)
		s.Failures.Advance(o.Time, span)
	} else {
		s.Failures.Add(o.Time, span, 1)
		s.Successes.Advance(o.Time, span)
		s.Accounts.Add(o.Time, span, o.User)
	}
	if !s.Accounts.AtLeast(d.cfg.Accounts) {
		return Evidence{}, false
	}
	failures, successes, accounts := s.Failures.Total(), s.Successes.Total(), s.Accounts.Count()
	if share(failures, failures+successes) < d.cfg.Share || float64(failures) > d.cfg.Tries*float64(accounts) {
		return Evidence{}, false
	}
	ev := Evidence{Severity: severity, Score: 70, Confidence: 0.9, Count: int64(failures + successes)}
	if severity == finding.High {
		ev.Score = 90
	}
	if o.Outage {
		ev.Severity, ev.Score = finding.Low, 30
	}
	return ev.With("accounts", float64(accounts)).With("failures", float64(failures)).With("successes", float64(successes)), true
}
