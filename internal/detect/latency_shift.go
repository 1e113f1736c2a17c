package detect

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

// LatencyShift finds services that answer more slowly than they usually do.
//
// Signal: how long requests took in the last minutes, each against what is usual for its endpoint and the time of the day. So
// it makes no difference which endpoints are asked for more. Of an endpoint by itself the same.
// Formula: with y the logarithm of a duration, μ and σ² the mean and the variance of its endpoint's past, and δ the usual
// shift of the ten minutes of the day, the shift is Σ(y − μ − δ)/σ² ÷ Σ1/σ², each difference clipped at 3σ or eight times as long. It is held against
// Student's law with the variance 1/Σ(1/σ²) + that of δ + the scatter that windows have shown: as surprising as the windows that
// would make AlertsPerDay alerts a day at large. Beside it N ≥ Requests, e^shift ≥ Ratio, e^(mean expected)·(e^shift − 1) ≥
// Increase, at least 3 minutes with 60 % of the requests that are shifted by half as much, and the same of endpoints with
// half of the requests: otherwise it is not the service that is slow. An endpoint is told of where its service is not. Tail:
// a request is late when it is 2σ and 2.8 times beyond what is usual; 10 late ones, 15 % of a window and 3 times the expected
// share, more surprising by a beta-binomial law than AlertsPerDay allows, are told of too, except about the times of the day
// that are always slow. Low; medium from twice Ratio, or 30 % late, and a surprise of 2 above what is needed on.
// Window: the 5, 10, 30 or 60 minutes that ended last; for an endpoint 5 to 10 and 30 to 60. Half-life of what is learned: a
// week.
// Defaults: 20 requests, whose mean is known to a quarter of a doubling; 1.5 times as slow, since caches and garbage collectors
// make half of that; 10 ms more, of which people notice ten times that. A day before anything is said, since every day has its
// jobs; 100 requests and 6 hours of an endpoint. 1 alert a day.
// State: 17144 bytes for a service.
// ATT&CK: T1499.003 Endpoint Denial of Service: Application Exhaustion Flood.
// OWASP: API4:2023 Unrestricted Resource Consumption; OAT-015 Denial of Service.
// Benign: a cold cache after a deploy, a database that is being backed up for the first time, a slow dependency: somebody
// should know. What lasts for a day is normal from then on, and so is what comes every day at the same time.
// Blind to: logs without durations; a service that gets slower from day to day; a few late requests among many; what is slow
// only as much as it is at that time every day, or was an hour earlier or later.
type LatencyShift struct{ *latencyModels }

// latencyModels are what does not change.
type latencyModels struct {
	cfg    LatencyShiftConfig
	shares baseline.Shares
	budget baseline.Budget
}

// LatencyShiftConfig holds the thresholds of LatencyShift.
type LatencyShiftConfig struct {
	AlertsPerDay float64       // false alerts a day that are accepted; default 1
	Requests     int           // least requests in a window; default 20
	Ratio        float64       // least multiple of the usual duration; default 1.5
	Increase     time.Duration // least increase of the usual duration; default 10ms
}

// DefaultLatencyShift returns the defaults.
func DefaultLatencyShift() LatencyShiftConfig {
	return LatencyShiftConfig{AlertsPerDay: 1, Requests: 20, Ratio: 1.5, Increase: 10 * time.Millisecond}
}

// NewLatencyShift makes the detector.
func NewLatencyShift(cfg LatencyShiftConfig) LatencyShift {
	m := baseline.DefaultMemory()
	m.Fast, m.Slow = 24*time.Hour, latencyHalfLife*time.Minute
	d := LatencyShift{&latencyModels{cfg: cfg, shares: baseline.Shares{Memory: m}, budget: baseline.DefaultBudget()}}
	d.budget.PerDay = cfg.AlertsPerDay
	return d
}

var _ Detector[latencyShiftState] = LatencyShift{}

