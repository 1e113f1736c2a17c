package clickhouse

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	client "github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"gatewatch/internal/event"
	"gatewatch/test/servers"
)

// encodedSize is the size of a block on the wire.
func encodedSize(in proto.Input) int {
	var buf proto.Buffer
	b := proto.Block{Columns: len(in), Rows: in[0].Data.Rows()}
	if err := b.EncodeBlock(&buf, proto.Version, in); err != nil {
		panic(err)
	}
	return len(buf.Buf)
}

// traffic are events as gateways log them, of some hundred clients.
func traffic() []event.Event {
	all := make([]event.Event, 8192)
	for i := range all {
		ev := &all[i]
		*ev = event.Event{
			Origin: event.Origin{Topic: "access.raw", Partition: int32(i % 12), Offset: int64(i)},
			Time:   time.Date(2026, 3, 1, 10, 0, 0, i*1_000_000, time.UTC).UnixNano(),
			Client: netip.AddrFrom4([4]byte{192, 0, byte(i * 7 % 31), byte(i * 13)}), Peer: netip.AddrFrom4([4]byte{10, 0, 0, 1}),
			Method: []string{"GET", "POST", "GET", "GET"}[i%4], Scheme: "https", Host: "shop.example.com",
			Path: fmt.Sprintf("/api/v1/orders/%d/items", i*31%5000), Query: fmt.Sprintf("page=%d", i%40),
			Route: "/api/v1/orders/{id}/items", HTTPVersion: "2", Service: "shop", Country: "DE", ASOrg: "Example Networks",
			UserAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/14" + fmt.Sprint(i%9) + ".0",
			Referrer:  "https://shop.example.com/", RequestID: fmt.Sprintf("%016x%016x", uint64(i)*0x9e3779b97f4a7c15, i),
			TLSVersion: "TLSv1.3",
		}
		ev.SetStatus(200)
		ev.SetBodyBytesOut(int64(i * 37 % 20_000))
		ev.SetDuration(int64(i * 101 % 900_000))
		ev.SetASN(64500)
	}
	return all
}

func BenchmarkAppend(b *testing.B) {
	all := traffic()
	batch := NewEvents()
	fill := func(n int) {
		for i := range n {
			if i%(4*blockRows) == 0 {
				batch.Reset()
			}
			batch.Append(&all[i%len(all)])
		}
	}
	fill(4 * blockRows)
	b.ReportAllocs()
	b.ResetTimer()
	fill(b.N)
}

// BenchmarkEncode encodes and compresses what Append has filled; its time is by row.
func BenchmarkEncode(b *testing.B) {
	all := traffic()
	block := newEventBlock()
	for i := range blockRows {
		block.append(&all[i%len(all)])
	}
	var buf proto.Buffer
	w := compress.NewWriter(compress.LevelZero, compress.LZ4)
	encode := func() {
		buf.Reset()
		in := sealed([]*eventBlock{block})[0]
		blk := proto.Block{Columns: len(in), Rows: blockRows}
		if err := blk.EncodeBlock(&buf, proto.Version, in); err != nil {
			b.Fatal(err)
		}
		if err := w.Compress(buf.Buf); err != nil {
			b.Fatal(err)
		}
	}
	encode()
	b.ReportMetric(float64(len(buf.Buf))/blockRows, "B/row")
	b.ReportMetric(float64(len(w.Data))/blockRows, "lz4-B/row")
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += blockRows {
		encode()
	}
}

// BenchmarkClientAppend is the same with the columns of clickhouse-go, which BenchmarkAppend is measured against.
func BenchmarkClientAppend(b *testing.B) {
	all := traffic()
	in := newEventBlock().input
	block := func() *client.Block {
		out := client.Block{ServerContext: &column.ServerContext{Timezone: time.UTC}}
		for _, c := range in {
			if err := out.AddColumn(c.Name, column.Type(c.Data.Type())); err != nil {
				b.Fatal(err)
			}
		}
		return &out
	}
	b.ReportAllocs()
	to := block()
	for i := range b.N {
		if i%blockRows == 0 {
			to = block()
		}
		if err := to.Append(clientRow(&all[i%len(all)])...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInsert inserts into a real server, all of its work included; its time is by row.
func BenchmarkInsert(b *testing.B) {
	s := migrated(b, servers.ClickHouse(b))
	all := traffic()
	batch := NewEvents()
	const rows = 4 * blockRows
	for i := range rows {
		batch.Append(&all[i%len(all)])
	}
	b.ResetTimer()
	for i := 0; i < b.N; i += rows {
		if err := s.InsertEvents(context.Background(), batch, fmt.Sprint(i)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// clientRow is an event as clickhouse-go takes it, in the order of the columns of a block.
func clientRow(ev *event.Event) []any {
	id := ev.Origin.ID().String()
	ip := func(a netip.Addr) net.IP { b := a.As16(); return b[:] }
	return []any{
		ev.When(), id[:16], ev.Origin.Partition, ev.Origin.Offset, ev.Origin.Ordinal, ip(ev.Client), ip(ev.Peer), ev.Status,
		ev.BytesIn, ev.BytesOut, ev.BodyBytesOut, ev.DurationUS, ev.UpstreamUS, ev.ASN, uint8(ev.Present),
		ev.Origin.Topic, ev.Service, ev.Method, ev.Scheme, ev.Host, ev.Route, ev.HTTPVersion, ev.TLSVersion, ev.SNI, ev.JA4,
		ev.Country, ev.ASOrg,
		event.Network(ev.Client).Addr().String(), ev.ClientHost, ev.XFF, ev.Path, ev.Query, ev.UserAgent, ev.Referrer,
		ev.RequestID, ev.Principal, ev.Credential, ev.Session, ev.TraceID, ev.SpanID, ev.RequestLine,
		map[string]string{},
	}
}
