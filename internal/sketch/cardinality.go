package sketch

import (
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gatewatch/internal/sketch/wire"
)

// The precisions that a Cardinality may have. From 8 to 16 the bytes it takes double with each, and the error falls by √2.
const (
	MinPrecision = 8
	MaxPrecision = 16
)

const (
	cardinalityVersion = 1
	// firstTable is the number of places of the smallest table of hashes.
	firstTable = 16
	// registersPerHash is the number of registers to one hash that is held exactly: a table that is half full takes as
	// many bytes as the registers.
	registersPerHash = 16
)

// Cardinality counts different values for one of the few entities that have many: exactly up to m/16 of them, then by
// HyperLogLog with m = 2^p registers of a byte (Flajolet, Fusy, Gandouet and Meunier, AofA 2007), in at most m bytes either
// way. How many registers have each rank is kept as they grow, so that the estimate (Ertl, arXiv:1702.01284) costs the same
// whatever m, and is worked out only when a register has grown since. Its standard error is 1.04/√m: 3.3 % at p = 10,
// 1.6 % at 12, 0.8 % at 14; it has no bias at any number, and does not fall when values are added.
//
// Registers are numbered and filled as those of github.com/axiomhq/hyperloglog, which the tests hold it to. That is not
// used here because its estimate reads every register (0.4 ms at p = 14), and because it does not tell whether a value
// changed anything, which is what makes an estimate worth keeping.
//
// All values are hashed under one secret Key, which is kept beside the values and is no part of their encoding. One
// goroutine owns a Cardinality.
type Cardinality struct {
	key       Key
	precision uint8
	stale     bool     // the estimate is older than the registers
	held      int      // hashes in table
	estimate  int      // of the registers
	table     []uint64 // places for hashes, 0 where free, until there are registers
	registers []byte
	counts    [64 - MinPrecision + 2]uint32 // C[k]
}

var (
	_ encoding.BinaryAppender    = (*Cardinality)(nil)
	_ encoding.BinaryUnmarshaler = (*Cardinality)(nil)
)

// NewCardinality gives an empty one with 2^precision registers; a precision out of range is taken to the nearest.
func NewCardinality(key Key, precision uint8) *Cardinality {
	return &Cardinality{key: key, precision: min(max(precision, MinPrecision), MaxPrecision)}
}

// AddString takes a value and tells whether the count grew.
func (c *Cardinality) AddString(value string) bool { return c.Add(c.key.SumString(value)) }

// Add takes the hash of a value under the key and tells whether the count grew.
func (c *Cardinality) Add(hash uint64) bool {
	if c.registers != nil {
		return c.raise(hash)
	}
	hash = max(hash, 1) // 0 is a free place
	if len(c.table) == 0 {
		c.table = make([]uint64, firstTable)
	}
	place := c.find(hash)
	if *place == hash {
		return false
	}
	if c.held == c.exact() {
		c.promote()
		return c.raise(hash)
	}
	*place = hash
	if c.held++; c.held < c.exact() && 2*c.held >= len(c.table) {
		c.grow()
	}
	return true
}

// Count is the number of different values: exact up to m/16, then an estimate.
func (c *Cardinality) Count() int {
	if c.registers == nil {
		return c.held
	}
	if c.stale {
		// The estimate may not fall below what was counted exactly.
		c.estimate, c.stale = max(int(math.Round(ertl(c.counts[:c.most()+1]))), c.exact()+1), false
	}
	return c.estimate
}

// Error is the standard error of Count, relative: 0 while it is exact.
func (c *Cardinality) Error() float64 {
	if c.registers == nil {
		return 0
	}
	return 1.04 / math.Sqrt(float64(len(c.registers)))
}

// Size is the number of bytes that the values take.
func (c *Cardinality) Size() int { return 8*len(c.table) + len(c.registers) }

// Merge adds the other's values. Both have one key and one precision.
func (c *Cardinality) Merge(o *Cardinality) error {
	if c.key != o.key || c.precision != o.precision {
		return fmt.Errorf("merging cardinalities: %w", wire.ErrUnlike)
	}
	if o.registers == nil {
		for _, hash := range o.hashes() {
			c.Add(hash)
		}
		return nil
	}
	if c.registers == nil {
		c.promote()
	}
	for i, rank := range o.registers {
		c.set(uint32(i), rank)
	}
	return nil
}

