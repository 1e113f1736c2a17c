package event

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// The wire types of protobuf.
const (
	wireVarint     = 0
	wireFixed64    = 1
	wireBytes      = 2
	wireStartGroup = 3
	wireEndGroup   = 4
	wireFixed32    = 5
)

const (
	// The largest field number of protobuf.
	maxNumber = 1<<29 - 1
	// How deep unknown groups may nest.
	maxGroups = 32
)

// The faults of an encoded event.
var (
	errTruncated = errors.New("message ends inside a field")
	errVarint    = errors.New("varint longer than 64 bits")
	errTag       = errors.New("impossible field number or wire type")
	errGroup     = errors.New("unknown groups nested too deep or out of order")
	errAddress   = errors.New("address is neither 4 nor 16 bytes")
	errPairs     = errors.New("too many unmapped fields")
)

// wire reads the fields of one protobuf message.
type wire struct{ b []byte }

func (w *wire) varint() (uint64, error) {
	if len(w.b) > 0 && w.b[0] < 0x80 {
		v := w.b[0]
		w.b = w.b[1:]
		return uint64(v), nil
	}
	v, n := binary.Uvarint(w.b)
	switch {
	case n > 0:
		w.b = w.b[n:]
		return v, nil
	case n == 0 && len(w.b) < binary.MaxVarintLen64:
		return 0, errTruncated
	default:
		return 0, errVarint
	}
}

func (w *wire) tag() (number uint64, kind int, err error) {
	v, err := w.varint()
	if err != nil {
		return 0, 0, err
	}
	number, kind = v>>3, int(v&7)
	if number == 0 || number > maxNumber || kind > wireFixed32 {
		return 0, 0, errTag
	}
	return number, kind, nil
}

func (w *wire) bytes() ([]byte, error) {
	n, err := w.varint()
	if err != nil {
		return nil, err
	}
	if n > uint64(len(w.b)) {
		return nil, errTruncated
	}
	v := w.b[:n:n]
	w.b = w.b[n:]
	return v, nil
}

func (w *wire) fixed(n int) error {
	if len(w.b) < n {
		return errTruncated
	}
	w.b = w.b[n:]
	return nil
}

func (w *wire) fixed64() (uint64, error) {
	if len(w.b) < 8 {
		return 0, errTruncated
	}
	v := binary.LittleEndian.Uint64(w.b)
	w.b = w.b[8:]
	return v, nil
}

// skip steps over a field that the schema does not know, so that a newer writer can be read. Groups are long gone from
// protobuf, yet a valid message may hold them: their nesting is counted, not recursed into.
func (w *wire) skip(number uint64, kind int) error {
	var open [maxGroups]uint64
	depth := 0
	for {
		switch kind {
		case wireStartGroup:
			if depth == maxGroups {
				return errGroup
			}
			open[depth] = number
			depth++
		case wireEndGroup:
			if depth == 0 || open[depth-1] != number {
				return errGroup
			}
			depth--
		default:
			if err := w.skipValue(kind); err != nil {
				return err
			}
		}
		if depth == 0 {
			return nil
		}
		var err error
		if number, kind, err = w.tag(); err != nil {
			return err
		}
	}
}

func (w *wire) skipValue(kind int) error {
	switch kind {
	case wireVarint:
		_, err := w.varint()
		return err
	case wireFixed64:
		return w.fixed(8)
	case wireFixed32:
		return w.fixed(4)
	default:
		_, err := w.bytes()
		return err
	}
}

// alias is b as a string that shares its memory.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func appendTag(b []byte, number uint64, kind int) []byte {
	v := number<<3 | uint64(kind)
	if v < 0x80 {
		return append(b, byte(v))
	}
	return append(b, byte(v)|0x80, byte(v>>7)) // two bytes reach number 2047
}

func appendVarint(b []byte, number, v uint64) []byte {
	return binary.AppendUvarint(appendTag(b, number, wireVarint), v)
}

func appendText(b []byte, number uint64, s string) []byte {
	if s == "" {
		return b
	}
	return append(binary.AppendUvarint(appendTag(b, number, wireBytes), uint64(len(s))), s...)
}

// textSize is the encoded size of a text whose tag takes one byte.
func textSize(s string) int {
	if s == "" {
		return 0
	}
	return 1 + varintSize(uint64(len(s))) + len(s)
}

func varintSize(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}
