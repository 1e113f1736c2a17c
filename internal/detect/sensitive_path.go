package detect

import (
	"fmt"
	"math/bits"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// SensitivePath finds clients that ask for what no visitor asks for: environment files, repositories, backups, consoles,
// web shells, paths of known vulnerabilities.
//
// Signal: requests for paths on the curated list of lures, how telling each is (weight 1 to 5), and whether they were
// answered.
// Formula: one lure: low; lures ≥ Lures within Window, one of which was not answered: medium; a lure of Weight answered 2xx with a body of its own:
// high, medium when it weighs one less and fewer than Lures others were refused. Lures that have innocent uses (weight
// up to 2, or the category of paths that only reveal the technology) count when there are Lures of them, as low. Admin
// consoles and status pages that are answered count as the site's own, unless the client asked for Lures others.
// Window: 24 hours; a count spans at most twice that.
// Defaults: 3 lures, because one comes from a stray bookmark or an old integration and three do not (CrowdSec: 4 within
// 20 seconds; consoles 2 within 20); weight 5, which no site publishes: weight 4 are endings that some do.
// State: 296 bytes for a client that asked for a lure.
// ATT&CK: T1595.003 Wordlist Scanning; T1552.001 Unsecured Credentials: Credentials In Files.
// OWASP: API8:2023 Security Misconfiguration; OAT-018 Footprinting.
// Benign: a site that answers everything with its start page: an answer whose size the host gave to another lure or to
// "/" is no answer. Health checks and metrics scrapers of the site's own status pages. A file that a page links to:
// with a referrer, an answer is not counted below weight 5. Crawlers that name themselves: only weight 5 counts.
// Blind to: the first lure on such a site when nobody has asked for "/" before, or when its page varies in size: it is
// taken for answered; a secret whose answer is empty or whose size is not logged: it is taken for medium.
type SensitivePath struct{ cfg SensitivePathConfig }

// SensitivePathConfig holds the thresholds of SensitivePath.
type SensitivePathConfig struct {
	Lures  int   // different lures in 24 hours for medium; default 3
	Weight uint8 // least weight of a lure, 2–5, whose answer is high; default 5
}

// DefaultSensitivePath returns the defaults.
func DefaultSensitivePath() SensitivePathConfig { return SensitivePathConfig{Lures: 3, Weight: 5} }

// NewSensitivePath makes the detector.
func NewSensitivePath(cfg SensitivePathConfig) SensitivePath { return SensitivePath{cfg} }

var _ Detector[sensitivePathState] = SensitivePath{}

type sensitivePathState struct {
	Lures      sketch.Recent // of every category but info
	Requests   uint32        // for lures
	Answered   uint32        // of them, with something of their own
	Infos      uint32        // requests of slight ones
	Refused    uint32        // lures that were not answered
	Categories uint32        // set of those seen, a bit each
	_          [4]byte
}

func (d SensitivePath) Spec() Spec {
	return Spec{
		Name: "sensitive_path", Version: 1, When: SignLure, Entity: []event.Kind{event.KindNetwork}, Quiet: time.Hour,
		Title: "Sensitive paths requested",
		Description: "The client asks for files and endpoints that no visitor asks for. With high severity one of them was " +
			"answered: see the samples, take the file away and change what was in it.",
		Attack: []string{"T1595.003", "T1552.001"}, OWASP: []string{"API8:2023"}, OAT: []string{"OAT-018"},
	}
}

func (d SensitivePath) Validate() error {
	if d.cfg.Lures < 2 || d.cfg.Weight < 2 || d.cfg.Weight > 5 {
		return fmt.Errorf("lures %d, weight %d: want at least 2, and 2 to 5", d.cfg.Lures, d.cfg.Weight)
	}
	return nil
}

func (d SensitivePath) Concerns(o *Observation) bool { return o.Lure.Category != signature.LureNone }

func (d SensitivePath) Observe(s *sensitivePathState, o *Observation) (Evidence, bool) {
	const day = int64(24 * time.Hour)
	answered := o.Answer == AnswerOK && !o.Echo
	own := answered && (o.Lure.Category == signature.LureConsole || o.Lure.Category == signature.LureDebug)
	switch {
	case d.slight(o):
		s.Infos++
	case own && s.Lures.Count() < d.cfg.Lures:
		return Evidence{}, false
	default:
		s.Lures.Add(o.Time, day, o.PathHash)
		s.Requests++
		if !answered {
			s.Refused++
		}
	}
	s.Categories |= 1 << o.Lure.Category
	n := s.Lures.Count()
	ev := Evidence{Count: int64(s.Requests + s.Infos), Confidence: 0.8}
	switch found := d.found(s, o, answered); {
	case found > finding.SeverityUnknown:
		s.Answered++
		ev.Severity, ev.Score, ev.Confidence = found, 60, 0.9
		if found == finding.High {
			ev.Score = 85
		}
	case n >= d.cfg.Lures && s.Refused > 0: // who gets all it asks for uses the site
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 55, 0.95
	case n > 0:
		ev.Severity, ev.Score = finding.Low, 25
	case int(s.Infos) >= d.cfg.Lures:
		ev.Severity, ev.Score, ev.Confidence = finding.Low, 15, 0.6
	default:
		return Evidence{}, false
	}
	return ev.With("lures", float64(n)).With("answered", float64(s.Answered)).
		With("categories", float64(bits.OnesCount32(s.Categories))).With("weight", float64(o.Lure.Weight)), true
}

// slight tells a lure that has innocent uses, or innocent users.
func (d SensitivePath) slight(o *Observation) bool {
	return o.Lure.Category == signature.LureInfo || o.Lure.Weight <= 2 ||
		o.Agent.Class == signature.AgentCrawler && o.Lure.Weight < d.cfg.Weight
}

// found is how severe it is that this lure was answered; unknown when it was not, or when that says little.
func (d SensitivePath) found(s *sensitivePathState, o *Observation, answered bool) finding.Severity {
	linked := o.Event.Referrer != "" && o.Event.Referrer != "-" && o.Lure.Weight < 5
	if !answered || linked || d.slight(o) {
		return finding.SeverityUnknown
	}
	// A client whose lures are all answered uses the site; one that misses many guesses.
	many := s.Refused >= uint32(d.cfg.Lures)
	size, known := o.Event.Size()
	switch o.Lure.Category { //nolint:exhaustive // the rest reveals little by itself
	case signature.LureSecret, signature.LureVCS, signature.LureBackup, signature.LureConfig, signature.LureWebshell:
		switch {
		case o.Lure.Weight < d.cfg.Weight-1 && !many:
			return finding.SeverityUnknown
		case o.Lure.Weight < d.cfg.Weight && !many || !known || size == 0:
			return finding.Medium
		default:
			return finding.High
		}
	case signature.LureConsole, signature.LureDebug, signature.LureExploit:
		if many && known && size > 0 {
			return finding.High
		}
	}
	return finding.SeverityUnknown
}