// Reset forgets all values, and keeps the key.
func (c *Cardinality) Reset() { *c = Cardinality{key: c.key, precision: c.precision} }

// AppendBinary appends the values; equal ones give equal bytes. The key is not among them, only its fingerprint.
func (c *Cardinality) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, cardinalityVersion, c.precision)
	b = binary.LittleEndian.AppendUint64(b, c.key.Fingerprint())
	if c.registers != nil {
		b = binary.AppendUvarint(b, uint64(c.exact())+1)
		return append(b, c.registers...), nil
	}
	b = binary.AppendUvarint(b, uint64(c.held))
	for _, hash := range c.hashes() {
		b = binary.LittleEndian.AppendUint64(b, hash)
	}
	return b, nil
}

// UnmarshalBinary takes the place of all values. It refuses what was written under another key; after an error nothing has
// changed.
func (c *Cardinality) UnmarshalBinary(data []byte) error {
	r := wire.Read(data)
	if err := r.Open("cardinality", cardinalityVersion); err != nil {
		return err
	}
	precision, fingerprint := r.U8(), r.U64()
	if r.Bad() || precision < MinPrecision || precision > MaxPrecision {
		return fmt.Errorf("reading cardinality of precision %d: %w", precision, wire.ErrMalformed)
	}
	if fingerprint != c.key.Fingerprint() {
		return fmt.Errorf("reading cardinality under another key: %w", wire.ErrUnlike)
	}
	read := NewCardinality(c.key, precision)
	switch n := r.Count(uint64(read.exact()) + 1); {
	case int(n) > read.exact():
		read.readRegisters(&r)
	default:
		read.readHashes(&r, int(n))
	}
	if err := r.Done("cardinality"); err != nil {
		return err
	}
	*c = *read
	return nil
}

func (c *Cardinality) readRegisters(r *wire.Reader) {
	ranks := r.Take(1 << c.precision)
	if ranks == nil {
		return
	}
	c.promote()
	for i, rank := range ranks {
		if rank > c.most() {
			r.Fail()
			return
		}
		c.set(uint32(i), rank)
	}
}

// readHashes reads hashes in rising order.
func (c *Cardinality) readHashes(r *wire.Reader, n int) {
	last := uint64(0)
	for range n {
		hash := r.U64()
		if r.Bad() || hash <= last {
			r.Fail()
			return
		}
		c.Add(hash)
		last = hash
	}
}

// exact is how many values are held exactly.
func (c *Cardinality) exact() int { return 1 << c.precision / registersPerHash }

// most is the highest rank of a register.
func (c *Cardinality) most() byte { return 64 - c.precision + 1 }

// hashes are those held exactly, in rising order.
func (c *Cardinality) hashes() []uint64 {
	all := make([]uint64, 0, c.held)
	for _, hash := range c.table {
		if hash != 0 {
			all = append(all, hash)
		}
	}
	slices.Sort(all)
	return all
}

// find gives the place of a hash, or the free one where it belongs. At most half of the places are taken.
func (c *Cardinality) find(hash uint64) *uint64 {
	mask := uint64(len(c.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if held := c.table[i]; held == hash || held == 0 {
			return &c.table[i]
		}
	}
}

func (c *Cardinality) grow() {
	old := c.hashes()
	c.table = make([]uint64, 2*len(c.table))
	for _, hash := range old {
		*c.find(hash) = hash
	}
}

// promote turns the exact values into registers.
func (c *Cardinality) promote() {
	old := c.hashes()
	c.table, c.held = nil, 0
	c.registers = make([]byte, 1<<c.precision)
	c.counts[0] = 1 << c.precision
	c.stale = true
	for _, hash := range old {
		c.raise(hash)
	}
}

// raise feeds one hash to the registers: p bits choose the register, the leading zeros of the rest are its rank.
func (c *Cardinality) raise(hash uint64) bool {
	p := c.precision
	return c.set(uint32(hash>>(64-p)), byte(bits.LeadingZeros64(hash<<p|1<<(p-1))+1))
}

func (c *Cardinality) set(i uint32, rank byte) bool {
	old := c.registers[i]
	if rank <= old {
		return false
	}
	c.registers[i] = rank
	c.counts[old]--
	c.counts[rank]++
	c.stale = true
	return true
}
