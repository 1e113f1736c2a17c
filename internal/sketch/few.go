package sketch

import (
	"math"
	"math/bits"
)

const (
	// fewExact is how many different values a Few holds before it estimates.
	fewExact = 8
	// fewRegisters is the number of registers of four bits in the same memory.
	fewRegisters = 8 * fewExact
	// fewMost is the highest rank that four bits hold, and stands for all above it.
	fewMost = 15
)

// Few counts different values in 36 bytes, for what there is a million of and mostly has a handful: exactly up to 8, then
// by HyperLogLog with 64 registers of four bits, whose standard error is 1.04/√64 = 13 % up to a hundred thousand values;
// about a million fill it. Values are 64-bit hashes under a secret key. The zero value is empty.
type Few struct {
	N     uint32 // values held exactly; dense once the registers are in use
	Cells [fewExact]uint32
}

// Add takes a value's hash and tells whether the count grew.
func (f *Few) Add(hash uint64) bool { return f.add(uint32(hash>>32) | 1) } // never 0, as in Distinct

func (f *Few) add(h uint32) bool {
	if f.N == dense {
		return f.raise(fewPlace(h))
	}
	if f.has(h) {
		return false
	}
	if f.N < fewExact {
		f.Cells[f.N] = h
		f.N++
		return true
	}
	f.promote()
	return f.raise(fewPlace(h))
}

// Has tells whether a value was added: exactly up to 8 values; beyond that false is certain and true is not.
func (f *Few) Has(hash uint64) bool {
	h := uint32(hash>>32) | 1
	if f.N == dense {
		i, rank := fewPlace(h)
		return f.rank(i) >= rank
	}
	return f.has(h)
}

func (f *Few) has(h uint32) bool {
	for i := range min(f.N, fewExact) {
		if f.Cells[i] == h {
			return true
		}
	}
	return false
}

// Count is the number of different values: exact up to 8, then an estimate.
func (f *Few) Count() int {
	if f.N != dense {
		return int(f.N)
	}
	var counts [fewMost + 1]uint32
	for _, cell := range f.Cells {
		for range 8 {
			counts[cell&fewMost]++
			cell >>= 4
		}
	}
	// The estimate may not fall below what was counted exactly, and full registers say no more than that they are.
	return int(min(max(math.Round(ertl(counts[:])), fewExact+1), fewRegisters<<fewMost))
}

// Merge adds the other's values.
func (f *Few) Merge(o *Few) {
	from := *o
	if from.N != dense {
		for _, h := range from.Cells[:min(from.N, fewExact)] {
			f.add(h)
		}
		return
	}
	if f.N != dense {
		f.promote()
	}
	for i := range uint32(fewRegisters) {
		f.raise(i, from.rank(i))
	}
}

// promote turns the exact values into registers.
func (f *Few) promote() {
	old := *f
	*f = Few{N: dense}
	for _, h := range old.Cells[:min(old.N, fewExact)] {
		f.raise(fewPlace(h))
	}
}

func (f *Few) rank(i uint32) uint32 { return f.Cells[i/8%fewExact] >> (4 * (i % 8)) & fewMost }

func (f *Few) raise(i, rank uint32) bool {
	old := f.rank(i)
	if rank <= old {
		return false
	}
	f.Cells[i/8%fewExact] += (rank - old) << (4 * (i % 8))
	return true
}

// fewPlace is the register of a hash, by its first 6 bits, and the rank by the leading zeros of the rest.
func fewPlace(h uint32) (register, rank uint32) {
	return h >> (32 - 6), min(uint32(bits.LeadingZeros32(h<<6|1))+1, fewMost)
}
