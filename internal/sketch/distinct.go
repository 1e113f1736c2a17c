package sketch

import (
	"encoding/binary"
	"math"
	"math/bits"
)

const (
	// exactMax is how many different values a Distinct holds before it estimates.
	exactMax = 32
	// registers is the number of HyperLogLog registers in the same memory.
	registers = 4 * exactMax
)

// Distinct counts different values in 132 bytes: exactly up to 32 of them, then by HyperLogLog with 128 registers
// (Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm",
// AofA 2007), whose standard error is 1.04/√128 ≈ 9.2 %:
//
//	E = α·m² / Σ 2^(−M[j]),  α = 0.7213/(1 + 1.079/m), and m·ln(m/V) while V registers are empty and E ≤ 5m/2.
//
// Values are 64-bit hashes under a secret seed: whoever could choose hashes could hide how many values there are. The
// zero value is empty.
type Distinct struct {
	N     uint32 // values held exactly; dense once the registers are in use
	Cells [registers]byte
}

const (
	// dense is the N of a Distinct or Few whose cells are registers.
	dense = ^uint32(0)
	// highBits and lowBits are the highest bit, and the others, of eight bytes.
	highBits = 0x8080808080808080
	lowBits  = 0x7f7f7f7f7f7f7f7f
)

// Add takes a value's hash and tells whether the count grew.
func (d *Distinct) Add(hash uint64) bool {
	if d.N == dense {
		return d.raise(uint32(hash>>32) | 1)
	}
	h := uint32(hash>>32) | 1 // never 0: an empty cell
	for i := range min(d.N, exactMax) {
		if d.cell(i) == h {
			return false
		}
	}
	if d.N < exactMax {
		binary.LittleEndian.PutUint32(d.Cells[4*d.N:], h)
		d.N++
		return true
	}
	d.promote()
	return d.raise(h)
}

// Has tells whether a value was added: exactly up to 32 values; beyond that false is certain and true is not.
func (d *Distinct) Has(hash uint64) bool {
	h := uint32(hash>>32) | 1
	if d.N == dense {
		j, rank := place(h)
		return d.Cells[j] >= rank
	}
	for i := range min(d.N, exactMax) {
		if d.cell(i) == h {
			return true
		}
	}
	return false
}

// Count is the number of different values: exact up to 32, then an estimate.
func (d *Distinct) Count() int {
	if d.N != dense {
		return int(d.N)
	}
	const m = registers
	sum, empty := harmonic(&d.Cells)
	const alpha = 0.7213 / (1 + 1.079/m)
	e := alpha * m * m * (1 << 32) / float64(sum)
	if e <= 2.5*m && empty > 0 {
		e = m * math.Log(m/float64(empty))
	}
	// The estimate may not fall below what was counted exactly.
	return max(int(math.Round(e)), exactMax+1)
}

// Merge adds the other's values.
func (d *Distinct) Merge(o *Distinct) {
	if o.N != dense {
		for i := range min(o.N, exactMax) {
			d.Add(uint64(o.cell(i)) << 32)
		}
		return
	}
	if d.N != dense {
		d.promote()
	}
	raiseAll(&d.Cells, &o.Cells)
}

func (d *Distinct) cell(i uint32) uint32 { return binary.LittleEndian.Uint32(d.Cells[4*i:]) }

// promote turns the exact values into registers. Only their upper 32 bits are at hand, so registers are always fed from
// those alone: a value gives the same register before and after.
func (d *Distinct) promote() {
	old := *d
	*d = Distinct{N: dense}
	for i := range min(old.N, exactMax) {
		d.raise(old.cell(i))
	}
}

// harmonic is the sum of 2^(−rank) over all registers, in units of 2⁻³², in which it is exact since ranks are at most 26;
// and the number of empty ones. Eight registers are loaded at a time, which takes half as long as one by one.
func harmonic(cells *[registers]byte) (sum uint64, empty int) {
	const unit = 1 << 32
	for i := 0; i < registers; i += 8 {
		w := binary.LittleEndian.Uint64(cells[i:])
		sum += unit>>(w&31) + unit>>(w>>8&31) + unit>>(w>>16&31) + unit>>(w>>24&31)
		sum += unit>>(w>>32&31) + unit>>(w>>40&31) + unit>>(w>>48&31) + unit>>(w>>56&31)
		empty += 8 - bits.OnesCount64((w+lowBits)&highBits)
	}
	return sum, empty
}

// raiseAll raises each register to that of another, eight at a time: the highest bit of a byte of (a|high)−b says that a is
// not less, since ranks have no such bit.
func raiseAll(cells, others *[registers]byte) {
	for i := 0; i < registers; i += 8 {
		a, b := binary.LittleEndian.Uint64(cells[i:]), binary.LittleEndian.Uint64(others[i:])
		keep := ((a | highBits) - b) & highBits >> 7 * 0xff
		binary.LittleEndian.PutUint64(cells[i:], a&keep|b&^keep)
	}
}

// raise feeds one hash to the registers: 7 bits choose the register, the leading zeros of the rest are its rank.
func (d *Distinct) raise(h uint32) bool {
	j, rank := place(h)
	if rank <= d.Cells[j] {
		return false
	}
	d.Cells[j] = rank
	return true
}

func place(h uint32) (register uint32, rank byte) {
	return h >> (32 - 7), byte(bits.LeadingZeros32(h<<7|1) + 1)
}
