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

// AccountAttack finds accounts whose password is guessed from many networks, each too quiet to be noticed by itself.
//
// Signal: the networks that failed to log in to one account and were never seen to get in anywhere, how often each of
// them tried, and the share of failures among the account's log-ins. The account is what the log tells as the user of
// the attempt, got in or not.
// Formula: networks ≥ Networks, failures ≤ Tries × networks and failures/(failures + successes) ≥ Share within Window. A
// success from a network that was never seen to get in while it holds makes it high.
// Window: 1 hour; a count of networks spans at most twice that.
// Defaults: 10 networks in an hour (Firefox Accounts: 10 in 10 minutes; Elastic: 5 to 8 in 30 minutes; a person moves
// between two or three); at most 10 tries each on average, because a job that keeps trying an old password makes more and
// comes from few places, and so does who login_bruteforce finds; a share of 0.75, as there, for accounts that many share.
// State: 400 bytes for an account that failed to log in.
// ATT&CK: T1110.001 Brute Force: Password Guessing; T1078 Valid Accounts.
// OWASP: API2:2023 Broken Authentication; OAT-007 Credential Cracking; OAT-008 Credential Stuffing.
// Benign: a person whose phone changes addresses, at a few failures; a job with an expired password, from one or two
// networks; an account that many offices share, most of whom get in. When the password of such an account expires, all
// its offices fail: those that got in before do not count, but a log that begins at that moment does not tell them.
// Blind to: logs that do not name the account; fewer networks an hour than Networks; proxies through which others got in
// before; the credentials (Basic, Digest) of requests that get in, which are not told apart from any request.
type AccountAttack struct{ cfg AccountAttackConfig }

// AccountAttackConfig holds the thresholds of AccountAttack.
type AccountAttackConfig struct {
	Window   time.Duration // span; default 1h
	Networks int           // different networks that failed on the account in Window; default 10
	Tries    float64       // most failures per network; default 10
	Share    float64       // failures among the account's log-ins whose outcome is known, 0–1; default 0.75
}

// DefaultAccountAttack returns the defaults.
func DefaultAccountAttack() AccountAttackConfig {
	return AccountAttackConfig{Window: time.Hour, Networks: 10, Tries: 10, Share: 0.75}
}

// NewAccountAttack makes the detector.
func NewAccountAttack(cfg AccountAttackConfig) AccountAttack { return AccountAttack{cfg} }

var _ Detector[accountAttackState] = AccountAttack{}

type accountAttackState struct {
	Failures  sketch.Window // of networks that never got in
	Others    sketch.Window // of networks that did
	Successes sketch.Window
	Networks  sketch.Recent // that failed and never got in
	First     int64         // event time of the first failure of the running episode of failures
}

func (d AccountAttack) Spec() Spec {
	return Spec{
		Name: "account_attack", Version: 1, When: SignAttempt, Entity: []event.Kind{event.KindPrincipal}, Facets: true, Whole: true,
		Quiet: 2 * time.Hour,
		Title: "Account attacked from many networks",
		Description: "Many networks fail to log in to one account, each with a few tries. With high severity one that was " +
			"never seen before got in: ask the user, end the account's sessions and reset its password.",
		Attack: []string{"T1110.001", "T1078"}, OWASP: []string{"API2:2023"}, OAT: []string{"OAT-007", "OAT-008"},
	}
}

func (d AccountAttack) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > 24*time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 24h", c.Window))
	}
	if c.Networks < 3 || c.Tries < 1 {
		errs = append(errs, fmt.Errorf("networks %d, tries %g: want at least 3 and 1", c.Networks, c.Tries))
	}
	if !isShare(c.Share) {
		errs = append(errs, fmt.Errorf("share %g: want 0 to 1", c.Share))
	}
	return errors.Join(errs...)
}

func (d AccountAttack) Concerns(o *Observation) bool { return o.Attempt && o.Outcome == route.Failure }

func (d AccountAttack) Observe(s *accountAttackState, o *Observation) (Evidence, bool) {
	span := d.cfg.Window.Nanoseconds()
	for _, w := range [...]*sketch.Window{&s.Failures, &s.Others, &s.Successes} {
		w.Advance(o.Time, span)
	}
	severity := finding.Medium
	switch {
	case o.Outcome == route.Success:
		severity = finding.High
		s.Successes.Put(o.Time, span, 1)
	case o.Outcome != route.Failure:
		return Evidence{}, false
	case o.Passed > 0:
		s.Others.Put(o.Time, span, 1)
	default:
		if s.Failures.Total() == 0 {
			s.First = o.Time
		}
		s.Failures.Put(o.Time, span, 1)
		s.Networks.Add(o.Time, span, o.Client)
	}
	if o.Passed > 0 || !d.holds(s) {
		return Evidence{}, false
	}
	failures, successes := s.Failures.Total(), s.Successes.Total()
	ev := Evidence{Severity: severity, Score: 65, Confidence: 0.85, Count: int64(failures), Since: min(s.First, o.Time)}
	if severity == finding.High {
		ev.Score, ev.Count = 90, ev.Count+1
	}
	return ev.With("networks", float64(s.Networks.Count())).With("failures", float64(failures)).
		With("successes", float64(successes)).With("failures_of_known_networks", float64(s.Others.Total())), true
}

func (d AccountAttack) holds(s *accountAttackState) bool {
	if !s.Networks.AtLeast(d.cfg.Networks) {
		return false
	}
	failures, others := s.Failures.Total(), s.Others.Total()
	return failures >= uint32(d.cfg.Networks) && float64(failures) <= d.cfg.Tries*float64(s.Networks.Count()) &&
		share(failures+others, failures+others+s.Successes.Total()) >= d.cfg.Share
}
