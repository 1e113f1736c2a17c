package tally

import (
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
)

const (
	// maxServices and maxEndpoints bound what is counted. Hosts and paths are chosen by clients, so a name must be asked
	// for often before it is counted, and more often than another is when there is no room.
	maxServices  = 64
	maxEndpoints = 1024
	// admission is how often a service or an endpoint must have been asked for before it is counted by itself. What came
	// before is not counted.
	admission = 20
	// maxName is how many bytes of a name are kept.
	maxName = 256
	// forgotten is after how long a name that nobody asks for makes room.
	forgotten = 8 * 24 * int64(3600e9)
)

// Sheet counts the requests to services and endpoints. One goroutine owns it.
type Sheet struct {
	lines    []line // in the order in which they came
	places   map[uint64]uint32
	recent   [recentSlots]place // some of places, found faster
	entrants entrants
	used     [event.Kinds]int
	now      int64 // start of the running span
	due      []facet.Facet
}

const recentSlots = 1 << 9

// place is where a name is counted, if it is.
type place struct {
	hash uint64
	line uint32
	here bool
}

// line counts one service or endpoint.
type line struct {
	hash    uint64
	kind    event.Kind
	service string
	method  string
	host    string
	route   string
	running facet.Tally // From is when its span began
	last    int64       // start of the span of the newest request
	usual   float64     // requests, fading
	free    bool
}

// New makes an empty sheet.
func New() *Sheet { return &Sheet{places: map[uint64]uint32{}, entrants: newEntrants()} }

// Clock says how late it is. It ends the spans that are over.
func (s *Sheet) Clock(now int64) {
	switch start := now - now%int64(ServiceSpan); {
	case start > s.now:
		s.now = start
		s.end()
	case start < s.now:
		// The clock was wrong, and so was when the spans began.
		s.now = start
		for i := range s.lines {
			s.lines[i].running.From, s.lines[i].last = start, start
		}
	}
}

func (s *Sheet) end() {
	s.due = s.due[:0] // nobody asked
	for i := range s.lines {
		l := &s.lines[i]
		if l.free || l.kind == event.KindEndpoint && s.now/int64(EndpointSpan) == l.running.From/int64(EndpointSpan) {
			continue
		}
		s.due = append(s.due, facet.Facet{Kind: l.kind, Tally: l.running, Event: event.Event{
			Time: s.now, Service: l.service, Method: l.method, Host: l.host, Route: l.route,
		}})
		l.fade(float64(s.now-l.running.From), float64(l.running.Requests))
		if l.running.Requests > 0 {
			l.last = l.running.From
		}
		l.running = facet.Tally{From: s.now}
		if s.now-l.last > forgotten {
			s.forget(uint32(i))
		}
	}
}

// Add counts a request. The hashes are of its service, of its endpoint, 0 if it is none to count, and of its client, which is
// asked for only where it was refused.
func (s *Sheet) Add(e *event.Event, service, endpoint, client uint64) {
	slot := -1
	if e.Has(event.FieldDuration) {
		slot = facet.DurationSlot(e.DurationUS)
	}
	if l := s.ofService(e, service); l != nil {
		l.add(e, slot, client)
	}
	if endpoint == 0 {
		return
	}
	if l := s.find(endpoint, event.KindEndpoint); l != nil {
		l.add(e, slot, client)
	} else if s.admits(endpoint, event.KindEndpoint) {
		s.enter(e, endpoint, event.KindEndpoint)
	}
}

func (s *Sheet) ofService(e *event.Event, hash uint64) *line {
	l := s.find(hash, event.KindService)
	if l == nil && s.admits(hash, event.KindService) {
		s.enter(e, hash, event.KindService)
	}
	return l
}

func (l *line) add(e *event.Event, slot int, client uint64) {
	t := &l.running
	t.Requests++
	switch {
	case e.Status >= 500:
		t.Failed++
	case e.Status >= 400:
		t.Refused++
		t.Refusers.Note(client)
	}
	if size, ok := e.Size(); ok {
		t.Bytes += uint64(max(size, 0))
	}
	if slot >= 0 {
		t.Durations[slot]++
	}
}

// Due gives the tallies of the spans that have ended, each once. A facet is the sheet's own and holds until yield returns.
func (s *Sheet) Due(yield func(*facet.Facet)) {
	for i := range s.due {
		yield(&s.due[i])
	}
	s.due = s.due[:0]
}
