package envelope

import "encoding/binary"

// The wire types of protobuf that OTLP uses.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// field is a field of a protobuf message: its bytes, or its number where it is one.
type field struct {
	number uint64
	kind   uint64
	bytes  []byte
	value  uint64
}

// fields walks the fields of a protobuf message and stops at the first that is malformed.
type fields struct {
	rest []byte
	at   field
	bad  bool
}

// next goes to the next field and tells whether there is one.
func (f *fields) next() bool {
	if len(f.rest) == 0 || f.bad {
		return false
	}
	tag, ok := f.varint()
	f.at = field{number: tag >> 3, kind: tag & 7}
	if !ok || f.at.number == 0 || !f.read() {
		f.bad = true
		return false
	}
	return true
}

// read reads what is behind a tag.
func (f *fields) read() (ok bool) {
	switch f.at.kind {
	case wireVarint:
		f.at.value, ok = f.varint()
	case wireFixed64:
		if ok = len(f.rest) >= 8; ok {
			f.at.value, f.rest = binary.LittleEndian.Uint64(f.rest), f.rest[8:]
		}
	case wireFixed32:
		if ok = len(f.rest) >= 4; ok {
			f.at.value, f.rest = uint64(binary.LittleEndian.Uint32(f.rest)), f.rest[4:]
		}
	case wireBytes:
		n, valid := f.varint()
		if ok = valid && n <= uint64(len(f.rest)); ok {
			f.at.bytes, f.rest = f.rest[:n:n], f.rest[n:]
		}
	default: // groups, which OTLP never had
	}
	return ok
}

func (f *fields) varint() (uint64, bool) {
	if len(f.rest) > 0 && f.rest[0] < 0x80 {
		v := f.rest[0]
		f.rest = f.rest[1:]
		return uint64(v), true
	}
	v, n := binary.Uvarint(f.rest)
	if n <= 0 {
		return 0, false
	}
	f.rest = f.rest[n:]
	return v, true
}

// is tells a field of bytes by its number.
func (f *field) is(number uint64) bool { return f.number == number && f.kind == wireBytes }

// wellFormed tells whether a message is nothing but fields.
func wellFormed(message []byte) bool {
	f := fields{rest: message}
	for f.next() {
	}
	return !f.bad
}
