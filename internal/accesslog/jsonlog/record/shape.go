package record

import (
	"encoding/binary"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
)

// Limits of what is remembered or handed on. A record beyond them is read all the same, only slower or without the rest
// of its unmapped fields: fields that a rule names are never lost.
const (
	MaxUnmapped = 256      // unmapped fields of one record
	maxKey      = 512      // bytes of a flattened key: hashing longer ones for every leaf below them would be quadratic
	maxSteps    = 512      // leaves of a remembered shape
	maxLiterals = 32 << 10 // bytes of text between the leaves of a remembered shape
)

// step is one leaf of a shape: the text before the value, and the slot that the value goes to. Of the text the first
// eight bytes, eight in the middle and the last eight are kept as words, which may overlap: texts of up to 24 bytes, which
// nearly all are, are compared by three loads and one branch. mask blanks what a shorter text does not have.
type step struct {
	first, mid, last uint64
	mask             uint64
	midAt, lastAt    uint32
	size             uint32
	offset           uint32 // of the text in shape.literals
	slot             uint16
	depth            uint8
	end              bool // the text after the last value: the line ends with it
}

// op is one thing to do with a record of the shape once its values are found.
type op struct {
	to       Column // unmapped for a field that no rule names
	in       Unit
	slot     uint16
	rule     uint16
	field    uint16 // of a text column: where the event has it
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

// name is the key of an unmapped field.
func (s *shape) name(o *op) string { return lex.String(s.names[o.key:o.end]) }

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
	n := len(literal)
	st.offset, st.size = uint32(len(s.literals)), uint32(n)
	st.lastAt = uint32(max(0, n-word))
	st.midAt = min(word, st.lastAt)
	st.first, st.mid, st.last = wordAt(literal, 0), wordAt(literal, st.midAt), wordAt(literal, st.lastAt)
	st.mask = 1<<(8*min(n, word)) - 1 // all ones for a whole word: Go shifts everything out
	s.literals = append(s.literals, literal...)
	s.steps = append(s.steps, st)
}

const word = 8

// wordAt is up to eight bytes as a number.
func wordAt(b []byte, at uint32) uint64 {
	var w [word]byte
	copy(w[:], b[at:])
	return binary.LittleEndian.Uint64(w[:])
}

// at tells whether the step's text stands at b[i].
func (s *shape) at(st *step, b []byte, i int) bool {
	n := int(st.size)
	if i+n > len(b)-word {
		return i+n <= len(b) && string(b[i:i+n]) == string(s.literals[st.offset:int(st.offset)+n])
	}
	b = b[i : i+n+word]
	diff := binary.LittleEndian.Uint64(b) ^ st.first
	diff |= binary.LittleEndian.Uint64(b[st.midAt:]) ^ st.mid
	diff |= binary.LittleEndian.Uint64(b[st.lastAt:]) ^ st.last
	if diff&st.mask != 0 {
		return false
	}
	return n <= 3*word || string(b[2*word:n-word]) == string(s.literals[int(st.offset)+2*word:int(st.offset)+n-word])
}

// place is how far a record has been read: the step that is next and the index in the line.
type place struct{ step, i int }

// run reads a record of the shape from a place on, each value into its slot. It returns the first place where the record
// is not of the shape; after the last step it is. What is malformed is not of the shape either: the walk will tell it in
// its own words.
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
		if i >= len(b) {
			return at
		}
		switch c := b[i]; {
		case c == '"':
			end, kind := jsonwalk.StringEnd(b, i+1)
			if kind == jsonwalk.None {
				return at
			}
			spans[st.slot] = jsonwalk.Span{Start: uint32(i + 1), End: uint32(end), Kind: kind}
			at.i = end + 1
		case c-'0' <= 9:
			end, ok := jsonwalk.NumberEnd(b, i)
			if !ok {
				return at
			}
			spans[st.slot] = jsonwalk.Span{Start: uint32(i), End: uint32(end), Kind: jsonwalk.Number}
			at.i = end
		case c == '{':
			return at
		default:
			v, reason := jsonwalk.Scan(b, i, int(st.depth))
			if reason != format.ReasonNone {
				return at
			}
			spans[st.slot] = v
			at.i = v.Next()
		}
		at.step++
	}
	return at
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
