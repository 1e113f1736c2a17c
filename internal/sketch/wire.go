package sketch

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

// reader takes values off; after the first fault everything is zero.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.b, r.bad = nil, true
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) u8() uint8 {
	if v := r.take(1); v != nil {
		return v[0]
	}
	return 0
}

func (r *reader) u64() uint64 {
	if v := r.take(8); v != nil {
		return binary.LittleEndian.Uint64(v)
	}
	return 0
}

// float reads a number that is neither negative, infinite nor none.
func (r *reader) float() float64 {
	f := math.Float64frombits(r.u64())
	if !(f >= 0 && f <= math.MaxFloat64) {
		r.b, r.bad = nil, true
		return 0
	}
	return f
}

// count reads a number up to a limit.
func (r *reader) count(limit uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > limit {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

// open reads the version.
func (r *reader) open(what string, version uint8) error {
	if v := r.u8(); !r.bad && v != version {
		return fmt.Errorf("reading %s of version %d: %w", what, v, ErrVersion)
	}
	return r.fault(what)
}

// done tells whether all was read without a fault, and nothing is left.
func (r *reader) done(what string) error {
	r.bad = r.bad || len(r.b) > 0
	return r.fault(what)
}

func (r *reader) fault(what string) error {
	if r.bad {
		return fmt.Errorf("reading %s: %w", what, ErrMalformed)
	}
	return nil
}

func appendFloat(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}
