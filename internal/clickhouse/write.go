package clickhouse

import (
	"fmt"
	"io"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/ch-go/proto"
)

// WriteTo writes the blocks as an insert sends them, compressed with LZ4. The store does not need it: it is for measuring
// a batch without a server.
func (e *Events) WriteTo(to io.Writer) (int64, error) {
	if e.rows == 0 {
		return 0, nil
	}
	var buf proto.Buffer
	var written int64
	w := compress.NewWriter(compress.LevelZero, compress.LZ4)
	for _, in := range sealed(e.blocks[:e.used]) {
		buf.Reset()
		blk := proto.Block{Columns: len(in), Rows: in[0].Data.Rows()}
		if err := blk.EncodeBlock(&buf, proto.Version, in); err != nil {
			return written, fmt.Errorf("encoding block: %w", err)
		}
		if err := w.Compress(buf.Buf); err != nil {
			return written, fmt.Errorf("compressing block: %w", err)
		}
		n, err := to.Write(w.Data)
		written += int64(n)
		if err != nil {
			return written, fmt.Errorf("writing block: %w", err)
		}
	}
	return written, nil
}
