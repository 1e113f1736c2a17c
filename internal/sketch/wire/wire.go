// Package wire reads and writes what sketches are sent and stored as. Whatever bytes it is given, it neither panics nor asks
// for more memory than they justify.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Faults of encoded sketches, and of two that cannot be merged.
var (
	ErrVersion   = errors.New("unknown version")
	ErrMalformed = errors.New("malformed sketch")
	ErrUnlike    = errors.New("sketches of different make")
)

// Reader takes values off; after the first fault everything is zero.
type Reader struct {
	b   []byte
	bad bool
}

// Read begins to read.
func Read(b []byte) Reader { return Reader{b: b} }

// Bad tells that there was a fault.
func (r *Reader) Bad() bool { return r.bad }

// Fail is a fault that the caller found.
func (r *Reader) Fail() { r.b, r.bad = nil, true }

// Take reads n bytes, nil where there are fewer.
func (r *Reader) Take(n int) []byte {
	if n > len(r.b) {
		r.Fail()
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

// U8 reads a byte.
func (r *Reader) U8() uint8 {
	if v := r.Take(1); v != nil {
		return v[0]
	}
	return 0
}

// U64 reads eight bytes, little-endian.
func (r *Reader) U64() uint64 {
	if v := r.Take(8); v != nil {
		return binary.LittleEndian.Uint64(v)
	}
	return 0
}

// Float reads a number that is neither negative, infinite nor none.
func (r *Reader) Float() float64 {
	f := math.Float64frombits(r.U64())
	if !(f >= 0 && f <= math.MaxFloat64) {
		r.Fail()
		return 0
	}
	return f
}

// Count reads a number up to a limit.
func (r *Reader) Count(limit uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > limit {
		r.Fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

// Open reads the version.
func (r *Reader) Open(what string, version uint8) error {
	if v := r.U8(); !r.bad && v != version {
		return fmt.Errorf("reading %s of version %d: %w", what, v, ErrVersion)
	}
	return r.Fault(what)
}

// Done tells whether all was read without a fault, and nothing is left.
func (r *Reader) Done(what string) error {
	r.bad = r.bad || len(r.b) > 0
	return r.Fault(what)
}

// Fault is the error of what is read, nil while there was none.
func (r *Reader) Fault(what string) error {
	if r.bad {
		return fmt.Errorf("reading %s: %w", what, ErrMalformed)
	}
	return nil
}

// AppendFloat appends what Float reads.
func AppendFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}
