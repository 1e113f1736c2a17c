package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

// ErrorSpike finds services that answer far more requests with an error of theirs than they usually do.
//
// Signal: the share of answers 5xx among the requests to a service in the last minutes, the running one included, against
// the same of its past; and of each of its endpoints by itself. Beside it the share of clients that were answered 4xx, each
// counted once a minute, so that one client that is refused a thousand times is no matter of the service.
// Formula: of N requests K failed, K ≥ Errors, K/N ≥ Share and ≥ Ratio times the expected share, over three spans of ten
// seconds at least or else half of all requests and four times Errors; and that is more surprising than the windows that
// would make AlertsPerDay alerts a day at large. The share has a Beta law with its past as evidence, K given N a
// beta-binomial one with the scatter that its windows have shown (package baseline). Low; medium from a fifth of the requests,
// four times Errors and a surprise of 2 above what is needed on; high from half of them and ten times Errors on. Of clients
// that were refused Clients takes the place of Errors, over two minutes, and medium is from half of them and ten times Clients on.
// Window: 2, 5, 15 and 60 minutes that end now; for an endpoint 5 to 10 and 30 to 60. Half-life of what is learned: a week.
// Defaults: 5 errors, since fewer are looked at tomorrow; 5 % of the requests, below which people do not notice; 3 times
// the expected share. 20 clients that are refused, as many as a link that broke on one page. 200 requests over 6 hours before anything is said of a service, 100 of an endpoint. 1 alert a day.
// State: 11672 bytes for a service.
// ATT&CK: T1499.004 Endpoint Denial of Service: Application or System Exploitation.
// OWASP: API4:2023 Unrestricted Resource Consumption, API8:2023 Security Misconfiguration; OAT-015 Denial of Service.
// Benign: an outage, a deploy that failed or lost pages, a dependency that is down: no attack, and somebody should know. What
// lasts for a day is normal from then on.
// Blind to: errors that are answered 200; a service that fails from its first day on; one that nobody asks while it fails;
// refusals of more than two hundred clients a minute, of which it is not known how many more they are.
type ErrorSpike struct{ *errorModels }

// errorModels are what does not change.
type errorModels struct {
	cfg    ErrorSpikeConfig
	shares baseline.Shares
	budget baseline.Budget
}

// ErrorSpikeConfig holds the thresholds of ErrorSpike.
type ErrorSpikeConfig struct {
	AlertsPerDay float64 // false alerts a day that are accepted; default 1
	Errors       int     // least failed requests in a window; default 5
	Clients      int     // least clients that were refused in one; default 20
	Share        float64 // least share of the requests that failed, 0–1; default 0.05
	Ratio        float64 // least multiple of the share that is expected; default 3
}

// DefaultErrorSpike returns the defaults.
func DefaultErrorSpike() ErrorSpikeConfig {
	return ErrorSpikeConfig{AlertsPerDay: 1, Errors: 5, Clients: 20, Share: 0.05, Ratio: 3}
}

// NewErrorSpike makes the detector.
func NewErrorSpike(cfg ErrorSpikeConfig) ErrorSpike {
	m := baseline.DefaultMemory()
	m.Fast, m.Slow = 24*time.Hour, 7*24*time.Hour
	d := ErrorSpike{&errorModels{cfg: cfg, shares: baseline.Shares{Memory: m}, budget: baseline.DefaultBudget()}}
	d.budget.PerDay = cfg.AlertsPerDay
	return d
}

var _ Detector[errorSpikeState] = ErrorSpike{}

