package column

import (
	"slices"

	"github.com/ClickHouse/ch-go/proto"
)

// values are a column of ch-go that is a slice.
type values[T comparable] interface {
	~[]T
	Type() proto.ColumnType
	EncodeColumn(b *proto.Buffer)
}

// Fixed is a column whose values have one size. While all of them are the same it holds one and how often it comes, as
// most logs do not have most of the numbers of an event.
type Fixed[T comparable, C values[T]] struct {
	// Kind is the type's name where it is another than that of the values.
	Kind proto.ColumnType

	values C // one for all rows, or one for each
	rows   int
}

var _ Sparse = (*Fixed[int64, proto.ColInt64])(nil)

// Append adds a value.
func (c *Fixed[T, C]) Append(v T) {
	if n := len(c.values); n < c.rows || n == 1 {
		if c.values[0] == v {
			c.rows++
			return
		}
		c.spread()
	}
	c.values = append(room(c.values, 1), v)
	c.rows++
}

// Put sets the value of a row, counted from 0. Rows before it that were not put are zero.
func (c *Fixed[T, C]) Put(row int, v T) {
	c.Pad(row)
	c.Append(v)
}

// Pad adds zeros until there are so many rows.
func (c *Fixed[T, C]) Pad(rows int) {
	if c.rows >= rows {
		return
	}
	var zero T
	c.Append(zero)
	if n := len(c.values); n < c.rows || n == 1 {
		c.rows = rows // one for all of them
		return
	}
	missing := rows - c.rows
	c.values = room(c.values, missing)
	c.values = c.values[:len(c.values)+missing]
	clear(c.values[c.rows:])
	c.rows = rows
}

// spread gives every row a value of its own.
func (c *Fixed[T, C]) spread() {
	c.values = room(c.values, c.rows)
	for len(c.values) < c.rows {
		c.values = append(c.values, c.values[0])
	}
}

// room makes room for n more values. Slices grow faster than append has them grow: they are filled in no time, and then
// used again and again.
func room[T any, S ~[]T](s S, n int) S {
	if cap(s)-len(s) >= n {
		return s
	}
	return slices.Grow(s, max(n, 3*cap(s)))
}

// Fit makes room for as much as another column of the kind holds.
func (c *Fixed[T, C]) Fit(like Input) {
	if o, ok := like.(*Fixed[T, C]); ok && len(o.values) > 1 {
		c.values = slices.Grow(c.values, len(o.values))
	}
}

// Reset empties the column and keeps its memory.
func (c *Fixed[T, C]) Reset() { c.values, c.rows = c.values[:0], 0 }

// Type is the type's name.
func (c *Fixed[T, C]) Type() proto.ColumnType {
	if c.Kind != "" {
		return c.Kind
	}
	return c.values.Type()
}

// Rows is the number of values.
func (c *Fixed[T, C]) Rows() int { return c.rows }

// EncodeColumn appends the column to a block that will be compressed.
func (c *Fixed[T, C]) EncodeColumn(b *proto.Buffer) {
	from := len(b.Buf)
	c.values.EncodeColumn(b)
	if n := len(c.values); n > 0 && n < c.rows {
		b.Buf = repeat(b.Buf, from, c.rows)
	}
}

// repeat has what begins at from n times.
func repeat(b []byte, from, n int) []byte {
	end := from + n*(len(b)-from)
	b = slices.Grow(b, end-len(b))
	for len(b) < end {
		b = append(b, b[from:min(len(b), from+end-len(b))]...)
	}
	return b
}

// WriteColumn hands the column to a connection that does not compress.
func (c *Fixed[T, C]) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }
