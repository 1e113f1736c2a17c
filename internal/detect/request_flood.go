package detect

import (
	"errors"
	"fmt"
	"time"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// RequestFlood finds networks that send far more than a person, a page or their peers do.
//
// Signal: requests of one network in the running minute and in the last 4 seconds, static files aside; what other
// networks sent in the minute before; the share of answers 5xx.
// Formula: low above Low in a minute, or at ≥ max(PeerFloor, PeerFactor·Q95 of the active networks) when at least Peers
// are active. Medium with Burst in 4 seconds, or in the third of 5 minutes with Sustained; where at least Peers are active,
// both need PeerFactor·Q50 as well. Medium too in the third of 5 minutes with max(Low, PeerFactor·Q95), when nine tenths
// come with one user agent, a browser's, or when the service gives way: at least FailedShare of the minute's answers are
// 5xx. High when it gives way.
// Window: 4 seconds, 1 minute, 5 minutes.
// Defaults: 600 a minute is ten pages a second, more than people do; 300 in 4 seconds is 75 a second (CrowdSec: 30 at
// once), above moderate load tests of up to 50 and below tools that send as fast as they are answered; 3600 a minute
// sustained is what is left when these are slowed down. Below, jobs of partners and load tests stand out from people as
// attackers do, so that standing out alone is low, unless one program poses as a browser. 10 times the 95th percentile and not the mean, which one
// attacker moves (Mozilla: 75 times the mean). A plain burst is measured against the median, which a crowd of attackers
// does not move either: where everybody sends much, much is no flood.
// State: 72 bytes for a network with 30 requests in a minute.
// ATT&CK: T1499.002 Endpoint Denial of Service: Service Exhaustion Flood.
// OWASP: API4:2023 Unrestricted Resource Consumption; OAT-015 Denial of Service.
// Benign: monitors, jobs of partners and load tests below 60 a second, at most low; offices and proxies, likewise;
// maps and galleries, whose requests are static files.
// Blind to: few requests that each cost much; a flood from many networks, each below its peers.
type RequestFlood struct{ cfg RequestFloodConfig }

// RequestFloodConfig holds the thresholds of RequestFlood.
type RequestFloodConfig struct {
	Low         int     // requests in a minute above which a network is worth noting; default 600
	Burst       int     // requests in 4 seconds; default 300
	Sustained   int     // requests in a minute, in 3 of 5; default 3600
	Peers       int     // active networks from which they are compared; default 20
	PeerFloor   int     // least requests in a minute that stand out from peers; default 300
	PeerFactor  float64 // multiple of the peers' 95th percentile; default 10
	FailedShare float64 // answers 5xx in the minute, 0–1; default 0.5
}

// DefaultRequestFlood returns the defaults.
func DefaultRequestFlood() RequestFloodConfig {
	return RequestFloodConfig{
		Low: 600, Burst: 300, Sustained: 3600, Peers: 20, PeerFloor: 300, PeerFactor: 10, FailedShare: 0.5,
	}
}

// NewRequestFlood makes the detector.
func NewRequestFlood(cfg RequestFloodConfig) RequestFlood { return RequestFlood{cfg} }

var _ Detector[requestFloodState] = RequestFlood{}

const (
	// floodStart is from how many requests in a minute a network is followed: most never have a state.
	floodStart = 30
	// oneAgent is the share of requests with the user agent of the one before from which it is one program.
	oneAgent = 0.9
	// burstSpan is the span of Burst. Most logs tell whole seconds: it holds four of these.
	burstSpan = int64(4 * time.Second)
)

type requestFloodState struct {
	Recent    sketch.Window // requests
	Minute    int64         // number of the running minute since the epoch
	Requests  uint32        // in that minute
	Failed    uint32        // of them, answered 5xx
	Agent     uint32        // hash of the last user agent
	Same      uint32        // requests in that minute with the user agent of the one before
	Sustained uint8         // the last minutes, newest in bit 0: those with Sustained requests
	Outlying  uint8         // the same for those that stand out from peers and have more than Low
	_         [6]byte
}

func (d RequestFlood) Spec() Spec {
	return Spec{
		Name: "request_flood", Version: 2, When: SignBusy, Entity: []event.Kind{event.KindNetwork}, Whole: true, Quiet: 10 * time.Minute,
		Title: "Request flood",
		Description: "The client sends far more requests than others. With high severity the service answers errors: limit " +
			"the client's rate.",
		Attack: []string{"T1499.002"}, OWASP: []string{"API4:2023"}, OAT: []string{"OAT-015"},
	}
}

func (d RequestFlood) Validate() error {
	c := d.cfg
	var errs []error
	if c.Low <= floodStart || c.Burst <= floodStart || c.PeerFloor <= floodStart || c.Sustained < c.Low {
		errs = append(errs, fmt.Errorf("low %d, burst %d, peer_floor %d, sustained %d: want more than %d, and low ≤ sustained",
			c.Low, c.Burst, c.PeerFloor, c.Sustained, floodStart))
	}
	if c.Peers < 2 || c.PeerFactor < 1 {
		errs = append(errs, fmt.Errorf("peers %d, peer_factor %g: want at least 2 and 1", c.Peers, c.PeerFactor))
	}
	if !isShare(c.FailedShare) {
		errs = append(errs, errors.New("failed_share: want 0 to 1"))
	}
	return errors.Join(errs...)
}

func (d RequestFlood) Concerns(o *Observation) bool { return o.Minute >= floodStart }

func (d RequestFlood) Observe(s *requestFloodState, o *Observation) (Evidence, bool) {
	if o.Purpose.Has(route.Static) || !s.turn(o) {
		return Evidence{}, false
	}
	burst := s.Recent.Add(o.Time, burstSpan, 1)
	s.Requests++
	if agent := uint32(xxh3.HashString(o.Event.UserAgent)); agent == s.Agent {
		s.Same++
	} else {
		s.Agent = agent
	}
	if o.Answer == AnswerFailed {
		s.Failed++
	}
	n := float64(s.Requests)
	peers := int(o.Peers.Active) >= d.cfg.Peers
	outlying := peers && n >= d.cfg.PeerFactor*o.Peers.Q95
	if s.Requests >= uint32(d.cfg.Sustained) {
		s.Sustained |= 1
	}
	if outlying && s.Requests > uint32(d.cfg.Low) {
		s.Outlying |= 1
	}
	usual := peers && n < d.cfg.PeerFactor*o.Peers.Q50
	failing := share(s.Failed, s.Requests) >= d.cfg.FailedShare
	medium := !usual && (burst >= uint32(d.cfg.Burst) || lasts(s.Sustained)) || lasts(s.Outlying) && (failing || s.poses(o))
	if !medium && s.Requests <= uint32(d.cfg.Low) && (!outlying || s.Requests < uint32(d.cfg.PeerFloor)) {
		return Evidence{}, false
	}
	ev := Evidence{Severity: finding.Low, Score: 30, Confidence: 0.6, Count: int64(s.Requests)}
	if medium {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.85
		if failing {
			ev.Severity, ev.Score = finding.High, 85
		}
	}
	if peers {
		ev.Compared = true
		ev.Baseline = finding.Baseline{Observed: n, Expected: o.Peers.Q95, High: max(float64(d.cfg.PeerFloor), d.cfg.PeerFactor*o.Peers.Q95)}
	}
	return ev.With("requests_minute", n).With("requests_4s", float64(burst)).
		With("failed_share", round2(share(s.Failed, s.Requests))), true
}

// poses tells one program that calls itself a browser: the people of an office have several, and a job that is in order
// has no reason to.
func (s *requestFloodState) poses(o *Observation) bool {
	return o.Agent.Class == signature.AgentBrowser && share(s.Same, s.Requests) >= oneAgent
}

// turn begins a new minute when the event is in one; it tells whether the event is of the running minute.
func (s *requestFloodState) turn(o *Observation) bool {
	minute := o.Time / int64(time.Minute)
	if minute < s.Minute {
		return false
	}
	if past := minute - s.Minute; past > 0 {
		s.Sustained <<= min(past, 8)
		s.Outlying <<= min(past, 8)
		s.Minute, s.Requests, s.Failed, s.Same = minute, 0, 0, 0
	}
	return true
}

// lasts tells whether 3 of the last 5 minutes are set, the running one among them.
func lasts(minutes uint8) bool {
	n := 0
	for m := minutes & 0x1f; m != 0; m &= m - 1 {
		n++
	}
	return n >= 3 && minutes&1 != 0
}
