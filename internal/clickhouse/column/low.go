package column

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/ClickHouse/ch-go/proto"
)

// Low is a column of type LowCardinality(String): a dictionary of the values of the block and, for every row, the
// place of its value in it. The dictionary is in its form on the wire already. Finding a value costs a comparison where
// it is the one before, else a hash; the hash has a seed of its own, because values come from clients.
type Low struct {
	dict  String
	terms []term
	keys  []uint32
	table []uint32 // open addressing: 0 is free, else a place in terms plus one
	seed  maphash.Seed
	last  uint32
	// near are places of values found before, by a look at a few of their bytes: one comparison tells whether it is that
	// value. It is short, so that it stays near, and who makes values for it to mistake makes it do nothing, no harm.
	near [nearby]uint16
}

const nearby = 1 << 8

// term is a value of the dictionary.
type term struct {
	hash       uint32
	start, end uint32 // in dict.wire
}

var (
	_ Sparse             = (*Low)(nil)
	_ proto.StateEncoder = (*Low)(nil)
)

// What the format of LowCardinality calls them: the version of the state, the widths of keys, and the flags that say
// that a dictionary of its own comes with the block.
const (
	lowSharedDictionaries = 1
	lowUint8              = 0
	lowUint16             = 1
	lowUint32             = 2
	lowOwnDictionary      = 1<<9 | 1<<10
)

const minTable = 64

// NewLow makes an empty column.
func NewLow() *Low {
	return &Low{seed: maphash.MakeSeed(), table: make([]uint32, minTable)}
}

// Append adds a value.
func (c *Low) Append(s string) {
	if len(c.terms) > 0 && c.is(c.last, s) {
		c.keys = append(room(c.keys, 1), c.last)
		return
	}
	near := &c.near[glance(s)%nearby]
	if at := uint32(*near); int(at) < len(c.terms) && c.is(at, s) {
		c.last = at
	} else {
		c.last = c.find(s)
		*near = uint16(c.last) // of a place beyond its range something else, which is compared like any
	}
	c.keys = append(room(c.keys, 1), c.last)
}

// glance is a hash of a value's length and of its bytes at the ends and in the middle. It tells most values apart and
// is no match for somebody who would have it not.
func glance(s string) uint32 {
	n := len(s)
	var h uint64
	switch {
	case n >= 8:
		h = load64(s, 0) ^ bits.RotateLeft64(load64(s, n/2-4), 21) ^ bits.RotateLeft64(load64(s, n-8), 43)
	case n > 0:
		h = uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	return uint32((h ^ uint64(n)) * 0x9e3779b97f4a7c15 >> 40)
}

func load64(s string, at int) uint64 {
	return binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[at:at+8]), 8))
}

// Put sets the value of a row, counted from 0. Rows before it that were not put are empty.
func (c *Low) Put(row int, s string) {
	if len(c.keys) < row {
		c.Pad(row)
	}
	c.Append(s)
}

// Pad adds empty values until there are so many rows.
func (c *Low) Pad(rows int) {
	missing := rows - len(c.keys)
	if missing <= 0 {
		return
	}
	empty := c.find("")
	c.keys = room(c.keys, missing)
	for range missing {
		c.keys = append(c.keys, empty)
	}
}

// find is the place of a value in the dictionary, which gets it when it has not got it.
func (c *Low) find(s string) uint32 {
	h := uint32(maphash.String(c.seed, s))
	mask := uint32(len(c.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		at := c.table[i]
		if at == 0 {
			return c.add(s, h, i)
		}
		if c.terms[at-1].hash == h && c.is(at-1, s) {
			return at - 1
		}
	}
}

func (c *Low) is(i uint32, s string) bool {
	t := c.terms[i]
	return string(c.dict.wire[t.start:t.end]) == s
}

func (c *Low) add(s string, h, slot uint32) uint32 {
	c.dict.Append(s)
	end := uint32(len(c.dict.wire))
	c.terms = append(c.terms, term{hash: h, start: end - uint32(len(s)), end: end})
	c.table[slot] = uint32(len(c.terms))
	if 2*len(c.terms) > len(c.table) {
		c.grow()
	}
	return uint32(len(c.terms) - 1)
}

func (c *Low) grow() {
	c.table = make([]uint32, 2*len(c.table))
	mask := uint32(len(c.table) - 1)
	for n, t := range c.terms {
		i := t.hash & mask
		for c.table[i] != 0 {
			i = (i + 1) & mask
		}
		c.table[i] = uint32(n + 1)
	}
}

// Fit makes room for as much as another column of the kind holds.
func (c *Low) Fit(like Input) {
	if o, ok := like.(*Low); ok {
		c.fit(o)
	}
}

func (c *Low) fit(o *Low) {
	c.dict.fit(&o.dict)
	c.keys = slices.Grow(c.keys, len(o.keys))
	c.terms = slices.Grow(c.terms, len(o.terms)+len(o.terms)/8)
	if len(c.terms) == 0 && len(c.table) < len(o.table) {
		c.table = make([]uint32, len(o.table))
	}
}

// Reset empties the column and keeps its memory.
func (c *Low) Reset() {
	c.dict.Reset()
	c.terms, c.keys, c.last = c.terms[:0], c.keys[:0], 0
	clear(c.table)
}

// Type is the type's name.
func (c *Low) Type() proto.ColumnType { return "LowCardinality(String)" }

// Rows is the number of values.
func (c *Low) Rows() int { return len(c.keys) }

// EncodeState appends what comes before the column.
func (c *Low) EncodeState(b *proto.Buffer) { b.PutInt64(lowSharedDictionaries) }

// EncodeColumn appends the dictionary and the keys, as narrow as they can be.
func (c *Low) EncodeColumn(b *proto.Buffer) {
	if len(c.keys) == 0 {
		return
	}
	width := int64(lowUint32)
	switch n := len(c.terms); {
	case n <= 1<<8:
		width = lowUint8
	case n <= 1<<16:
		width = lowUint16
	}
	b.PutInt64(lowOwnDictionary | width)
	b.PutInt64(int64(len(c.terms)))
	c.dict.EncodeColumn(b)
	b.PutInt64(int64(len(c.keys)))
	b.Buf = appendKeys(b.Buf, c.keys, width)
}

func appendKeys(b []byte, keys []uint32, width int64) []byte {
	n := len(b)
	b = slices.Grow(b, len(keys)<<width)[:n+len(keys)<<width]
	to := b[n:]
	switch width {
	case lowUint8:
		for i, k := range keys {
			to[i] = byte(k)
		}
	case lowUint16:
		for i, k := range keys {
			binary.LittleEndian.PutUint16(to[2*i:], uint16(k))
		}
	default:
		for i, k := range keys {
			binary.LittleEndian.PutUint32(to[4*i:], k)
		}
	}
	return b
}

// WriteColumn hands the column to a connection that does not compress.
func (c *Low) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }
