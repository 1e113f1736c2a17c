package detect

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// PathScan tells a client that guesses paths from one that follows links.
//
// Signal: different paths that a client asked for and that a site refuses or does not have (400, 403, 404, 410), and
// the share of such guesses in its requests, those with a referrer of the same host aside. Paths that differ only in an
// object id are one path, except at the top of a site, where no collection is.
// Formula: guesses ≥ Paths and share ≥ Share, or guesses ≥ Many at a tenth of Share, within Window; or guesses ≥
// SlowPaths and share ≥ SlowShare within a day.
// Window: 5 minutes, and 24 hours for the slow variant; a count spans at most twice that.
// Defaults: 15 paths at a share of 0.5, because a person meets a handful of dead links and a wordlist little else; 250
// paths at a tenth of the share (Elastic, in 11 minutes), for a scanner behind the address of an office, and not for a
// gateway that is taken for the client or a crawler that does not say so; 40 paths in 24 hours at a share of 0.5, which
// a search engine with an old index stays under, where a third of the links are stale.
// State: 784 bytes for a client that missed something.
// ATT&CK: T1595.003 Active Scanning: Wordlist Scanning.
// OWASP: API9:2023 Improper Inventory Management; OAT-014 Vulnerability Scanning.
// Benign: dead links of the site's own pages, by their referrer, up to Many; a broken link that three other
// well-behaved clients missed within the hour is not counted, nor are images, scripts and styles (a broken theme),
// files that browsers and desktops ask for by themselves, and what package managers ask registries for. A client that
// calls itself a crawler or a monitor gives low severity: old links are its trade, and what it should not ask for is
// sensitive_path's question.
// Blind to: a site that answers 200 to everything; a site that answers 401 to everything; a scan below 40 paths a day;
// one below 250 in 5 minutes that forges the site's referrer or hides among others; names asked below the paths of a
// package registry, sensitive ones aside; one spread over many networks.
type PathScan struct{ cfg PathScanConfig }

// PathScanConfig holds the thresholds of PathScan.
type PathScanConfig struct {
	Window    time.Duration // span of the fast variant; default 5m
	Paths     int           // guessed paths in Window; default 15
	Share     float64       // guesses among the client's requests in Window, 0–1; default 0.5
	Many      int           // guessed paths in Window that need a tenth of Share only; default 250
	SlowPaths int           // guessed paths in 24 hours; default 40
	SlowShare float64       // guesses among the client's requests in 24 hours, 0–1; default 0.5
}

// DefaultPathScan returns the defaults.
func DefaultPathScan() PathScanConfig {
	return PathScanConfig{Window: 5 * time.Minute, Paths: 15, Share: 0.5, Many: 250, SlowPaths: 40, SlowShare: 0.5}
}

// NewPathScan makes the detector.
func NewPathScan(cfg PathScanConfig) PathScan { return PathScan{cfg} }

var _ Detector[pathScanState] = PathScan{}

type pathScanState struct {
	Fast, Slow guessTally
}

// guessTally is the guesses and requests of one span.
type guessTally struct {
	Paths    sketch.Recent
	Guesses  sketch.Window
	Linked   sketch.Window // guesses with a referrer of the same host
	Requests sketch.Window
}

func (d PathScan) Spec() Spec {
	return Spec{
		Name: "path_scan", Version: 1, When: SignRefused, Entity: []event.Kind{event.KindNetwork}, Whole: true, Quiet: 15 * time.Minute,
		Title: "Path enumeration",
		Description: "The client asks for many different paths that do not exist, as wordlist scanners do. " +
			"Look at which of its requests were answered 2xx.",
		Attack: []string{"T1595.003"}, OWASP: []string{"API9:2023"}, OAT: []string{"OAT-014"},
	}
}

