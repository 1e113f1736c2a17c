package clickhouse

import (
	"encoding/binary"
	"slices"

	"github.com/ClickHouse/ch-go/proto"

	"gatewatch/internal/clickhouse/column"
	"gatewatch/internal/event"
)

// timeType is the type of times in nanoseconds, which travel as integers.
const timeType = "DateTime64(9, 'UTC')"

// fixedBytes is about what a row takes in the columns whose values have one size, where most of them have one.
const fixedBytes = 120

// eventBlock is one block of the table of events.
type eventBlock struct {
	input proto.Input
	bytes int

	timestamp  column.Fixed[int64, proto.ColInt64]
	eventID    column.Fixed[[16]byte, proto.ColFixedStr16]
	partition  column.Number
	offset     column.Number
	ordinal    column.Number
	clientIP   column.Fixed[proto.IPv6, proto.ColIPv6]
	peerIP     column.Fixed[proto.IPv6, proto.ColIPv6]
	status     column.Number
	bytesIn    column.Number
	bytesOut   column.Number
	bodyBytes  column.Number
	durationUS column.Number
	upstreamUS column.Number
	asn        column.Number
	logged     column.Fixed[uint8, proto.ColUInt8]

	topic       *column.Low
	service     *column.Low
	method      *column.Low
	scheme      *column.Low
	host        *column.Low
	route       *column.Low
	httpVersion *column.Low
	tlsVersion  *column.Low
	sni         *column.Low
	ja4         *column.Low
	country     *column.Low
	asOrg       *column.Low

	path      *column.Text
	userAgent *column.Text
	referrer  *column.Text

	network     column.String
	clientHost  column.String
	xff         column.String
	query       column.String
	requestID   column.String
	principal   column.String
	credential  column.String
	session     column.String
	traceID     column.String
	spanID      column.String
	requestLine column.String

	unmapped struct {
		keys   *column.Low
		values column.String
		list   *column.List
	}
}

func newEventBlock() *eventBlock {
	b := &eventBlock{path: column.NewText(), userAgent: column.NewText(), referrer: column.NewText()}
	b.timestamp.Kind = timeType
	b.input = append(b.input,
		proto.InputColumn{Name: "timestamp", Data: &b.timestamp},
		proto.InputColumn{Name: "event_id", Data: &b.eventID},
		proto.InputColumn{Name: "client_ip", Data: &b.clientIP},
		proto.InputColumn{Name: "peer_ip", Data: &b.peerIP},
		proto.InputColumn{Name: "logged", Data: &b.logged},
	)
	b.addNumbers()
	b.addLow()
	b.addTexts()
	b.addUnmapped()
	return b
}

func (b *eventBlock) addNumbers() {
	for _, c := range []struct {
		name string
		to   *column.Number
		kind proto.ColumnType
	}{
		{"source_partition", &b.partition, proto.ColumnTypeInt32},
		{"source_offset", &b.offset, proto.ColumnTypeInt64},
		{"source_ordinal", &b.ordinal, proto.ColumnTypeInt32},
		{"status", &b.status, proto.ColumnTypeInt32},
		{"bytes_in", &b.bytesIn, proto.ColumnTypeInt64},
		{"bytes_out", &b.bytesOut, proto.ColumnTypeInt64},
		{"body_bytes_out", &b.bodyBytes, proto.ColumnTypeInt64},
		{"duration_us", &b.durationUS, proto.ColumnTypeInt64},
		{"upstream_us", &b.upstreamUS, proto.ColumnTypeInt64},
		{"asn", &b.asn, proto.ColumnTypeUInt32},
	} {
		c.to.Kind = c.kind
		b.input = append(b.input, proto.InputColumn{Name: c.name, Data: c.to})
	}
}

func (b *eventBlock) addLow() {
	for _, c := range []struct {
		name string
		to   **column.Low
	}{
		{"source_topic", &b.topic},
		{"service", &b.service},
		{"method", &b.method},
		{"scheme", &b.scheme},
		{"host", &b.host},
		{"route", &b.route},
		{"http_version", &b.httpVersion},
		{"tls_version", &b.tlsVersion},
		{"sni", &b.sni},
		{"ja4", &b.ja4},
		{"country", &b.country},
		{"as_org", &b.asOrg},
	} {
		*c.to = column.NewLow()
		b.input = append(b.input, proto.InputColumn{Name: c.name, Data: *c.to})
	}
}

func (b *eventBlock) addTexts() {
	b.input = append(b.input,
		proto.InputColumn{Name: "network", Data: &b.network},
		proto.InputColumn{Name: "client_host", Data: &b.clientHost},
		proto.InputColumn{Name: "xff", Data: &b.xff},
		proto.InputColumn{Name: "path", Data: b.path},
		proto.InputColumn{Name: "query", Data: &b.query},
		proto.InputColumn{Name: "user_agent", Data: b.userAgent},
		proto.InputColumn{Name: "referrer", Data: b.referrer},
		proto.InputColumn{Name: "request_id", Data: &b.requestID},
		proto.InputColumn{Name: "principal", Data: &b.principal},
		proto.InputColumn{Name: "credential", Data: &b.credential},
		proto.InputColumn{Name: "session", Data: &b.session},
		proto.InputColumn{Name: "trace_id", Data: &b.traceID},
		proto.InputColumn{Name: "span_id", Data: &b.spanID},
		proto.InputColumn{Name: "request_line", Data: &b.requestLine},
	)
}

func (b *eventBlock) addUnmapped() {
	m := &b.unmapped
	m.keys = column.NewLow()
	m.list = column.NewMap(m.keys, &m.values)
	b.input = append(b.input, proto.InputColumn{Name: "unmapped", Data: m.list})
}

