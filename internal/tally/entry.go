package tally

import (
	"math"
	"strings"

	"gatewatch/internal/event"
)

// entrants counts names that are not counted yet, by their hash: a name that shares a place with another takes turns.
type entrants []entrant

type entrant struct {
	tag   uint32 // other bits of the hash
	count uint32
}

const entrantSlots = 1 << 12

func newEntrants() entrants { return make(entrants, entrantSlots) }

// again notes that a name was asked for, and tells how often it was.
func (n entrants) again(hash uint64) uint32 {
	e := &n[hash%entrantSlots]
	switch tag := uint32(hash >> 32); {
	case e.tag == tag:
		e.count++
	case e.count > 1:
		e.count-- // the other one stays for as often as it came
		return 0
	default:
		*e = entrant{tag: tag, count: 1}
	}
	return e.count
}

// admits tells whether a name that is not counted yet is to be from now on.
func (s *Sheet) admits(hash uint64, kind event.Kind) bool {
	return s.entrants.again(hash^uint64(kind)) >= admission
}

func (s *Sheet) find(hash uint64, kind event.Kind) *line {
	hash ^= uint64(kind)
	p := &s.recent[hash%recentSlots]
	if p.hash != hash {
		line, ok := s.places[hash]
		*p = place{hash: hash, line: line, here: ok}
	}
	if !p.here {
		return nil
	}
	return &s.lines[p.line]
}

// enter begins to count a name. When there is no room for its kind, it takes the place of the one that is asked for
// least, if that is less often than it takes to enter.
func (s *Sheet) enter(e *event.Event, hash uint64, kind event.Kind) {
	s.entrants[(hash^uint64(kind))%entrantSlots] = entrant{}
	limit := maxServices
	if kind == event.KindEndpoint {
		limit = maxEndpoints
	}
	if s.used[kind] >= limit && !s.makeRoom(kind) {
		return
	}
	l := line{hash: hash ^ uint64(kind), kind: kind, service: name(e.Service), last: s.now, usual: admission}
	l.host = name(e.Host)
	if kind == event.KindEndpoint {
		l.method, l.route = name(e.Method), name(e.Route)
	} else if l.service+l.host == "" {
		l.service = Unnamed
	}
	l.running.From = s.now
	s.recent[l.hash%recentSlots] = place{}
	s.places[l.hash] = s.put(l)
	s.used[kind]++
}

// put is where a line goes: where one was forgotten, or at the end.
func (s *Sheet) put(l line) uint32 {
	for i := range s.lines {
		if s.lines[i].free {
			s.lines[i] = l
			return uint32(i)
		}
	}
	s.lines = append(s.lines, l)
	return uint32(len(s.lines) - 1)
}

func (s *Sheet) makeRoom(kind event.Kind) bool {
	least := -1
	for i := range s.lines {
		if l := &s.lines[i]; !l.free && l.kind == kind && (least < 0 || l.usual < s.lines[least].usual) {
			least = i
		}
	}
	if least < 0 || s.lines[least].usual+float64(s.lines[least].running.Requests) >= admission {
		return false
	}
	s.forget(uint32(least))
	return true
}

func (s *Sheet) forget(at uint32) {
	l := &s.lines[at]
	delete(s.places, l.hash)
	s.recent[l.hash%recentSlots] = place{}
	s.used[l.kind]--
	*l = line{free: true}
}

// fade adds requests to the usual ones, of which half are forgotten in a day.
func (l *line) fade(age, requests float64) {
	const halfLife = 24 * 3600e9
	l.usual = l.usual*math.Exp2(-age/halfLife) + requests
}

// name is a copy of a name, which is short.
func name(s string) string {
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "")
	}
	return strings.Clone(s)
}
