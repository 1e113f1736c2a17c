package column

import (
	"strings"

	"github.com/ClickHouse/ch-go/proto"
)

// List is a column whose rows hold any number of values: an Array of one inner column, an Array of named tuples,
// or a Map of two. All of them are the same on the wire: where each row ends, then the inner columns.
type List struct {
	kind  proto.ColumnType
	names []string // of the tuple's members
	inner []Input
	ends  Fixed[uint64, proto.ColUInt64]
}

var (
	_ Sparse             = (*List)(nil)
	_ proto.StateEncoder = (*List)(nil)
)

// NewArray is an Array of an inner column.
func NewArray(inner Input) *List { return &List{kind: proto.ColumnTypeArray, inner: []Input{inner}} }

// NewTuples is an Array of tuples whose members have names.
func NewTuples(names []string, inner ...Input) *List {
	return &List{kind: proto.ColumnTypeArray, names: names, inner: inner}
}

// NewMap is a Map from one inner column to another.
func NewMap(keys, values Input) *List {
	return &List{kind: proto.ColumnTypeMap, inner: []Input{keys, values}}
}

// End ends a row after its values have been appended to the inner columns.
func (c *List) End() { c.ends.Append(uint64(c.inner[0].Rows())) }

// Pad adds rows without values until there are so many.
func (c *List) Pad(rows int) {
	for c.ends.Rows() < rows {
		c.End()
	}
}

// Fit makes room for as many rows as another column of the kind holds.
func (c *List) Fit(like Input) {
	if o, ok := like.(*List); ok {
		c.ends.Fit(&o.ends)
	}
}

// Reset empties the column and keeps its memory.
func (c *List) Reset() {
	c.ends.Reset()
	for _, in := range c.inner {
		in.Reset()
	}
}

// Type is the type's name.
func (c *List) Type() proto.ColumnType {
	types := make([]string, len(c.inner))
	for i, in := range c.inner {
		types[i] = in.Type().String()
		if c.names != nil {
			types[i] = c.names[i] + " " + types[i]
		}
	}
	all := strings.Join(types, ", ")
	if c.names != nil {
		all = "Tuple(" + all + ")"
	}
	return c.kind.With(all)
}

// Rows is the number of rows.
func (c *List) Rows() int { return c.ends.Rows() }

// EncodeState appends what comes before the column.
func (c *List) EncodeState(b *proto.Buffer) {
	for _, in := range c.inner {
		if s, ok := in.(proto.StateEncoder); ok {
			s.EncodeState(b)
		}
	}
}

// EncodeColumn appends the column to a block that will be compressed.
func (c *List) EncodeColumn(b *proto.Buffer) {
	c.ends.EncodeColumn(b)
	for _, in := range c.inner {
		in.EncodeColumn(b)
	}
}

// WriteColumn hands the column to a connection that does not compress.
func (c *List) WriteColumn(w *proto.Writer) {
	c.ends.WriteColumn(w)
	for _, in := range c.inner {
		in.WriteColumn(w)
	}
}