const (
	// errorBlock is how many minutes are learned at a time.
	errorBlock = 5
	// longBlock is half of an endpoint's long window, in minutes.
	longBlock = 30
	// What is known before anything is said: minutes, and requests to a service and to an endpoint.
	errorMinutes, errorRequests, endpointRequests = 6 * 60, 200, 100
	// errorTimes is in how many spans of ten seconds a service must fail, and in how many minutes an endpoint.
	errorTimes, endpointTimes = 3, 2
	// refusedTimes is in how many minutes clients must be refused.
	refusedTimes = 2
	// What is massive needs not last: so many times the least errors, and this share.
	massiveErrors, massiveShare = 4, 0.5
	// mediumErrorShare, mediumErrors and mediumErrorSurprise make an alert one of medium severity, highErrors one of high.
	mediumErrorShare, mediumErrors, mediumErrorSurprise, highErrors = 0.2, 4, 2, 10
	// acceptedMinutes is after how long what is unusual has become usual, and pausedMinutes how long it may pause meanwhile.
	acceptedMinutes, pausedMinutes = 24 * 60, 6 * 60
)

// errorScales are the minutes of a service's windows.
var errorScales = [...]uint32{2, 5, 15, 60}

// usualErrors is what is known of a service before it has a past: one request of two hundred fails, or some more.
var usualErrors = baseline.Prior{Mean: 0.005, Shape: 50, Noise: 0.005}

// usualRefusals is the same of clients that are refused: links break, and passwords are mistyped.
var usualRefusals = baseline.Prior{Mean: 0.02, Shape: 50, Noise: 0.01}

func (d ErrorSpike) Spec() Spec {
	return Spec{
		Name: "error_spike", Version: 1, Entity: []event.Kind{event.KindService}, Facets: true, Quiet: 15 * time.Minute,
		Title: "Errors of a service",
		Description: "The service answers far more requests with an error of its own (5xx), or refuses far more clients (4xx), than " +
			"it usually does. Look at what was deployed, what it depends on, and who asks; where an endpoint is named, it is that one.",
		Attack: []string{"T1499.004"}, OWASP: []string{"API4:2023", "API8:2023"}, OAT: []string{"OAT-015"},
	}
}

