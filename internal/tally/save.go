package tally

import (
	"encoding/binary"
	"math"
	"strings"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/sketch/wire"
)

const what = "tallies"

// AppendTo appends the sheet as ReadFrom reads it. What is due is not saved, so Due comes first. Equal sheets give equal
// bytes.
func (s *Sheet) AppendTo(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(s.now))
	b = binary.AppendUvarint(b, uint64(len(s.lines)))
	for i := range s.lines {
		l := &s.lines[i]
		if l.free {
			b = binary.AppendUvarint(b, 0)
			continue
		}
		f := facet.Facet{Kind: l.kind, Tally: l.running, Event: event.Event{
			Service: l.service, Method: l.method, Host: l.host, Route: l.route,
		}}
		m := f.AppendProto(nil)
		b = binary.AppendUvarint(b, uint64(len(m)))
		b = append(b, m...)
		b = binary.LittleEndian.AppendUint64(b, l.hash)
		b = binary.LittleEndian.AppendUint64(b, uint64(l.last))
		b = wire.AppendFloat(b, l.usual)
	}
	for _, e := range s.entrants {
		b = binary.AppendUvarint(b, uint64(e.tag))
		b = binary.AppendUvarint(b, uint64(e.count))
	}
	return b
}

// ReadFrom makes the sheet what AppendTo has written.
func (s *Sheet) ReadFrom(b []byte) error {
	*s = *New()
	r := wire.Read(b)
	s.now = int64(r.U64())
	for range r.Count(maxServices + maxEndpoints) {
		s.readLine(&r)
	}
	for i := range s.entrants {
		s.entrants[i] = entrant{tag: uint32(r.Count(math.MaxUint32)), count: uint32(r.Count(math.MaxUint32))}
	}
	return r.Done(what) //nolint:wrapcheck // it says what of
}

func (s *Sheet) readLine(r *wire.Reader) {
	m := r.Take(int(r.Count(math.MaxInt32)))
	if len(m) == 0 {
		s.lines = append(s.lines, line{free: true})
		return
	}
	var f facet.Facet
	if err := f.UnmarshalProto(m); err != nil || f.Kind != event.KindService && f.Kind != event.KindEndpoint {
		r.Fail()
		return
	}
	e := &f.Event
	l := line{
		kind: f.Kind, running: f.Tally, hash: r.U64(), last: int64(r.U64()), usual: r.Float(),
		service: strings.Clone(e.Service), method: strings.Clone(e.Method), host: strings.Clone(e.Host), route: strings.Clone(e.Route),
	}
	if _, twice := s.places[l.hash]; twice {
		r.Fail()
		return
	}
	s.places[l.hash] = uint32(len(s.lines))
	s.used[l.kind]++
	s.lines = append(s.lines, l)
}
