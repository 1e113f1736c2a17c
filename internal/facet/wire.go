package facet

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
	// maxNumber is the largest field number of protobuf.
	maxNumber = 1<<29 - 1
	// maxGroups is how deep unknown groups may nest.
	maxGroups = 32
)

// The faults of an encoded facet.
var (
	errTruncated = errors.New("message ends inside a field")
	errVarint    = errors.New("varint longer than 64 bits")
	errTag       = errors.New("impossible field number or wire type")
	errGroup     = errors.New("unknown groups nested too deep or out of order")
)

// wire reads the fields of one protobuf message.
type wire struct{ b []byte }

func (w *wire) varint() (uint64, error) {
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

// skip steps over a field that the schema does not know, so that a newer writer can be read. Nested groups are counted,
// not recursed into.
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

func appendText(b []byte, number byte, s string) []byte {
	if s == "" {
		return b
	}
	return append(binary.AppendUvarint(append(b, number<<3|wireBytes), uint64(len(s))), s...)
}

func appendNumber(b []byte, number byte, v uint64) []byte {
	if v == 0 {
		return b
	}
	return binary.AppendUvarint(append(b, number<<3|wireVarint), v)
}