// fit makes room for as much as another block holds, so that a block that follows it need not grow.
func (b *eventBlock) fit(like *eventBlock) {
	for i := range b.input {
		b.input[i].Data.(column.Sparse).Fit(like.input[i].Data.(column.Input))
	}
}

func (b *eventBlock) rows() int { return b.timestamp.Rows() }

// append adds an event and tells about how many bytes it took.
func (b *eventBlock) append(ev *event.Event) int {
	row := b.rows()
	b.appendOrigin(row, ev)
	b.appendNumbers(row, ev)
	b.appendLow(row, ev)
	n := fixedBytes + b.appendTexts(row, ev) + b.appendUnmapped(row, ev.Unmapped)
	b.bytes += n
	return n
}

func (b *eventBlock) appendOrigin(row int, ev *event.Event) {
	id := ev.Origin.ID()
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], id.Hi)
	binary.BigEndian.PutUint64(raw[8:], id.Lo)
	b.eventID.Append(raw)
	b.topic.Append(ev.Origin.Topic)
	b.offset.Append(ev.Origin.Offset)
	putNumber(&b.partition, row, ev.Origin.Partition)
	putNumber(&b.ordinal, row, ev.Origin.Ordinal)
}

func (b *eventBlock) appendNumbers(row int, ev *event.Event) {
	b.timestamp.Append(ev.Time)
	b.logged.Append(uint8(ev.Present))
	putNumber(&b.status, row, ev.Status)
	putNumber(&b.bytesIn, row, ev.BytesIn)
	putNumber(&b.bytesOut, row, ev.BytesOut)
	putNumber(&b.bodyBytes, row, ev.BodyBytesOut)
	putNumber(&b.durationUS, row, ev.DurationUS)
	putNumber(&b.upstreamUS, row, ev.UpstreamUS)
	putNumber(&b.asn, row, ev.ASN)
	if ev.Client.IsValid() {
		b.clientIP.Put(row, ev.Client.As16())
	}
	if ev.Peer.IsValid() {
		b.peerIP.Put(row, ev.Peer.As16())
	}
}

func putNumber[T int32 | int64 | uint32](c *column.Number, row int, v T) {
	if v != 0 {
		c.Put(row, int64(v))
	}
}

func (b *eventBlock) appendLow(row int, ev *event.Event) {
	putLow(b.service, row, ev.Service)
	putLow(b.method, row, ev.Method)
	putLow(b.scheme, row, ev.Scheme)
	putLow(b.host, row, ev.Host)
	putLow(b.route, row, ev.Route)
	putLow(b.httpVersion, row, ev.HTTPVersion)
	putLow(b.tlsVersion, row, ev.TLSVersion)
	putLow(b.sni, row, ev.SNI)
	putLow(b.ja4, row, ev.JA4)
	putLow(b.country, row, ev.Country)
	putLow(b.asOrg, row, ev.ASOrg)
}

func putLow(c *column.Low, row int, s string) {
	if s != "" {
		c.Put(row, s)
	}
}

// appendTexts adds what is stored as it is, and tells its length.
func (b *eventBlock) appendTexts(row int, ev *event.Event) int {
	b.appendNetwork(ev)
	if ev.Path != "" {
		b.path.Put(row, ev.Path)
	}
	if ev.UserAgent != "" {
		b.userAgent.Put(row, ev.UserAgent)
	}
	if ev.Referrer != "" {
		b.referrer.Put(row, ev.Referrer)
	}
	return len(ev.Path) + len(ev.UserAgent) + len(ev.Referrer) + putString(&b.clientHost, row, ev.ClientHost) +
		putString(&b.xff, row, ev.XFF) + putString(&b.query, row, ev.Query) + putString(&b.requestID, row, ev.RequestID) +
		putString(&b.principal, row, ev.Principal) + putString(&b.credential, row, ev.Credential) +
		putString(&b.session, row, ev.Session) + putString(&b.traceID, row, ev.TraceID) +
		putString(&b.spanID, row, ev.SpanID) + putString(&b.requestLine, row, ev.RequestLine)
}

func putString(c *column.String, row int, s string) int {
	if s != "" {
		c.Put(row, s)
	}
	return len(s)
}

// appendNetwork adds the name of the network entity, the same as event.Entity has it, without making a string.
func (b *eventBlock) appendNetwork(ev *event.Event) {
	if !ev.Client.IsValid() {
		b.network.Append(ev.ClientHost)
		return
	}
	b.network.AppendNetwork(ev.Client)
}

func (b *eventBlock) appendUnmapped(row int, pairs []event.Pair) int {
	if len(pairs) == 0 {
		return 0
	}
	b.unmapped.list.Pad(row)
	size := 0
	for i := range pairs {
		b.unmapped.keys.Append(pairs[i].Key)
		b.unmapped.values.Append(pairs[i].Value)
		size += len(pairs[i].Key) + len(pairs[i].Value)
	}
	b.unmapped.list.End()
	return size
}

func (b *eventBlock) reset() {
	for _, c := range b.input {
		c.Data.(proto.Resettable).Reset()
	}
	b.bytes = 0
}

// sealed are the columns of blocks that go into one insert, as an insert has them: the same for all blocks, without those
// that no row has a value for, which the server fills by itself.
func sealed(blocks []*eventBlock) []proto.Input {
	parts := make([]proto.Input, len(blocks))
	for i := range blocks[0].input {
		used := func(b *eventBlock) bool { return b.input[i].Data.Rows() > 0 }
		if !slices.ContainsFunc(blocks, used) {
			continue
		}
		for n, b := range blocks {
			b.input[i].Data.(column.Sparse).Pad(b.rows())
			parts[n] = append(parts[n], b.input[i])
		}
	}
	return parts
}