const (
	// latencyBlock is how many minutes are learned at a time.
	latencyBlock = 5
	// knownRequests are to be known of an endpoint before its requests are held against it.
	knownRequests = 100
	// latencyMinutes and endpointMinutes are to be known of a service and of an endpoint before anything is said.
	latencyMinutes, endpointMinutes = 24 * 60, 6 * 60
	// slowMinutes of a window must be slow, and slowShare of its requests lie in such.
	slowMinutes, slowShare = 3, 0.6
	// sharedBy is the share of requests whose endpoints must be slow for the service to be.
	sharedBy = 0.5
	// heldWeight is that of what was unusual, and heldDay the same for the time of day, in which it may come every day.
	heldWeight, heldDay = 0.05, 0.3
	// mediumSlowness and mediumSlowSurprise make an alert one of medium severity: multiples of Ratio, and surprise above what
	// is needed.
	mediumSlowness, mediumSlowSurprise = 2, 2
	// latencyDegrees is how light a tail is believed.
	latencyDegrees = 30
)

// latencyScales are the minutes of a service's windows.
var latencyScales = [...]uint32{5, 10, 30, 60}

func (d LatencyShift) Spec() Spec {
	return Spec{
		Name: "latency_shift", Version: 1, Entity: []event.Kind{event.KindService}, Facets: true, Quiet: 30 * time.Minute,
		Title: "Slow service",
		Description: "The service answers much more slowly than it usually does at this time, and not because other things are " +
			"asked for. Look at what was deployed, what it depends on, and who asks; where an endpoint is named, it is that one.",
		Attack: []string{"T1499.003"}, OWASP: []string{"API4:2023"}, OAT: []string{"OAT-015"},
	}
}

func (d LatencyShift) Validate() error {
	c := d.cfg
	var errs []error
	if !(c.AlertsPerDay > 0 && c.AlertsPerDay <= 1e6) {
		errs = append(errs, fmt.Errorf("alerts_per_day %g: want above 0, at most 1e6", c.AlertsPerDay))
	}
	if c.Requests < 5 {
		errs = append(errs, fmt.Errorf("requests %d: want at least 5", c.Requests))
	}
	if !(c.Ratio > 1) {
		errs = append(errs, fmt.Errorf("ratio %g: want above 1", c.Ratio))
	}
	if c.Increase < 0 {
		errs = append(errs, fmt.Errorf("increase %s: want at least 0", c.Increase))
	}
	return errors.Join(errs...)
}

func (d LatencyShift) Concerns(o *Observation) bool { return o.Tally != nil }

func (d LatencyShift) Observe(s *latencyShiftState, o *Observation) (Evidence, bool) {
	from, to := s.Recent.hear(o.Settled)
	for n := from; n < to; n++ {
		d.settle(s, o, n)
	}
	if o.Endpoint != 0 {
		return d.endpoint(s, o)
	}
	if to == 0 {
		return Evidence{}, false
	}
	return d.service(s, o, to-1)
}

// settle takes in a minute of the service of which all partitions have told.
func (d LatencyShift) settle(s *latencyShiftState, o *Observation, minute uint32) {
	p := &s.Service
	if p.Since == 0 {
		p.Since = minute
	}
	if n := minute / latencyBlock; n != p.Start {
		d.close(s, o)
		p.Start, p.Most, s.Block = n, 0, slowness{}
	}
	s.Block.add(s.Recent.of(minute))
}

// close learns the service's block that is over.
func (d LatencyShift) close(s *latencyShiftState, o *Observation) {
	p := &s.Service
	start := int64(p.Start) * latencyBlock * int64(time.Minute)
	suspect := float64(p.Most) >= d.budget.Level
	weight, over := d.turn(p, o, s.Block.Weight > 0)
	if over {
		// That is how it is now.
		day := s.Day
		*s = latencyShiftState{Recent: s.Recent, Day: day}
		return
	}
	if s.Block.Weight <= 0 {
		return
	}
	switch {
	case weight != 1:
		weight = heldDay
	case !suspect:
		p.deviates(s.Block.shift(), s.Block.variance())
	}
	d.countTail(s, o)
	d.shares.Learn(&s.Late, &usualLate, baseline.Window{
		Time: start + latencyBlock*int64(time.Minute), Trials: float64(s.Block.Requests), Count: float64(s.Block.Late), Held: p.Before != 0,
	})
	s.Day.learn(dayPart(o.hours, start), start, s.Block.raw(), 1/float64(s.Block.Weight)+p.scatter(), weight)
}

