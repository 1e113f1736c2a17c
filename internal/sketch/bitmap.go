package sketch

import (
	"math"
	"math/bits"
)

// bitmapBits is the number of bits of a Bitmap, a power of two.
const bitmapBits = 1 << 14

// Bitmap counts different values in 2 KiB, and forgets one again: by linear counting (Whang, Vander-Zanden and Taylor, "A
// linear-time probabilistic counting algorithm for database applications", ACM TODS 1990),
//
//	E = −m·ln(V/m),  V of the m = 16384 bits empty,
//
// whose standard error is below 1 % from a thousand values to twenty thousand, where a Distinct errs by 9 %. Above a
// hundred thousand it is full. Values are 64-bit hashes under a secret seed. The zero value is empty.
type Bitmap struct {
	Ones uint32 // bits that are set
	_    [4]byte
	Bits [bitmapBits / 64]uint64
}

// Add takes a value's hash and tells whether the count grew.
func (b *Bitmap) Add(hash uint64) bool {
	word, bit := b.place(hash)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	b.Ones++
	return true
}

// Remove forgets a value, and with it the values that share its bit.
func (b *Bitmap) Remove(hash uint64) {
	if word, bit := b.place(hash); *word&bit != 0 {
		*word &^= bit
		b.Ones--
	}
}

// Has tells whether a value was added: false is certain; true is wrong as often as there are bits set.
func (b *Bitmap) Has(hash uint64) bool {
	word, bit := b.place(hash)
	return *word&bit != 0
}

// Count is the number of different values, an estimate.
func (b *Bitmap) Count() int {
	const m = bitmapBits
	empty := max(m-int(min(b.Ones, m)), 1)
	return int(math.Round(m * math.Log(float64(m)/float64(empty))))
}

// Merge adds the other's values.
func (b *Bitmap) Merge(o *Bitmap) {
	ones := 0
	for i := range b.Bits {
		b.Bits[i] |= o.Bits[i]
		ones += bits.OnesCount64(b.Bits[i])
	}
	b.Ones = uint32(ones)
}

func (b *Bitmap) place(hash uint64) (word *uint64, bit uint64) {
	i := hash >> (64 - bits.Len(bitmapBits-1))
	return &b.Bits[i/64], 1 << (i % 64)
}
