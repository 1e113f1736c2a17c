package detect

import (
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// ScannerAgent finds clients that call themselves an attack tool.
//
// Signal: a user agent of the curated list of scanners and attack tools, and how surely it means one.
// Formula: low from the first request (from Suspects requests when the name is less than sure); medium from Requests
// within Window (from 4·Suspects), or when a lure or a probe of its was answered 2xx.
// Window: 1 hour.
// Defaults: 5 requests, because a tool that is pointed at a site sends many and somebody who pastes a user agent one; 5
// for suspects, whose names ordinary programs share; sure from 80 percent.
// State: 48 bytes for a client with such a user agent.
// ATT&CK: T1595.002 Active Scanning: Vulnerability Scanning.
// OWASP: API8:2023 Security Misconfiguration; OAT-014 Vulnerability Scanning.
// Benign: scans that the owner ordered, which belong on an allow list.
// Blind to: every tool that calls itself a browser, which is one option of most.
type ScannerAgent struct{ cfg ScannerAgentConfig }

// ScannerAgentConfig holds the thresholds of ScannerAgent.
type ScannerAgentConfig struct {
	Requests int   // requests in an hour for medium; default 5
	Suspects int   // requests in an hour before a less than sure name counts; default 5
	Sure     uint8 // confidence of the name in percent from which it counts at once; default 80
}

// DefaultScannerAgent returns the defaults.
func DefaultScannerAgent() ScannerAgentConfig {
	return ScannerAgentConfig{Requests: 5, Suspects: 5, Sure: 80}
}

// NewScannerAgent makes the detector.
func NewScannerAgent(cfg ScannerAgentConfig) ScannerAgent { return ScannerAgent{cfg} }

var _ Detector[scannerAgentState] = ScannerAgent{}

type scannerAgentState struct {
	Requests sketch.Window
	Answered uint32 // lures and probes answered 2xx with something of their own
	_        [4]byte
}

func (d ScannerAgent) Spec() Spec {
	return Spec{
		Name: "scanner_agent", Version: 1, When: SignScanner, Entity: []event.Kind{event.KindNetwork}, Quiet: 30 * time.Minute,
		Title:       "Attack tool",
		Description: "The client's user agent names an attack tool or a vulnerability scanner. Ask whether somebody ordered a scan.",
		Attack:      []string{"T1595.002"}, OWASP: []string{"API8:2023"}, OAT: []string{"OAT-014"},
	}
}

func (d ScannerAgent) Validate() error {
	if d.cfg.Requests < 1 || d.cfg.Suspects < 1 || d.cfg.Sure > 100 {
		return fmt.Errorf("requests %d, suspects %d, sure %d: want at least 1, 1, and at most 100",
			d.cfg.Requests, d.cfg.Suspects, d.cfg.Sure)
	}
	return nil
}

func (d ScannerAgent) Concerns(o *Observation) bool { return o.Agent.Class == signature.AgentScanner }

func (d ScannerAgent) Observe(s *scannerAgentState, o *Observation) (Evidence, bool) {
	n := int(s.Requests.Add(o.Time, time.Hour.Nanoseconds(), 1))
	if o.Answer == AnswerOK && !o.Echo && (o.Lure.Category != signature.LureNone || o.Probe.Alarming()) {
		s.Answered++
	}
	sure := o.Agent.Confidence >= d.cfg.Sure
	few, many := 1, d.cfg.Requests
	if !sure {
		few, many = d.cfg.Suspects, 4*d.cfg.Suspects
	}
	ev := Evidence{Severity: finding.Low, Score: 25, Confidence: float64(o.Agent.Confidence) / 100, Count: int64(n)}
	switch {
	case n >= many, sure && s.Answered > 0:
		ev.Severity, ev.Score = finding.Medium, 50
	case n < few:
		return Evidence{}, false
	}
	return ev.With("requests", float64(n)).With("answered", float64(s.Answered)), true
}