// turn ends a block. It returns how much it weighs, and whether what is unusual has been so for so long that it is usual.
func (d LatencyShift) turn(p *latencyPast, o *Observation, tested bool) (weight float64, over bool) {
	end := int64(p.Start+1) * latencyBlock * int64(time.Minute)
	if alarming := float64(p.Most) >= d.budget.Level; tested && (!alarming || p.Alarming == 0) {
		// Windows overlap, and what goes on is no news: of blocks in a row that are surprising the first is a test.
		d.budget.Count(&o.meters.Latency, end, float64(p.Most))
	}
	p.Alarming = 0
	if float64(p.Most) >= d.budget.Level {
		p.Alarming = 1
	}
	p.Before, p.Held = p.Held, 0
	minute := minuteAt(end)
	if p.Began != 0 && minute > p.Last+pausedMinutes {
		p.Began = 0
	}
	weight = 1
	if p.Before != 0 {
		weight = heldWeight
	}
	return weight, p.Began != 0 && minute > p.Began+acceptedMinutes
}

// latencyWindow is a window to be tested.
type latencyWindow struct {
	slowness
	scatter  float64 // of windows
	surprise float64 // 0 where it is nothing to speak of
}

// ratio is how many times as slow it is.
func (w *latencyWindow) ratio() float64 { return math.Exp2(w.shift() / 2) }

// expected is the usual duration, in microseconds.
func (w *latencyWindow) expected() float64 {
	return facet.DurationOf(0) * math.Exp2(float64(w.Level/max(w.Requests, 1))/2)
}

// service judges the minutes that ended last.
func (d LatencyShift) service(s *latencyShiftState, o *Observation, last uint32) (Evidence, bool) {
	if s.Recent.of(last).Requests == 0 || last < s.Service.Since+latencyMinutes {
		return Evidence{}, false
	}
	var worst, w latencyWindow
	var late lateWindow
	back := uint32(0)
	for _, scale := range latencyScales {
		for ; back < min(scale, last); back++ {
			w.add(s.Recent.of(last - back))
		}
		w.scatter = s.Service.scatter()
		d.test(&s.Service, &w)
		if w.surprise > worst.surprise && d.lasts(s, &w, last, back) && d.shared(s, &w, back) {
			worst = w
		}
		if tail := d.tail(s, o, w.slowness); tail.surprise > late.surprise && d.lags(s, last, back) {
			late = tail
		}
	}
	if ev, so := d.judge(&s.Service, o, &worst); so {
		return ev, so
	}
	return d.judgeTail(&s.Service, o, &late)
}

// test tells how surprising a window is.
func (d LatencyShift) test(p *latencyPast, w *latencyWindow) {
	w.surprise = 0
	if w.Requests < float32(d.cfg.Requests) || w.ratio() < d.cfg.Ratio ||
		w.expected()*(w.ratio()-1) < float64(d.cfg.Increase.Microseconds()) {
		return
	}
	law := baseline.SizeLaw{Scale: math.Sqrt(w.variance() + w.scatter), Degrees: latencyDegrees}
	w.surprise = law.Surprise(math.Exp(w.shift()))
	p.Most = max(p.Most, float32(w.surprise))
}

// lasts tells that it is more than a moment that is slow.
func (d LatencyShift) lasts(s *latencyShiftState, w *latencyWindow, last, minutes uint32) bool {
	slow, requests := 0, float32(0)
	for back := range minutes {
		m := s.Recent.of(last - back)
		if m.Requests > 0 && m.shift() > w.shift()/2 {
			slow++
			requests += m.Requests
		}
	}
	return slow >= slowMinutes && requests >= slowShare*w.Requests
}

// shared tells that the service's endpoints are slow, and not one of many.
func (d LatencyShift) shared(s *latencyShiftState, w *latencyWindow, minutes uint32) bool {
	var slow, all float32
	now := minuteAt(s.Recent.Heard)
	for i := range s.Endpoints {
		h, length := &s.Endpoints[i].Short, uint32(latencyBlock)
		if minutes >= longBlock {
			h, length = &s.Endpoints[i].Long, longBlock
		}
		if m := h.both(); m.Requests > 0 && now/length <= h.Number+1 {
			all += m.Requests
			if m.shift() > w.shift()/2 {
				slow += m.Requests
			}
		}
	}
	return slow >= sharedBy*all
}

