package record

import (
	"slices"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
)

// learn walks a record whose shape is not known, finds its values, and remembers the shape. The shape it returns serves
// for this record even when it is too large to remember.
func (p *parser) learn() (*shape, format.Reason) {
	s := p.memory.blank()
	clear(p.slots)
	p.hashes = p.hashes[:0]
	w := &p.walker
	w.Reset(p.line)
	marks, at, next := uint32(0), 0, uint16(slotDropped+1)
	for w.Next() {
		entry, keep := entry{rule: noRule}, false
		if len(w.Key()) <= maxKey {
			entry, keep = p.table.look(w.Key())
		}
		marks |= entry.marks
		slot := p.slot(s, entry.rule, keep, next)
		next = max(next, slot+1)
		v := w.Span()
		p.spans[slot] = v
		start := int(v.Start)
		if v.Kind == jsonwalk.String || v.Kind == jsonwalk.Escaped {
			start--
		}
		s.add(p.line[at:start], step{slot: slot, depth: uint8(w.Depth())})
		at = v.Next()
	}
	reason := w.Reason()
	if reason == format.ReasonNone && !p.table.matches(marks) {
		reason = format.UnknownFormat
	}
	if reason != format.ReasonNone {
		return nil, reason
	}
	s.add(p.line[at:], step{end: true})
	p.plan(s)
	if s.keep() {
		p.memory.remember()
	}
	return s, format.ReasonNone
}

// slot is the slot for a leaf: the one its key has already, or the next free one. Unmapped leaves are noted in the shape
// in the order of the line.
func (p *parser) slot(s *shape, rule int, keep bool, next uint16) uint16 {
	if !keep || rule != noRule && p.table.Rules[rule].To == Drop {
		return slotDropped
	}
	if rule != noRule {
		if p.slots[rule] == 0 {
			p.slots[rule] = next
		}
		return p.slots[rule]
	}
	key := p.walker.Key()
	hash := xxh3.Hash(key)
	for i, h := range p.hashes {
		if h == hash {
			return s.ops[i].slot
		}
	}
	if len(p.hashes) == MaxUnmapped {
		return slotDropped
	}
	p.hashes = append(p.hashes, hash)
	key = key[p.ownPrefix(key):]
	begin := uint32(len(s.names))
	s.names = append(s.names, key...)
	s.ops = append(s.ops, op{to: Unmapped, slot: next, key: begin, end: uint32(len(s.names))})
	return next
}

// ownPrefix is the length of what the event's own unmapped fields have before their names.
func (p *parser) ownPrefix(key []byte) int {
	own := p.table.Own
	if own != "" && len(key) > len(own) && string(key[:len(own)]) == own {
		return len(own)
	}
	return 0
}

// plan puts the rules that have a value before the unmapped fields, in the rules' order.
func (p *parser) plan(s *shape) {
	unmapped := len(s.ops)
	for rule, slot := range p.slots {
		if slot != slotDropped {
			r := &p.table.Rules[rule]
			s.ops = append(s.ops, op{to: r.To, in: r.In, slot: slot, rule: uint16(rule), field: fieldOf(r.To)})
		}
	}
	// The walk noted the unmapped fields first: swap the two runs.
	slices.Reverse(s.ops[:unmapped])
	slices.Reverse(s.ops[unmapped:])
	slices.Reverse(s.ops)
}
