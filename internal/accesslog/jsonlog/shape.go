package jsonlog

import (
	"encoding/binary"

	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
)

// Limits of what is remembered or handed on. A record beyond them is read all the same, only slower or without the rest
// of its unmapped fields: fields that a rule names are never lost.
const (
	maxUnmapped = 256      // unmapped fields of one record
	maxSteps    = 512      // leaves of a remembered shape
	maxLiterals = 32 << 10 // bytes of text between the leaves of a remembered shape
)

// step is one leaf of a shape: the text before the value, and the slot that the value goes to. first and last are the
// text's first and last eight bytes, so that most texts are compared as two words; mask blanks what a shorter text does
// not have.
type step struct {
	first, mask, last uint64
	offset            uint32 // of the text in shape.literals
	size              uint32
	slot              uint16
	depth             uint8
	end               bool // the text after the last value: the line ends with it
}

// op is one thing to do with a record of the shape once its values are found.
type op struct {
	rule     int16 // noRule for an unmapped field
	slot     uint16
	key, end uint32 // the unmapped field's key in shape.names
}

// shape is what the records of one kind have in common: the text between their values, keys and all, and what is to be
// done with each value.
type shape struct {
	steps    []step
	literals []byte
	ops      []op
	names    []byte
	used     uint64 // when it served last
}

// slotDropped takes the values that nobody wants.
const slotDropped = 0

func (s *shape) reset() {
	s.steps, s.literals, s.ops, s.names = s.steps[:0], s.literals[:0], s.ops[:0], s.names[:0]
}

// keep is false once the shape is too large to remember.
func (s *shape) keep() bool { return len(s.steps) <= maxSteps && len(s.literals) <= maxLiterals }

// add appends a step. What is beyond the limits is not stored: keep is false from then on.
func (s *shape) add(literal []byte, st step) {
	if !s.keep() {
		return
	}
	var first, last [8]byte
	copy(first[:], literal)
	copy(last[:], literal[max(0, len(literal)-8):])
	st.first = binary.LittleEndian.Uint64(first[:])
	st.last = binary.LittleEndian.Uint64(last[:])
	st.mask = ^uint64(0) >> (64 - 8*min(len(literal), 8))
	if len(literal) == 0 {
		st.mask = 0
	}
	st.offset, st.size = uint32(len(s.literals)), uint32(len(literal))
	s.literals = append(s.literals, literal...)
	s.steps = append(s.steps, st)
}

// at tells whether the step's text stands at b[i].
func (s *shape) at(st *step, b []byte, i int) bool {
	n := int(st.size)
	if i+n+8 > len(b) {
		return i+n <= len(b) && string(b[i:i+n]) == string(s.literals[st.offset:int(st.offset)+n])
	}
	if (binary.LittleEndian.Uint64(b[i:])^st.first)&st.mask != 0 {
		return false
	}
	if n <= 8 {
		return true
	}
	if binary.LittleEndian.Uint64(b[i+n-8:]) != st.last {
		return false
	}
	return n <= 16 || string(b[i+8:i+n-8]) == string(s.literals[st.offset+8:int(st.offset)+n-8])
}

// place is how far a record has been read: the step that is next and the index in the line.
type place struct{ step, i int }

// run reads a record of the shape from a place on, each value into its slot. It returns the first place where the record
// is not of the shape; after the last step it is.
func (s *shape) run(b []byte, spans []jsonwalk.Span, at place) place {
	for at.step < len(s.steps) {
		st := &s.steps[at.step]
		if !s.at(st, b, at.i) {
			return at
		}
		i := at.i + int(st.size)
		if st.end {
			if i == len(b) {
				at.step++
			}
			return at
		}
		v, ok := leaf(b, i, st)
		if !ok {
			return at
		}
		spans[st.slot] = v
		at = place{at.step + 1, v.Next()}
	}
	return at
}

// leaf reads the value at b[i]; false when it is no leaf or malformed, which the walk will tell in its own words.
func leaf(b []byte, i int, st *step) (jsonwalk.Span, bool) {
	if i >= len(b) || b[i] == '{' {
		return jsonwalk.Span{}, false
	}
	if b[i] == '"' {
		end, kind := jsonwalk.StringEnd(b, i+1)
		return jsonwalk.Span{Start: uint32(i + 1), End: uint32(end), Kind: kind}, kind != jsonwalk.None
	}
	v, reason := jsonwalk.Scan(b, i, int(st.depth))
	return v, reason == 0
}

// prefix tells whether two shapes agree in everything before step k, slots included: slots are given out in the order of
// the keys, so the text decides.
func (s *shape) prefix(o *shape, k int) bool {
	if k >= len(o.steps) || k >= len(s.steps) || s.steps[k].offset != o.steps[k].offset {
		return false
	}
	n := s.steps[k].offset
	return string(s.literals[:n]) == string(o.literals[:n])
}
