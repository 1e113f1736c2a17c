package clickhouse

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/test/servers"
)

// hostile are strings that somebody sends who means harm, or whose terminal is broken.
var hostile = []string{
	"", "a", "'; DROP TABLE events; --", "\x00", "nul\x00in the middle", "\xff\xfe invalid", "\"quoted\" `and` \\escaped\\",
	"new\nline\ttab", "日本語 🚪", strings.Repeat("x", 127), strings.Repeat("y", 128), strings.Repeat("z", 300), "%00%0a", "NULL",
}

// randomEvent is an event with anything in it, for now and then.
func randomEvent(r *rand.Rand, n int) event.Event {
	text := func() string {
		switch r.IntN(4) {
		case 0:
			return ""
		case 1:
			return hostile[r.IntN(len(hostile))]
		default:
			return fmt.Sprintf("value %d", r.IntN(400))
		}
	}
	addr := func() netip.Addr {
		var b [16]byte
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		switch r.IntN(3) {
		case 0:
			return netip.Addr{}
		case 1:
			return netip.AddrFrom4([4]byte(b[:4]))
		default:
			return netip.AddrFrom16(b)
		}
	}
	ev := event.Event{
		Origin: event.Origin{Topic: text(), Partition: r.Int32N(12), Offset: int64(n), Ordinal: r.Int32N(3)},
		Time:   time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).UnixNano() + r.Int64N(int64(72*time.Hour)),
		Client: addr(), Peer: addr(), ClientHost: text(), XFF: text(), Method: text(), Scheme: text(), Host: text(),
		Path: text(), Query: text(), Route: text(), HTTPVersion: text(), UserAgent: text(), Referrer: text(),
		RequestID: text(), Principal: text(), Credential: text(), Session: text(), TraceID: text(), SpanID: text(),
		Service: text(), TLSVersion: text(), SNI: text(), JA4: text(), Country: text(), ASOrg: text(), RequestLine: text(),
	}
	set := []func(){
		func() { ev.SetStatus(r.Int64N(600)) }, func() { ev.SetBytesIn(r.Int64()) }, func() { ev.SetBytesOut(r.Int64N(2)) },
		func() { ev.SetBodyBytesOut(r.Int64N(1 << 20)) }, func() { ev.SetDuration(r.Int64N(1 << 30)) },
		func() { ev.SetUpstream(0) }, func() { ev.SetASN(r.Uint32()) },
	}
	for _, f := range set {
		if r.IntN(2) == 0 {
			f()
		}
	}
	for range r.IntN(4) {
		ev.Unmapped = append(ev.Unmapped, event.Pair{Key: text(), Value: text()})
	}
	return ev
}

// stored is an event as the table has it, as text.
func stored(ev *event.Event) []string {
	ip := func(a netip.Addr) string {
		if !a.IsValid() {
			return "::"
		}
		return netip.AddrFrom16(a.As16()).String()
	}
	network, _ := ev.Entity(event.KindNetwork)
	row := []string{
		ev.Origin.ID().String(), fmt.Sprint(ev.Time), ev.Origin.Topic, fmt.Sprint(ev.Origin.Partition),
		fmt.Sprint(ev.Origin.Ordinal), network.Value, ip(ev.Client), ip(ev.Peer),
	}
	for _, n := range []struct {
		field event.Fields
		value int64
	}{
		{event.FieldStatus, int64(ev.Status)},
		{event.FieldBytesIn, ev.BytesIn},
		{event.FieldBytesOut, ev.BytesOut},
		{event.FieldBodyBytesOut, ev.BodyBytesOut},
		{event.FieldDuration, ev.DurationUS},
		{event.FieldUpstream, ev.UpstreamUS},
		{event.FieldASN, int64(ev.ASN)},
	} {
		row = append(row, fmt.Sprintf("%d %t", n.value, ev.Has(n.field)))
	}
	row = append(row, ev.ClientHost, ev.XFF, ev.Method, ev.Scheme, ev.Host, ev.Path, ev.Query, ev.Route, ev.HTTPVersion,
		ev.UserAgent, ev.Referrer, ev.RequestID, ev.Principal, ev.Credential, ev.Session, ev.TraceID, ev.SpanID, ev.Service,
		ev.TLSVersion, ev.SNI, ev.JA4, ev.Country, ev.ASOrg, ev.RequestLine)
	var pairs strings.Builder
	for _, p := range ev.Unmapped {
		fmt.Fprintf(&pairs, "%x=%x;", p.Key, p.Value)
	}
	return append(row, pairs.String())
}

// storedQuery reads what stored says. The map is read pair by pair, because the client would fold equal keys.
const storedQuery = `SELECT id, toString(toUnixTimestamp64Nano(timestamp)), source_topic, toString(source_partition),
toString(source_ordinal), network,
toString(client_ip), toString(peer_ip),
concat(toString(status), ' ', toString(has_status)), concat(toString(bytes_in), ' ', toString(has_bytes_in)),
concat(toString(bytes_out), ' ', toString(has_bytes_out)), concat(toString(body_bytes_out), ' ', toString(has_body_bytes_out)),
concat(toString(duration_us), ' ', toString(has_duration)), concat(toString(upstream_us), ' ', toString(has_upstream)),
concat(toString(asn), ' ', toString(has_asn)),
client_host, xff, method, scheme, host, path, query, route, http_version, user_agent, referrer, request_id, principal,
credential, session, trace_id, span_id, service, tls_version, sni, ja4, country, as_org, request_line,
arrayStringConcat(arrayMap((k, v) -> concat(lower(hex(k)), '=', lower(hex(v)), ';'), mapKeys(unmapped), mapValues(unmapped)))
FROM events ORDER BY source_offset`

