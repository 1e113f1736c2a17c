package column

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/ClickHouse/ch-go/proto"
)

// Number is a column of integers that are mostly small and not negative. It travels as the narrowest type that holds the
// values of the block, which the server widens to the table's: bytes that are always zero need not be compressed.
type Number struct {
	// Kind is the table's type.
	Kind proto.ColumnType

	narrow []uint32 // while all values fit
	wide   []int64  // all values, once one did not
	most   uint32   // all bits that are set in any of narrow
}

var _ Sparse = (*Number)(nil)

// Append adds a value.
func (c *Number) Append(v int64) {
	if len(c.wide) == 0 && uint64(v) <= math.MaxUint32 { //nolint:gosec // a negative one becomes a huge one
		c.narrow = append(room(c.narrow, 1), uint32(v))
		c.most |= uint32(v)
		return
	}
	c.widen()
	c.wide = append(room(c.wide, 1), v)
}

// widen moves the values so far to where all fit.
func (c *Number) widen() {
	if len(c.narrow) == 0 {
		return
	}
	c.wide = room(c.wide, len(c.narrow)+1)
	for _, v := range c.narrow {
		c.wide = append(c.wide, int64(v))
	}
	c.narrow = c.narrow[:0]
}

// Put sets the value of a row, counted from 0. Rows before it that were not put are zero.
func (c *Number) Put(row int, v int64) {
	if c.Rows() < row {
		c.Pad(row)
	}
	c.Append(v)
}

// Pad adds zeros until there are so many rows.
func (c *Number) Pad(rows int) {
	missing := rows - c.Rows()
	if missing <= 0 {
		return
	}
	if len(c.wide) > 0 {
		c.wide = zeros(c.wide, missing)
		return
	}
	c.narrow = zeros(c.narrow, missing)
}

// zeros appends so many.
func zeros[T uint32 | int64](s []T, n int) []T {
	was := len(s)
	s = room(s, n)[:was+n]
	clear(s[was:])
	return s
}

// Reset empties the column and keeps its memory.
func (c *Number) Reset() { c.narrow, c.wide, c.most = c.narrow[:0], c.wide[:0], 0 }

// Fit makes room for as much as another column of the kind holds.
func (c *Number) Fit(like Input) {
	if o, ok := like.(*Number); ok {
		c.narrow, c.wide = slices.Grow(c.narrow, len(o.narrow)), slices.Grow(c.wide, len(o.wide))
	}
}

// Type is the type's name, of the block as it is; of an empty one it is the table's.
func (c *Number) Type() proto.ColumnType {
	switch {
	case c.Rows() == 0:
		return c.Kind
	case len(c.wide) > 0:
		return proto.ColumnTypeInt64
	case c.most > math.MaxUint16:
		return proto.ColumnTypeUInt32
	case c.most > math.MaxUint8:
		return proto.ColumnTypeUInt16
	default:
		return proto.ColumnTypeUInt8
	}
}

// Rows is the number of values.
func (c *Number) Rows() int { return len(c.narrow) + len(c.wide) }

// EncodeColumn appends the column to a block that will be compressed.
func (c *Number) EncodeColumn(b *proto.Buffer) {
	switch {
	case len(c.wide) > 0:
		proto.ColInt64(c.wide).EncodeColumn(b)
	case c.most > math.MaxUint16:
		proto.ColUInt32(c.narrow).EncodeColumn(b)
	case c.most > math.MaxUint8:
		to := c.grown(b, 2)
		for i, v := range c.narrow {
			binary.LittleEndian.PutUint16(to[2*i:], uint16(v))
		}
	default:
		to := c.grown(b, 1)
		for i, v := range c.narrow {
			to[i] = byte(v)
		}
	}
}

// grown appends room for values of a size, and returns it.
func (c *Number) grown(b *proto.Buffer, size int) []byte {
	from, n := len(b.Buf), size*len(c.narrow)
	b.Buf = slices.Grow(b.Buf, n)[:from+n]
	return b.Buf[from:]
}

// WriteColumn hands the column to a connection that does not compress.
func (c *Number) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }
