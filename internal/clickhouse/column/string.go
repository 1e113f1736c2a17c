// Package column holds the columns of a block in their form on the wire, so that a row costs as little as it can. It knows no
// table and no connection.
package column

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/ClickHouse/ch-go/proto"

	"gatewatch/internal/event"
)

// String is a column of type String in its form on the wire: each value after its length. An insert copies it in
// one piece.
type String struct {
	wire []byte
	rows int
}

var _ Sparse = (*String)(nil)

// Input is a column that can be filled again.
type Input interface {
	proto.ColInput
	proto.Resettable
}

// Sparse is a column that only rows with a value are put into: most events lack most of the fields there are.
type Sparse interface {
	Input
	// Pad adds empty values until there are so many rows.
	Pad(rows int)
	// Fit makes room for as much as another column of the kind holds.
	Fit(like Input)
}

// Append adds a value.
func (c *String) Append(s string) {
	if cap(c.wire)-len(c.wire) < binary.MaxVarintLen64+len(s) {
		c.wire = slices.Grow(c.wire, max(binary.MaxVarintLen64+len(s), cap(c.wire)))
	}
	if len(s) < 0x80 {
		c.wire = append(c.wire, byte(len(s)))
	} else {
		c.wire = binary.AppendUvarint(c.wire, uint64(len(s)))
	}
	c.wire = append(c.wire, s...)
	c.rows++
}

// Put sets the value of a row, counted from 0. Rows before it that were not put are empty.
func (c *String) Put(row int, s string) {
	if c.rows < row {
		c.Pad(row)
	}
	c.Append(s)
}

// Pad adds empty values until there are so many rows.
func (c *String) Pad(rows int) {
	missing := rows - c.rows
	if missing <= 0 {
		return
	}
	n := len(c.wire)
	c.wire = room(c.wire, missing)[:n+missing]
	clear(c.wire[n:])
	c.rows = rows
}

// AppendBytes adds a value.
func (c *String) AppendBytes(b []byte) {
	c.wire = binary.AppendUvarint(c.wire, uint64(len(b)))
	c.wire = append(c.wire, b...)
	c.rows++
}

// AppendNetwork adds the name of the network entity of an address, the same as event.Entity has it.
func (c *String) AppendNetwork(a netip.Addr) {
	c.wire = room(c.wire, 1+longestNetwork)
	at := len(c.wire)
	c.wire = event.AppendNetwork(append(c.wire, 0), a)
	c.wire[at] = byte(len(c.wire) - at - 1)
	c.rows++
}

// longestNetwork is the length of the longest name of a network, the /64 of an IPv6 address.
const longestNetwork = len("2001:db8:1234:5678::/64")

// Fit makes room for as much as another column of the kind holds.
func (c *String) Fit(like Input) {
	if o, ok := like.(*String); ok {
		c.fit(o)
	}
}

func (c *String) fit(o *String) { c.wire = slices.Grow(c.wire, len(o.wire)+len(o.wire)/8) }

// Reset empties the column and keeps its memory.
func (c *String) Reset() { c.wire, c.rows = c.wire[:0], 0 }

// Type is the type's name.
func (c *String) Type() proto.ColumnType { return proto.ColumnTypeString }

// Rows is the number of values.
func (c *String) Rows() int { return c.rows }

// EncodeColumn appends the column to a block that will be compressed.
func (c *String) EncodeColumn(b *proto.Buffer) { b.Buf = append(b.Buf, c.wire...) }

// WriteColumn hands the column to a connection that does not compress.
func (c *String) WriteColumn(w *proto.Writer) { w.ChainWrite(c.wire) }
