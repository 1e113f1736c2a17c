package detect

import (
	"errors"
	"fmt"
	"math/bits"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// InjectionProbe finds clients that send input meant for an interpreter: SQL, scripts, paths out of the tree, commands.
//
// Signal: requests whose path, query, user agent or referrer look like an injection, their families, their score as in
// the Core Rule Set, their share of the client's requests, and their answers.
// Formula: a request with a score of 5 or more is a probe: low from the first; medium from Probes within Window at a
// share of at least Share, from ManyProbes without, from Families, or from one of a family that nobody types by
// accident (JNDI, Shellshock, commands, code, deserialization, XML entities). Requests below 5 are low from Hints of
// them. High when a path out of the tree was answered 2xx with a body of its own, or when Broken probes were answered
// 5xx while others were not: the input reaches the interpreter.
// Twice Hints different requests that are no HTTP are medium: services are guessed at, or the server's parser.
// Window: 1 hour.
// Defaults: 5 probes (CrowdSec 3 to 10 by family, Wazuh 8 to 10) at a share of 0.02, so that the searches of a thousand
// people behind one address do not add up; 50 without; 3 families; 10 hints; 3 broken.
// State: 648 bytes for a client with one such request.
// ATT&CK: T1190 Exploit Public-Facing Application; T1595.002 Active Scanning: Vulnerability Scanning.
// OWASP: API8:2023 Security Misconfiguration; OAT-014 Vulnerability Scanning.
// Benign: texts with quotes and SQL words in a search, below 5; editors of a content management system that carry
// markup in a query, with a referrer of the same host, if that page or the path is one of administration.
// Blind to: request bodies; input encoded beyond what package signature undoes; a page that shows the result of an
// injection with the size and status it always has.
type InjectionProbe struct{ cfg InjectionProbeConfig }

// InjectionProbeConfig holds the thresholds of InjectionProbe.
type InjectionProbeConfig struct {
	Window     time.Duration // span; default 1h
	Probes     int           // different probes in Window, with Share; default 5
	Share      float64       // probes among the client's requests, 0–1; default 0.02
	ManyProbes int           // different probes in Window without a share; default 50
	Families   int           // families among the probes; default 3
	Hints      int           // different requests with a score below 5 in Window; default 10
	Broken     int           // probes answered 5xx; default 3
}

// DefaultInjectionProbe returns the defaults.
func DefaultInjectionProbe() InjectionProbeConfig {
	return InjectionProbeConfig{Window: time.Hour, Probes: 5, Share: 0.02, ManyProbes: 50, Families: 3, Hints: 10, Broken: 3}
}

// NewInjectionProbe makes the detector.
func NewInjectionProbe(cfg InjectionProbeConfig) InjectionProbe { return InjectionProbe{cfg} }

var _ Detector[injectionProbeState] = InjectionProbe{}

// clearFamilies are those that no text for people resembles.
const clearFamilies = signature.JNDI | signature.Shellshock | signature.Command | signature.Code |
	signature.Deserialization | signature.XXE

type injectionProbeState struct {
	Probes   sketch.Recent // different requests
	Hints    sketch.Recent // the same, with a score below 5
	Total    sketch.Window // probes
	Requests sketch.Window
	Families uint32 // of the probes
	Score    uint32 // highest
	Broken   uint32 // probes answered 5xx
	Whole    uint32 // probes answered otherwise
	Escaped  uint32 // paths out of the tree answered 2xx
	Garbled  uint32 // request lines that were no HTTP, below 5
}

func (d InjectionProbe) Spec() Spec {
	return Spec{
		Name: "injection_probe", Version: 2, When: SignProbe, Entity: []event.Kind{event.KindNetwork}, Whole: true, Quiet: 15 * time.Minute,
		Title: "Injection attempts",
		Description: "The client sends input meant for an interpreter. With high severity an answer suggests that it got " +
			"there: see the samples and the service's own log.",
		Attack: []string{"T1190", "T1595.002"}, OWASP: []string{"API8:2023"}, OAT: []string{"OAT-014"},
	}
}

func (d InjectionProbe) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > 24*time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 24h", c.Window))
	}
	if c.Probes < 2 || c.ManyProbes < c.Probes || c.Families < 2 || c.Hints < 2 || c.Broken < 1 {
		errs = append(errs, fmt.Errorf("probes %d, many_probes %d, families %d, hints %d, broken %d: want 2 ≤ probes ≤ many_probes, and at least 2, 2, 1",
			c.Probes, c.ManyProbes, c.Families, c.Hints, c.Broken))
	}
	if !isShare(c.Share) {
		errs = append(errs, fmt.Errorf("share %g: want 0 to 1", c.Share))
	}
	return errors.Join(errs...)
}

func (d InjectionProbe) Concerns(o *Observation) bool { return o.Probe.Score > 0 && !o.Editor }

func (d InjectionProbe) Observe(s *injectionProbeState, o *Observation) (Evidence, bool) {
	span := d.cfg.Window.Nanoseconds()
	s.Requests.Put(o.Time, span, 1)
	if !d.Concerns(o) {
		return Evidence{}, false
	}
	request := hash(event.Key{Hi: o.PathHash, Lo: o.QueryHash})
	if !o.Probe.Alarming() {
		s.Hints.Add(o.Time, span, request)
		if o.Probe.Families == signature.Protocol {
			s.Garbled++
		}
		if !s.Hints.AtLeast(d.cfg.Hints) {
			return Evidence{}, false
		}
		ev := Evidence{Severity: finding.Low, Score: 20, Confidence: 0.4, Count: int64(s.Hints.Count())}
		if many := 2 * d.cfg.Hints; int(s.Garbled) >= many && s.Hints.AtLeast(many) {
			ev.Severity, ev.Score, ev.Confidence = finding.Medium, 50, 0.7
		}
		return ev.With("hints", float64(s.Hints.Count())), true
	}
	s.Probes.Add(o.Time, span, request)
	s.Total.Put(o.Time, span, 1)
	s.note(o)
	n := s.Probes.Count()
	ev := Evidence{Severity: finding.Low, Score: 30, Confidence: 0.6, Count: int64(s.Total.Total())}
	switch {
	case s.Escaped > 0, s.Broken >= uint32(d.cfg.Broken) && s.Whole > 0:
		ev.Severity, ev.Score, ev.Confidence = finding.High, 85, 0.8
	case n >= d.cfg.Probes && share(s.Total.Total(), s.Requests.Total()) >= d.cfg.Share, n >= d.cfg.ManyProbes,
		bits.OnesCount32(s.Families) >= d.cfg.Families, signature.Family(s.Families)&clearFamilies != 0:
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.9
	}
	return ev.With("probes", float64(n)).With("families", float64(bits.OnesCount32(s.Families))).
		With("score", float64(s.Score)).With("answered_5xx", float64(s.Broken)).With("escaped", float64(s.Escaped)), true
}

// note keeps what a probe and its answer were.
func (s *injectionProbeState) note(o *Observation) {
	s.Families |= uint32(o.Probe.Families)
	s.Score = max(s.Score, uint32(o.Probe.Score))
	if o.Answer == AnswerFailed {
		s.Broken++
	} else {
		s.Whole++
	}
	size, known := o.Event.Size()
	if o.Probe.Families.Has(signature.Traversal) && o.Event.Query == "" && o.Answer == AnswerOK && !o.Echo && known && size > 0 {
		s.Escaped++
	}
}
