package detect

import (
	"math"
	"time"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
)

const (
	// trafficServices is how many services are known at once beside each other.
	trafficServices = 64
	// staleService is after how many minutes without a tally one makes room.
	staleService = 8 * 24 * 60
)

// trafficShared is what the detectors of traffic know of all services together.
type trafficShared struct {
	// Surges and Drops meter the hours of services, and those of endpoints.
	Surges, Drops [2]baseline.Meter
	// Heard is the newest minute in which anything was asked of anybody; from GapFrom up to GapTo nothing was, most lately.
	Heard, GapFrom, GapTo int64
	Services              [trafficServices]trafficService
}

// trafficService is what is known of one service where its endpoints are looked at.
type trafficService struct {
	Name   uint64       // hash; 0 where free
	Seen   int64        // minute of the newest tally of it or its endpoints
	Rate   float64      // requests expected in a minute
	Visits float64      // and about how many visits they are made by
	Peak   int64        // the minute that had most above what was expected, of the last hour or so
	Above  float64      // by how much
	Lately trafficLevel // requests and what was expected of them, fading within the hour
	Lack   float64      // part of what was expected that did not come lately
	Top    int64        // newest minute in which an endpoint of it surged
	Excess float64      // of that endpoint in that minute
}

// service is that of an observation, nil when there is no room for it.
func (t *trafficShared) service(o *Observation) *trafficService {
	e, now := o.Event, minuteOf(o.Time)
	name := e.Service
	if name == "" {
		name = e.Host
	}
	if name == "" {
		name = facet.Unnamed
	}
	hash := xxh3.HashString(name) | 1
	var stale *trafficService
	for i := range t.Services {
		s := &t.Services[i]
		if s.Name == hash {
			s.Seen = max(s.Seen, now)
			return s
		}
		if stale == nil && (s.Name == 0 || now-s.Seen > staleService) {
			stale = s
		}
		if s.Name == 0 {
			break // they are filled in order
		}
	}
	if stale != nil {
		*stale = trafficService{Name: hash, Seen: now}
	}
	return stale
}

// hear notes when there were requests at all.
func (t *trafficShared) hear(o *Observation) {
	minute := minuteOf(o.Tally.From)
	switch {
	case o.Tally.Requests == 0:
	case minute > t.Heard:
		if t.Heard > 0 && minute > t.Heard+1 {
			t.GapFrom, t.GapTo = t.Heard+1, minute-1
		}
		t.Heard = minute
	case minute >= t.GapFrom && minute <= t.GapTo:
		t.GapFrom = minute + 1 // a partition that was late
	}
}

// silent is for how many minutes up to one nobody was asked for anything.
func (t *trafficShared) silent(minute int64) int64 {
	switch {
	case minute > t.Heard && t.Heard > 0:
		return minute - t.Heard
	case minute >= t.GapFrom && minute <= t.GapTo:
		return minute - t.GapFrom + 1
	default:
		return 0
	}
}

// over tells that nobody was asked for anything shortly before a minute, and that this is over.
func (t *trafficShared) over(minute int64) bool {
	for m := minute - lately; m <= minute; m++ {
		if t.silent(m) > 0 && t.Heard > m {
			return true
		}
	}
	return false
}

// missing tells that a minute has no requests because logs are missing: nobody was asked for anything for so long that so
// many visits were to be expected.
func (t *trafficShared) missing(minute int64) bool {
	const certain = 8
	silent := t.silent(minute)
	if silent == 0 {
		return false
	}
	visits := 0.0
	for i := range t.Services {
		visits += t.Services[i].Visits
	}
	return float64(silent)*visits >= certain
}

// leads tells whether a service is the one that is asked most, which speaks for all where logs are missing.
func (t *trafficShared) leads(s *trafficService) bool {
	for i := range t.Services {
		if o := &t.Services[i]; o.Rate > s.Rate {
			return false
		}
	}
	return true
}

// fade takes in a minute of a service.
func (t *trafficShared) fade(s *trafficService, kind int, count, expected float64) {
	const halfLife = 30 * time.Minute
	if s != nil && kind == 0 {
		s.Lately.fade(left(1, halfLife))
		s.Lately.add(count, expected)
	}
}

// others is which part of what is expected comes to other services lately: on a holiday that no calendar tells, less is
// asked of all. It is 1 where there are too few to tell. An endpoint's own service is among the others.
func (t *trafficShared) others(s *trafficService, kind int) float64 {
	const few, enough, least = 3, 20, 0.3
	var all trafficLevel
	n := 0
	for i := range t.Services {
		o := &t.Services[i]
		if o.Name == 0 {
			break
		}
		if (o != s || kind != 0) && o.Lately.Whole >= enough {
			all.add(min(o.Lately.Sum, o.Lately.Whole), o.Lately.Whole)
			n++
		}
	}
	if n < few {
		return 1
	}
	return max(all.mean(), least)
}

// kindIndex is the place of the meter of a kind of entity.
func kindIndex(k event.Kind) int {
	if k == event.KindEndpoint {
		return 1
	}
	return 0
}

// narrowest tells whether a surge of an endpoint or a service is to be told: that of an endpoint which has half of what its
// service has too much, or that of a service none of whose endpoints has.
func (t *trafficShared) narrowest(o *Observation, v *trafficVerdict, minute int64) bool {
	const most = 0.5
	s := t.service(o)
	if s == nil {
		return true
	}
	w := &v.window
	excess := w.busiest - w.expected/float64(w.length)
	if o.Kind == event.KindService {
		return s.Top <= minute-w.length || s.Excess < most*excess
	}
	if excess < most*s.Above*math.Pow(ebbs, float64(max(minute-s.Peak, 0))) {
		return false
	}
	if s.Top <= minute-w.length {
		s.Excess = 0
	}
	s.Top, s.Excess = minute, max(s.Excess, excess)
	return true
}

// ebbs is what is left of the excess of a service after a minute.
const ebbs = 0.9

// note keeps by how much a service was asked more than was expected.
func (t *trafficShared) note(o *Observation, p *trafficPast) {
	s := t.service(o)
	if s == nil || o.Kind != event.KindService {
		return
	}
	minute := minuteOf(o.Tally.From)
	above := float64(p.Minutes.Ring[minute%int64(len(p.Minutes.Ring))]) - p.expect(o.hours.Slot(o.Tally.From))
	if above >= s.Above*math.Pow(ebbs, float64(max(minute-s.Peak, 0))) {
		s.Peak, s.Above = minute, above
	}
}