func (d PathScan) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 1h", c.Window))
	}
	if c.Paths < 2 || c.Many < c.Paths || c.SlowPaths < c.Paths {
		errs = append(errs, fmt.Errorf("paths %d, many %d, slow_paths %d: want 2 ≤ paths ≤ the others", c.Paths, c.Many, c.SlowPaths))
	}
	if !isShare(c.Share) || !isShare(c.SlowShare) {
		errs = append(errs, errors.New("share, slow_share: want 0 to 1"))
	}
	return errors.Join(errs...)
}

func isShare(v float64) bool { return v >= 0 && v <= 1 }

func (d PathScan) Concerns(o *Observation) bool {
	switch {
	case o.Vouched:
		return false
	case o.Answer != AnswerMissing && o.Event.Status != 403 && o.Event.Status != 400:
		return false
	case o.Event.Query == "go-get=1": // the Go tool asks each folder of a path which one is a module
		return false
	case o.Lure.Weight > 2:
		return true
	default:
		return !o.Purpose.Any(route.Static | route.Health | route.WellKnown | route.Registry)
	}
}

func (d PathScan) Observe(s *pathScanState, o *Observation) (Evidence, bool) {
	guess := d.Concerns(o)
	if !guess && o.Purpose.Has(route.Static) {
		return Evidence{}, false // neither a guess nor, for a page's forty images, forty links followed
	}
	s.Fast.add(o, d.cfg.Window, guess)
	s.Slow.add(o, 24*time.Hour, guess)
	if !guess {
		return Evidence{}, false
	}
	fast := s.Fast.Paths.AtLeast(d.cfg.Paths) && s.Fast.share() >= d.cfg.Share ||
		s.Fast.Paths.AtLeast(d.cfg.Many) && s.Fast.guessShare() >= d.cfg.Share/10
	slow := !fast && s.Slow.Paths.AtLeast(d.cfg.SlowPaths) && s.Slow.share() >= d.cfg.SlowShare
	if !fast && !slow {
		return Evidence{}, false
	}
	t := &s.Fast
	if slow {
		t = &s.Slow
	}
	ev := Evidence{Severity: finding.Medium, Score: 60, Confidence: 0.9, Count: int64(t.Guesses.Total())}
	if o.Agent.Class == signature.AgentCrawler || o.Agent.Class == signature.AgentMonitor {
		ev.Severity, ev.Score, ev.Confidence = finding.Low, 30, 0.5
	}
	return ev.With("missed_paths", float64(s.Fast.Paths.Count())).
		With("missed_paths_24h", float64(s.Slow.Paths.Count())).
		With("missed_share", round2(t.share())), true
}

// inCollection tells whether something stands before the last segment of a path: an id without a collection it could be
// of ("/x00042.php") is a word.
func inCollection(path string) bool {
	return strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/') > 0
}

func (t *guessTally) add(o *Observation, window time.Duration, guess bool) {
	span := window.Nanoseconds()
	t.Requests.Put(o.Time, span, 1)
	t.Guesses.Advance(o.Time, span)
	if !guess {
		return
	}
	t.Guesses.Put(o.Time, span, 1)
	t.Linked.Advance(o.Time, span)
	if sameSite(o.Event) {
		t.Linked.Put(o.Time, span, 1)
	}
	// Ids that are gone are object_walk's question; a scanner's words have no id.
	path := o.PathHash
	if k := o.Object.Kind; k != route.ObjectNone && k != route.ObjectSlug && !o.Object.Query && inCollection(o.Event.Path) &&
		(k != route.ObjectOpaque || o.Event.Status != 400) { // what the server cannot read is no id
		path = o.RouteHash
	}
	t.Paths.Add(o.Time, span, path)
}

// share is that of the guesses to which no page of the site led.
func (t *guessTally) share() float64 {
	guesses := t.Guesses.Total()
	return share(guesses-min(t.Linked.Total(), guesses), t.Requests.Total())
}

// guessShare is that of all guesses.
func (t *guessTally) guessShare() float64 { return share(t.Guesses.Total(), t.Requests.Total()) }
