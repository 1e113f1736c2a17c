package clickhouse

import (
	"testing"

	"github.com/ClickHouse/ch-go/proto"
)

func encodedSize(in proto.Input) int {
	var buf proto.Buffer
	b := proto.Block{Columns: len(in), Rows: in[0].Data.Rows()}
	if err := b.EncodeBlock(&buf, proto.Version, in); err != nil {
		panic(err)
	}
	return len(buf.Buf)
}

var _ testing.TB