func TestEventsRoundTrip(t *testing.T) {
	addr := servers.ClickHouse(t)
	for _, compression := range []string{"lz4", "none"} {
		t.Run(compression, func(t *testing.T) {
			s := migrated(t, addr, func(c *Config) { c.Compression = compression })
			r := rand.New(rand.NewPCG(1, 2))
			batch, want := NewEvents(), [][]string{}
			for round := range 2 { // the second round uses the memory of the first
				batch.Reset()
				for i := range blockRows/4 + 10 {
					ev := randomEvent(r, round*blockRows+i)
					if i == 7 {
						ev.Path = strings.Repeat("long \xff", 200_000)
					}
					want = append(want, stored(&ev))
					batch.Append(&ev)
				}
				if err := s.InsertEvents(testContext(t), batch, fmt.Sprint(round)); err != nil {
					t.Fatal(err)
				}
			}
			got, err := s.Query(testContext(t), storedQuery)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != len(want) {
				t.Fatalf("%d rows are stored of %d", len(got.Rows), len(want))
			}
			for i := range want {
				if diff := cmp.Diff(want[i], got.Rows[i]); diff != "" {
					t.Fatalf("event %d is stored differently (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

func TestEventsManyBlocks(t *testing.T) {
	s := migrated(t, servers.ClickHouse(t))
	const n = 3*blockRows + 5
	batch := numbered(0, n, 1)
	if batch.Rows() != n || batch.used != 4 {
		t.Fatalf("the batch has %d rows in %d blocks, want %d in 4", batch.Rows(), batch.used, n)
	}
	if err := s.InsertEvents(testContext(t), batch, "a"); err != nil {
		t.Fatal(err)
	}
	if got, want := value(t, s, "SELECT concat(toString(count()), ' ', toString(uniqExact(event_id))) FROM events"),
		fmt.Sprintf("%d %d", n, n); got != want {
		t.Errorf("rows and ids: %s, want %s", got, want)
	}
}

// TestEventsForms has the same column travel as a dictionary in one block and spelled out in the next, and both in one
// insert.
func TestEventsForms(t *testing.T) {
	for _, compression := range []string{"lz4", "none"} {
		t.Run(compression, func(t *testing.T) {
			s := migrated(t, servers.ClickHouse(t), func(c *Config) { c.Compression = compression })
			const n = 3 * blockRows
			batch := NewEvents()
			for i := range n {
				agent := i % 100
				if i/blockRows == 1 {
					agent = i
				}
				batch.Append(&event.Event{Origin: event.Origin{Offset: int64(i)}, UserAgent: fmt.Sprintf("agent %d", agent)})
			}
			for i, want := range []proto.ColumnType{"LowCardinality(String)", "String", "LowCardinality(String)"} {
				if got := batch.blocks[i].userAgent.Type(); got != want {
					t.Errorf("block %d has user_agent as %s, want %s", i, got, want)
				}
			}
			if err := s.InsertEvents(testContext(t), batch, "forms"); err != nil {
				t.Fatal(err)
			}
			right := value(t, s, fmt.Sprintf("SELECT toString(countIf(user_agent = concat('agent ', "+
				"toString(if(intDiv(source_offset, %d) = 1, source_offset, source_offset %% 100))))) FROM events", blockRows))
			if right != strconv.Itoa(n) {
				t.Errorf("%s rows are as they were appended, want %d", right, n)
			}
		})
	}
}

func TestEventsAllocateNothing(t *testing.T) {
	batch := NewEvents()
	r := rand.New(rand.NewPCG(1, 2))
	events := make([]event.Event, 1000)
	for i := range events {
		events[i] = randomEvent(r, i)
	}
	fill := func() {
		batch.Reset()
		for i := range events {
			batch.Append(&events[i])
		}
	}
	fill()
	if got := testing.AllocsPerRun(5, fill); got != 0 {
		t.Errorf("filling a batch that has been used allocates %v times, want 0", got)
	}
}

func TestEventsBytes(t *testing.T) {
	batch := NewEvents()
	for i := range 100 {
		batch.Append(&event.Event{Path: strings.Repeat("p", 1000) + strconv.Itoa(i)})
	}
	wire := 0
	for _, in := range sealed(batch.blocks) {
		wire += encodedSize(in)
	}
	if got := batch.Bytes(); got < wire*3/4 || got > wire*4/3 {
		t.Errorf("Bytes() = %d, far from the %d on the wire", got, wire)
	}
	batch.Reset()
	if batch.Bytes() != 0 || batch.Rows() != 0 {
		t.Errorf("after Reset there are %d bytes in %d rows", batch.Bytes(), batch.Rows())
	}
}
