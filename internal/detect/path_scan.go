package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// PathScan tells a client that guesses paths from one that follows links.
//
// Signal: different paths that a client asked for and that do not exist, and their share of its requests.
// Formula: misses ≥ Paths and misses/requests ≥ Share within Window, or misses ≥ SlowPaths within a day.
// Window: 5 minutes, and 24 hours for the slow variant.
// Defaults: 15 paths with a share of 0.5; 40 paths in 24 hours. A browser on a site with a broken theme misses a handful
// of assets; peers alert between 10 paths in 100 seconds and 250 in 11 minutes.
// State: 600 bytes for a client that missed something.
// ATT&CK: T1595.003 Active Scanning: Wordlist Scanning.
// OWASP: API9:2023 Improper Inventory Management; OAT-014 Vulnerability Scanning.
// Benign: a broken link that three other well-behaved clients missed within the hour is not counted; missing assets of
// a page count by path, not by request.
// Blind to: a scan that stays below 40 misses a day from one network, and one spread over a prefix.
type PathScan struct{ cfg PathScanConfig }

// PathScanConfig holds the thresholds of PathScan.
type PathScanConfig struct {
	Window    time.Duration // span of the fast variant
	Paths     int           // different missed paths in Window
	Share     float64       // of the client's requests in Window that missed, 0–1
	SlowPaths int           // different missed paths in 24 hours
}

// DefaultPathScan returns the defaults.
func DefaultPathScan() PathScanConfig {
	return PathScanConfig{Window: 5 * time.Minute, Paths: 15, Share: 0.5, SlowPaths: 40}
}

// NewPathScan makes the detector.
func NewPathScan(cfg PathScanConfig) PathScan { return PathScan{cfg} }

var _ Detector[pathScanState] = PathScan{}

type pathScanState struct {
	Fast, Slow sketch.Recent
	Found      uint32 // guesses that were answered, in this state's life
	Requests   uint32
	_          [0]byte
}

func (d PathScan) Spec() Spec {
	return Spec{
		Name: "path_scan", Version: 1, Entity: []event.Kind{event.KindNetwork}, Quiet: 15 * time.Minute,
		Title:       "Path enumeration",
		Description: "The client asks for many different paths that do not exist, as wordlist scanners do.",
		Attack:      []string{"T1595.003"}, OWASP: []string{"API9:2023"}, OAT: []string{"OAT-014"},
	}
}

func (d PathScan) Validate() error {
	if d.cfg.Paths < 2 || d.cfg.SlowPaths < d.cfg.Paths {
		return fmt.Errorf("paths %d, slow_paths %d: want 2 ≤ paths ≤ slow_paths", d.cfg.Paths, d.cfg.SlowPaths)
	}
	if d.cfg.Share < 0 || d.cfg.Share > 1 {
		return errors.New("share: want 0 to 1")
	}
	return nil
}

func (d PathScan) Concerns(o *Observation) bool {
	return o.Answer == AnswerMissing && !o.Vouched && !o.Purpose.Has(route.Health)
}

func (d PathScan) Observe(s *pathScanState, o *Observation) (Evidence, bool) {
	s.Fast.Add(o.Time, d.cfg.Window.Nanoseconds(), o.PathHash)
	s.Slow.Add(o.Time, (24 * time.Hour).Nanoseconds(), o.PathHash)
	fast := s.Fast.AtLeast(d.cfg.Paths)
	if !fast && !s.Slow.AtLeast(d.cfg.SlowPaths) {
		return Evidence{}, false
	}
	n := s.Fast.Count()
	ev := Evidence{Severity: finding.Medium, Score: 60, Confidence: 0.9, Count: int64(n)}
	if o.Agent.Class == signature.AgentCrawler {
		ev.Confidence = 0.6
	}
	return ev.With("missed_paths", float64(n)).With("missed_paths_24h", float64(s.Slow.Count())), true
}
