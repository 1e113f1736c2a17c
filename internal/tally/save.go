package tally

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
)

var errDamaged = errors.New("tallies are damaged")

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
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(l.usual))
	}
	for _, e := range s.entrants {
		b = binary.LittleEndian.AppendUint32(b, e.tag)
		b = binary.AppendUvarint(b, uint64(e.count))
	}
	return b
}

// ReadFrom makes the sheet what AppendTo has written.
func (s *Sheet) ReadFrom(b []byte) error {
	*s = *New()
	r := reader{b: b}
	s.now = int64(r.u64())
	n := r.uvarint()
	if n > maxServices+maxEndpoints {
		return errDamaged
	}
	for range n {
		if err := s.readLine(&r); err != nil {
			return err
		}
	}
	for i := range s.entrants {
		s.entrants[i] = entrant{tag: r.u32(), count: uint32(min(r.uvarint(), math.MaxUint32))}
	}
	if r.short || len(r.b) > 0 {
		return errDamaged
	}
	return nil
}

func (s *Sheet) readLine(r *reader) error {
	m := r.take(r.uvarint())
	if len(m) == 0 {
		s.lines = append(s.lines, line{free: true})
		return nil
	}
	var f facet.Facet
	if err := f.UnmarshalProto(m); err != nil || f.Kind != event.KindService && f.Kind != event.KindEndpoint {
		return errDamaged
	}
	e := &f.Event
	l := line{
		kind: f.Kind, running: f.Tally, hash: r.u64(), last: int64(r.u64()), usual: math.Float64frombits(r.u64()),
		service: strings.Clone(e.Service), method: strings.Clone(e.Method), host: strings.Clone(e.Host), route: strings.Clone(e.Route),
	}
	if _, twice := s.places[l.hash]; twice || !(l.usual >= 0 && l.usual <= math.MaxFloat64) {
		return errDamaged
	}
	s.places[l.hash] = uint32(len(s.lines))
	s.used[l.kind]++
	s.lines = append(s.lines, l)
	return nil
}

// reader takes values off; after the first fault everything is zero.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.b, r.short = nil, true
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) u32() uint32 {
	if v := r.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if v := r.take(8); v != nil {
		return binary.LittleEndian.Uint64(v)
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.short = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}