// endpoint takes in a tally of an endpoint, and judges it by itself as long as its service is not slow.
func (d LatencyShift) endpoint(s *latencyShiftState, o *Observation) (Evidence, bool) {
	requests := float32(o.Tally.Durations.Total())
	if requests == 0 {
		return Evidence{}, false
	}
	e, minute := s.endpoint(o.Endpoint, requests), minuteAt(o.Tally.From)
	if e == nil {
		return Evidence{}, false
	}
	part := dayPart(o.hours, o.Tally.From)
	offset, doubt := s.Day.expects(part)
	if e.Since == 0 {
		e.Since = minute
	}
	if n := minute / latencyBlock; n != e.Start {
		d.closeEndpoint(e, o, offset)
		e.Start, e.Most, e.Asked, e.Sum, e.Square = n, 0, 0, 0, 0
	}
	n, sum, square := e.measure(&o.Tally.Durations)
	e.Asked, e.Sum, e.Square = e.Asked+float32(n), e.Sum+float32(sum), e.Square+float32(square)
	if e.Weight < knownRequests {
		return Evidence{}, false
	}
	variance := e.variance()
	m := slowness{
		Requests: float32(n), Weight: float32(n / variance), Sum: float32((sum - n*float64(e.Mean)) / variance),
		Usual: float32(n / variance * offset), Doubt: float32(n / variance * doubt), Level: float32(n) * e.Mean,
	}
	if !s.Day.restless(part) {
		m.Late = float32(clip32(beyond(&o.Tally.Durations, e.late(offset, float64(d.cfg.Increase.Microseconds())))))
	}
	if at := s.Recent.at(o.Tally.From); at != nil {
		at.add(m)
	}
	slow := m.shift() >= math.Log2(d.cfg.Ratio) // half of what is needed
	e.Short.add(minute, latencyBlock, m, slow)
	e.Long.add(minute, longBlock, m, slow)
	if minute < e.Since+endpointMinutes || minute < s.Service.Since+latencyMinutes {
		return Evidence{}, false
	}
	if s.Service.Alarming != 0 || float64(s.Service.Most) >= d.budget.Level {
		return Evidence{}, false // it is a matter of the service
	}
	var worst latencyWindow
	for _, h := range [...]*latencyHalves{&e.Short, &e.Long} {
		w := latencyWindow{slowness: h.both(), scatter: e.scatter() + variance/float64(e.Weight)}
		d.test(&e.latencyPast, &w)
		if w.surprise > worst.surprise && h.Slow+h.Before >= slowMinutes {
			worst = w
		}
	}
	return d.judge(&e.latencyPast, o, &worst)
}

// closeEndpoint learns the endpoint's block that is over.
func (d LatencyShift) closeEndpoint(e *latencyEndpoint, o *Observation, offset float64) {
	weight, over := d.turn(&e.latencyPast, o, e.Asked > 0)
	minute := (e.Start + 1) * latencyBlock
	if over {
		*e = latencyEndpoint{Name: e.Name, Usual: e.Usual, latencyPast: latencyPast{Since: minute}}
		return
	}
	if e.Asked > 0 && e.Weight >= knownRequests && weight == 1 && e.Alarming == 0 {
		e.deviates(float64(e.Sum/e.Asked-e.Mean)-offset, e.variance()/float64(e.Asked))
	}
	e.learn(minute, offset, weight)
}

// judge tells whether the most surprising window is worth an alert.
func (d LatencyShift) judge(p *latencyPast, o *Observation, w *latencyWindow) (Evidence, bool) {
	if w.surprise < d.budget.Level {
		return Evidence{}, false
	}
	threshold := d.budget.Threshold(&o.meters.Latency)
	if w.surprise < threshold {
		return Evidence{}, false
	}
	p.slow(minuteAt(o.Time))
	expected := w.expected() / 1e3
	ev := Evidence{
		Severity: finding.Low, Score: 40, Confidence: 0.6, Count: int64(w.Requests), Compared: true,
		Baseline: finding.Baseline{
			Observed: round2(expected * w.ratio()), Expected: round2(expected), High: round2(expected * d.cfg.Ratio), Surprise: round2(w.surprise),
		},
	}
	if w.ratio() >= mediumSlowness*d.cfg.Ratio && w.surprise >= threshold+mediumSlowSurprise {
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.8
	}
	return ev.With("duration_ms", round2(expected*w.ratio())).With("times_expected", round2(w.ratio())).
		With("requests", float64(w.Requests)), true
}