func (d ErrorSpike) Validate() error {
	c := d.cfg
	var errs []error
	if !(c.AlertsPerDay > 0 && c.AlertsPerDay <= 1e6) {
		errs = append(errs, fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", c.AlertsPerDay))
	}
	if c.Errors < 2 {
		errs = append(errs, fmt.Errorf("errors %d: want at least 2", c.Errors))
	}
	if c.Clients < 2 {
		errs = append(errs, fmt.Errorf("clients %d: want at least 2", c.Clients))
	}
	if !(c.Share > 0 && c.Share <= 1) {
		errs = append(errs, fmt.Errorf("share %g: want above 0, at most 1", c.Share))
	}
	if !(c.Ratio >= 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want at least 1", c.Ratio))
	}
	return errors.Join(errs...)
}

func (d ErrorSpike) Concerns(o *Observation) bool { return o.Tally != nil }

func (d ErrorSpike) Observe(s *errorSpikeState, o *Observation) (Evidence, bool) {
	from, to := s.Recent.hear(o.Settled)
	for n := from; n < to; n++ {
		m := s.Recent.of(n)
		d.learn(&s.Service, &o.meters.Errors, usualErrors, n, m.failed())
		d.learn(&s.Refused, &o.meters.Refusals, usualRefusals, n, m.refused())
	}
	if o.Endpoint != 0 {
		return d.endpoint(s, o)
	}
	at := s.Recent.at(o.Tally.From)
	if at == nil {
		return Evidence{}, false
	}
	at.tally(o)
	return d.service(s, o)
}

// service judges the minutes that end now: by what failed, or else by who was refused.
func (d ErrorSpike) service(s *errorSpikeState, o *Observation) (Evidence, bool) {
	if o.Tally.Failed+o.Tally.Refused == 0 {
		return Evidence{}, false
	}
	var worst, refused errorWindow
	var sum, refusals outcomes
	var clients facet.Places
	now, back := minuteAt(o.Tally.From), uint32(0)
	for _, scale := range errorScales {
		for ; back < min(scale, now); back++ {
			m := s.Recent.of(now - back)
			sum.add(m.failed())
			refusals.add(m.refused())
			clients |= m.Clients
		}
		w := errorWindow{outcomes: sum, prior: usualErrors, errors: d.cfg.Errors, requests: errorRequests, times: errorTimes}
		d.test(&s.Service, o, &w)
		worst = worst.worse(w)
		if clients.Count() >= float64(d.cfg.Clients) {
			w = errorWindow{outcomes: refusals, prior: usualRefusals, errors: d.cfg.Clients, requests: errorRequests, times: refusedTimes}
			d.test(&s.Refused, o, &w)
			refused = refused.worse(w)
		}
	}
	if ev, so := d.judge(&s.Service, o, &worst); so && o.Tally.Failed > 0 {
		return ev, so
	}
	if ev, so := d.judgeRefused(&s.Refused, o, &refused); so && o.Tally.Refused > 0 {
		return ev, so
	}
	return Evidence{}, false
}

// endpoint takes in a tally of an endpoint, and judges it by itself as long as its service does not fail.
func (d ErrorSpike) endpoint(s *errorSpikeState, o *Observation) (Evidence, bool) {
	c := outcomes{Requests: clip32(o.Tally.Requests), Failed: clip32(o.Tally.Failed)}
	if c.Requests == 0 {
		return Evidence{}, false
	}
	e, minute := s.endpoint(o.Endpoint, c.Requests), minuteAt(o.Tally.From)
	if e == nil {
		return Evidence{}, false
	}
	prior := usualErrors
	prior.Mean = s.Service.level()
	d.learn(&e.errorPast, &o.meters.Errors, prior, minute, c)
	e.Short.add(minute, errorBlock, c)
	e.Long.add(minute, longBlock, c)
	if c.Failed == 0 {
		return Evidence{}, false
	}
	var worst errorWindow
	for _, h := range [...]*halves{&e.Short, &e.Long} {
		w := errorWindow{outcomes: h.both(), prior: prior, errors: d.cfg.Errors, requests: endpointRequests, times: endpointTimes}
		d.test(&e.errorPast, o, &w)
		worst = worst.worse(w)
	}
	ev, so := d.judge(&e.errorPast, o, &worst)
	if s.Service.Held != 0 || s.Service.Before != 0 {
		return Evidence{}, false // it is told of the service
	}
	return ev, so
}

// errorWindow is a window to be tested.
type errorWindow struct {
	outcomes
	prior    baseline.Prior
	errors   int     // least
	requests float32 // to be known before
	times    uint32
	law      baseline.ShareLaw
	surprise float64 // 0 where it is nothing to speak of
}

// worse is the more surprising of two.
func (w errorWindow) worse(other errorWindow) errorWindow {
	if other.surprise > w.surprise {
		return other
	}
	return w
}

// test tells how surprising a window is.
func (d ErrorSpike) test(p *errorPast, o *Observation, w *errorWindow) {
	if w.Failed < uint32(w.errors) || w.share() < d.cfg.Share || p.Requests < w.requests ||
		minuteAt(o.Time) < p.Since+errorMinutes {
		return
	}
	massive := w.share() >= massiveShare && w.Failed >= uint32(massiveErrors*w.errors)
	if w.Times < w.times && !massive {
		return
	}
	w.law = d.shares.Law(&p.Past, &w.prior, baseline.Slow, baseline.Trials{Time: o.Time, Trials: float64(w.Requests)})
	if float64(w.Failed) < d.floor(w) {
		return
	}
	w.surprise = w.law.Surprise(float64(w.Failed))
	p.Most = max(p.Most, float32(w.surprise))
}

// floor is how many requests have to fail for the window to be worth an alert, however surprising it is.
func (d ErrorSpike) floor(w *errorWindow) float64 {
	return max(float64(w.errors), d.cfg.Share*float64(w.Requests), d.cfg.Ratio*w.law.Mean())
}

// judge tells whether the most surprising window is worth an alert.
func (d ErrorSpike) judge(p *errorPast, o *Observation, w *errorWindow) (Evidence, bool) {
	ev, over := d.weigh(p, &o.meters.Errors, o, w)
	if over < 0 {
		return ev, false
	}
	switch sure := over >= mediumErrorSurprise; {
	case sure && w.share() >= massiveShare && w.Failed >= uint32(highErrors*w.errors):
		ev.Severity, ev.Score, ev.Confidence = finding.High, 80, 0.9
	case sure && w.share() >= mediumErrorShare && w.Failed >= uint32(mediumErrors*w.errors):
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.8
	}
	return ev.With("failed", float64(w.Failed)).With("requests", float64(w.Requests)).With("failed_share", round2(w.share())), true
}

// judgeRefused is the same of clients that were refused.
func (d ErrorSpike) judgeRefused(p *errorPast, o *Observation, w *errorWindow) (Evidence, bool) {
	ev, over := d.weigh(p, &o.meters.Refusals, o, w)
	if over < 0 {
		return ev, false
	}
	if over >= mediumErrorSurprise && w.share() >= massiveShare && w.Failed >= uint32(highErrors*w.errors) {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.7
	}
	return ev.With("refused_clients", float64(w.Failed)).With("requests", float64(w.Requests)).With("refused_share", round2(w.share())), true
}

// weigh holds a window against what it takes for an alert, and tells by how much it is over that; below 0 it is not.
func (d ErrorSpike) weigh(p *errorPast, meter *baseline.Meter, o *Observation, w *errorWindow) (ev Evidence, over float64) {
	if w.surprise < d.budget.Level {
		return ev, -1
	}
	over = w.surprise - d.budget.Threshold(meter)
	if over < 0 {
		return ev, over
	}
	p.fails(minuteAt(o.Time))
	return Evidence{
		Severity: finding.Low, Score: 40, Confidence: 0.6, Count: int64(w.Failed), Compared: true,
		Baseline: finding.Baseline{
			Observed: float64(w.Failed), Expected: round2(w.law.Mean()), High: round2(d.floor(w)), Surprise: round2(w.surprise),
		},
	}, over
}

// learn takes in what a minute brought, and what is over with it.
func (d ErrorSpike) learn(p *errorPast, meter *baseline.Meter, prior baseline.Prior, minute uint32, c outcomes) {
	if p.Since == 0 {
		p.Since = minute
	}
	if n := minute / errorBlock; n != p.Start {
		d.close(p, meter, prior)
		p.Start, p.Block, p.Most = n, outcomes{}, 0
	}
	p.Block.add(c)
}

// close learns the block that is over.
func (d ErrorSpike) close(p *errorPast, meter *baseline.Meter, prior baseline.Prior) {
	end := int64(p.Start+1) * errorBlock * int64(time.Minute)
	if p.Before == 0 && p.Block.Requests > 0 {
		// Of an episode the first block is a test.
		d.budget.Count(meter, end, float64(p.Most))
	}
	p.Before, p.Held = p.Held, 0
	minute := minuteAt(end)
	if p.Began != 0 && minute > p.Last+pausedMinutes {
		p.Began = 0
	}
	if p.Began != 0 && minute > p.Began+acceptedMinutes {
		*p = errorPast{Since: minute} // that is how it is now
		return
	}
	if p.Block.Requests == 0 {
		return
	}
	d.shares.Learn(&p.Past, &prior, baseline.Window{
		Time: end, Trials: float64(p.Block.Requests), Count: float64(p.Block.Failed), Held: p.Before != 0,
	})
	p.Requests = min(p.Requests+float32(p.Block.Requests), maxUsual)
}

// fails notes that it does.
func (p *errorPast) fails(minute uint32) {
	if p.Began == 0 {
		p.Began = minute
	}
	p.Last, p.Held = minute, 1
}

// level is about what share fails.
func (p *errorPast) level() float64 {
	sum, whole := float64(p.Past.Slow.Sum), float64(p.Past.Slow.Whole)
	return (sum + usualErrors.Shape*usualErrors.Mean) / (whole + usualErrors.Shape)
}
