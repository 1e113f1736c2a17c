package clickhouse

import (
	"encoding/binary"

	"github.com/ClickHouse/ch-go/proto"
)

// stringColumn is a column of type String in its form on the wire: each value after its length. An insert copies it in
// one piece.
type stringColumn struct {
	wire []byte
	rows int
}

var _ input = (*stringColumn)(nil)

// input is a column that can be filled again.
type input interface {
	proto.ColInput
	proto.Resettable
}

func (c *stringColumn) append(s string) {
	if len(s) < 0x80 {
		c.wire = append(c.wire, byte(len(s)))
	} else {
		c.wire = binary.AppendUvarint(c.wire, uint64(len(s)))
	}
	c.wire = append(c.wire, s...)
	c.rows++
}

func (c *stringColumn) appendBytes(b []byte) {
	c.wire = binary.AppendUvarint(c.wire, uint64(len(b)))
	c.wire = append(c.wire, b...)
	c.rows++
}

// Reset empties the column and keeps its memory.
func (c *stringColumn) Reset() { c.wire, c.rows = c.wire[:0], 0 }

// Type is the type's name.
func (c *stringColumn) Type() proto.ColumnType { return proto.ColumnTypeString }

// Rows is the number of values.
func (c *stringColumn) Rows() int { return c.rows }

// EncodeColumn appends the column to a block that will be compressed.
func (c *stringColumn) EncodeColumn(b *proto.Buffer) { b.Buf = append(b.Buf, c.wire...) }

// WriteColumn hands the column to a connection that does not compress.
func (c *stringColumn) WriteColumn(w *proto.Writer) { w.ChainWrite(c.wire) }
