package column

import "github.com/ClickHouse/ch-go/proto"

// Text is a column of strings that blocks mostly repeat, such as names of programs. It travels as LowCardinality(String),
// which the server turns into the table's String: what is repeated is neither copied nor compressed. A block whose
// values turn out to differ travels as String, and some blocks after it do from their start.
type Text struct {
	low   *Low
	plain String
	// differ tells that the values of the block differ; trust is how many blocks are yet taken to be like it.
	differ bool
	trust  int
}

var (
	_ Sparse             = (*Text)(nil)
	_ proto.StateEncoder = (*Text)(nil)
)

const (
	// A dictionary must have so many values, and more than half as many as there are rows, to be given up.
	minDiffer = 1 << 10
	// distrust is how many blocks do without a dictionary after one that was given up.
	distrust = 15
)

// NewText makes an empty column.
func NewText() *Text { return &Text{low: NewLow()} }

// Append adds a value.
func (c *Text) Append(s string) {
	if c.differ {
		c.plain.Append(s)
		return
	}
	c.low.Append(s)
	if n := len(c.low.terms); n >= minDiffer && 2*n > len(c.low.keys) {
		c.spell()
	}
}

// Put sets the value of a row, counted from 0. Rows before it that were not put are empty.
func (c *Text) Put(row int, s string) {
	c.Pad(row)
	c.Append(s)
}

// Pad adds empty values until there are so many rows.
func (c *Text) Pad(rows int) {
	if c.differ {
		c.plain.Pad(rows)
		return
	}
	c.low.Pad(rows)
}

// spell writes out the values so far.
func (c *Text) spell() {
	for _, k := range c.low.keys {
		t := c.low.terms[k]
		c.plain.AppendBytes(c.low.dict.wire[t.start:t.end])
	}
	c.low.Reset()
	c.differ, c.trust = true, distrust
}

// Fit makes room for as much as another column of the kind holds.
func (c *Text) Fit(like Input) {
	if o, ok := like.(*Text); ok {
		c.low.fit(o.low)
		c.plain.fit(&o.plain)
	}
}

// Reset empties the column and keeps its memory.
func (c *Text) Reset() {
	c.low.Reset()
	c.plain.Reset()
	if c.differ {
		c.trust--
		c.differ = c.trust >= 0
	}
}

// Type is the type's name, of the block as it is; of an empty one it is the table's.
func (c *Text) Type() proto.ColumnType {
	if c.spelled() {
		return c.plain.Type()
	}
	return c.low.Type()
}

func (c *Text) spelled() bool { return c.differ || c.low.Rows() == 0 }

// Rows is the number of values.
func (c *Text) Rows() int { return c.low.Rows() + c.plain.Rows() }

// EncodeState appends what comes before the column.
func (c *Text) EncodeState(b *proto.Buffer) {
	if !c.spelled() {
		c.low.EncodeState(b)
	}
}

// EncodeColumn appends the column to a block that will be compressed.
func (c *Text) EncodeColumn(b *proto.Buffer) {
	if c.spelled() {
		c.plain.EncodeColumn(b)
		return
	}
	c.low.EncodeColumn(b)
}

// WriteColumn hands the column to a connection that does not compress.
func (c *Text) WriteColumn(w *proto.Writer) {
	if c.spelled() {
		c.plain.WriteColumn(w)
		return
	}
	c.low.WriteColumn(w)
}
