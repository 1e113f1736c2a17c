package sketch

import (
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"gatewatch/internal/sketch/wire"
)

const quantilesVersion = 1

var (
	_ encoding.BinaryAppender    = (*Quantiles[Coarse])(nil)
	_ encoding.BinaryUnmarshaler = (*Quantiles[Coarse])(nil)
)

// AppendBinary appends the counts in as few bytes as they need; equal ones give equal bytes.
func (q *Quantiles[R]) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, quantilesVersion, q.resolution())
	b = binary.AppendUvarint(b, uint64(q.Zeros))
	low, high := q.occupied()
	if high < 0 {
		return append(b, 0, 0, 0), nil
	}
	b = binary.AppendUvarint(b, uint64(q.Bits))
	b = binary.AppendUvarint(b, uint64(low))
	b = binary.AppendUvarint(b, uint64(high-low+1))
	for at := low; at <= high; at++ {
		b = binary.AppendUvarint(b, uint64(q.Buckets[at-int64(q.Low)]))
	}
	return b, nil
}

// UnmarshalBinary takes the place of all counts. It refuses those of another resolution; after an error nothing has
// changed.
func (q *Quantiles[R]) UnmarshalBinary(data []byte) error {
	r := wire.Read(data)
	if err := r.Open("quantiles", quantilesVersion); err != nil {
		return err
	}
	if resolution := r.U8(); !r.Bad() && resolution != q.resolution() {
		return fmt.Errorf("reading quantiles of 2^%d buckets: %w", resolution, wire.ErrUnlike)
	}
	var read Quantiles[R]
	read.Zeros = uint32(r.Count(math.MaxUint32))
	read.Bits = uint32(r.Count(uint64(q.resolution()) - 1))
	low, n := r.Count(64<<read.Bits-1), r.Count(uint64(len(read.Buckets)))
	if low+n > 64<<read.Bits || n > 0 && read.Bits < uint32(q.resolution())-6 {
		r.Fail()
	}
	if err := r.Fault("quantiles"); err != nil {
		return err
	}
	read.place(int64(low), int64(n))
	sum := uint64(read.Zeros)
	for at := range n {
		count := r.Count(math.MaxUint32)
		if count == 0 && (at == 0 || at == n-1) {
			r.Fail() // there is a shorter form
		}
		sum += count
		read.Buckets[low+at-uint64(read.Low)] = uint32(count)
	}
	if read.Total = uint32(sum); sum > math.MaxUint32 {
		r.Fail()
	}
	if err := r.Done("quantiles"); err != nil {
		return err
	}
	if n == 0 {
		read.Low, read.Bits = 0, 0
	}
	*q = read
	return nil
}

// resolution is the binary logarithm of the number of buckets.
func (q *Quantiles[R]) resolution() uint8 { return uint8(bits.Len(uint(len(q.Buckets)))) - 1 }
