package clickhouse

import (
	"encoding/binary"
	"net/netip"

	"github.com/ClickHouse/ch-go/proto"

	"gatewatch/internal/clickhouse/column"
	"gatewatch/internal/event"
)

// timeType is the type of times in nanoseconds, which travel as integers.
const timeType = "DateTime64(9, 'UTC')"

// fixedBytes is about what a row takes in the columns whose values have one size.
const fixedBytes = 160

// eventBlock is one block of the table of events.
type eventBlock struct {
	input proto.Input
	bytes int
	spare []byte // where the name of a network is written

	timestamp  column.Fixed[int64, proto.ColInt64]
	eventID    column.Fixed[[16]byte, proto.ColFixedStr16]
	partition  column.Fixed[int32, proto.ColInt32]
	offset     column.Fixed[int64, proto.ColInt64]
	ordinal    column.Fixed[int32, proto.ColInt32]
	clientIP   column.Fixed[proto.IPv6, proto.ColIPv6]
	peerIP     column.Fixed[proto.IPv6, proto.ColIPv6]
	status     column.Fixed[int32, proto.ColInt32]
	bytesIn    column.Fixed[int64, proto.ColInt64]
	bytesOut   column.Fixed[int64, proto.ColInt64]
	bodyBytes  column.Fixed[int64, proto.ColInt64]
	durationUS column.Fixed[int64, proto.ColInt64]
	upstreamUS column.Fixed[int64, proto.ColInt64]
	asn        column.Fixed[uint32, proto.ColUInt32]
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
		proto.InputColumn{Name: "source_partition", Data: &b.partition},
		proto.InputColumn{Name: "source_offset", Data: &b.offset},
		proto.InputColumn{Name: "source_ordinal", Data: &b.ordinal},
		proto.InputColumn{Name: "client_ip", Data: &b.clientIP},
		proto.InputColumn{Name: "peer_ip", Data: &b.peerIP},
		proto.InputColumn{Name: "status", Data: &b.status},
		proto.InputColumn{Name: "bytes_in", Data: &b.bytesIn},
		proto.InputColumn{Name: "bytes_out", Data: &b.bytesOut},
		proto.InputColumn{Name: "body_bytes_out", Data: &b.bodyBytes},
		proto.InputColumn{Name: "duration_us", Data: &b.durationUS},
		proto.InputColumn{Name: "upstream_us", Data: &b.upstreamUS},
		proto.InputColumn{Name: "asn", Data: &b.asn},
		proto.InputColumn{Name: "logged", Data: &b.logged},
	)
	b.addLow()
	b.addTexts()
	b.addUnmapped()
	return b
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

func (b *eventBlock) rows() int { return b.timestamp.Rows() }

// append adds an event and tells about how many bytes it took.
func (b *eventBlock) append(ev *event.Event) int {
	b.appendOrigin(ev)
	b.appendNumbers(ev)
	b.appendLow(ev)
	n := fixedBytes + b.appendTexts(ev) + b.appendUnmapped(ev.Unmapped)
	b.bytes += n
	return n
}

func (b *eventBlock) appendOrigin(ev *event.Event) {
	id := ev.Origin.ID()
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], id.Hi)
	binary.BigEndian.PutUint64(raw[8:], id.Lo)
	b.eventID.Append(raw)
	b.partition.Append(ev.Origin.Partition)
	b.offset.Append(ev.Origin.Offset)
	b.ordinal.Append(ev.Origin.Ordinal)
}

func (b *eventBlock) appendNumbers(ev *event.Event) {
	b.timestamp.Append(ev.Time)
	b.clientIP.Append(ipv6(ev.Client))
	b.peerIP.Append(ipv6(ev.Peer))
	b.status.Append(ev.Status)
	b.bytesIn.Append(ev.BytesIn)
	b.bytesOut.Append(ev.BytesOut)
	b.bodyBytes.Append(ev.BodyBytesOut)
	b.durationUS.Append(ev.DurationUS)
	b.upstreamUS.Append(ev.UpstreamUS)
	b.asn.Append(ev.ASN)
	b.logged.Append(uint8(ev.Present))
}

// ipv6 is an address as the table has it, all zeros for none.
func ipv6(a netip.Addr) proto.IPv6 {
	if !a.IsValid() {
		return proto.IPv6{}
	}
	return a.As16()
}

func (b *eventBlock) appendLow(ev *event.Event) {
	b.topic.Append(ev.Origin.Topic)
	b.service.Append(ev.Service)
	b.method.Append(ev.Method)
	b.scheme.Append(ev.Scheme)
	b.host.Append(ev.Host)
	b.route.Append(ev.Route)
	b.httpVersion.Append(ev.HTTPVersion)
	b.tlsVersion.Append(ev.TLSVersion)
	b.sni.Append(ev.SNI)
	b.ja4.Append(ev.JA4)
	b.country.Append(ev.Country)
	b.asOrg.Append(ev.ASOrg)
}

// appendTexts adds what is stored as it is, and tells its length.
func (b *eventBlock) appendTexts(ev *event.Event) int {
	b.appendNetwork(ev)
	b.clientHost.Append(ev.ClientHost)
	b.xff.Append(ev.XFF)
	b.path.Append(ev.Path)
	b.query.Append(ev.Query)
	b.userAgent.Append(ev.UserAgent)
	b.referrer.Append(ev.Referrer)
	b.requestID.Append(ev.RequestID)
	b.principal.Append(ev.Principal)
	b.credential.Append(ev.Credential)
	b.session.Append(ev.Session)
	b.traceID.Append(ev.TraceID)
	b.spanID.Append(ev.SpanID)
	b.requestLine.Append(ev.RequestLine)
	return len(ev.ClientHost) + len(ev.XFF) + len(ev.Path) + len(ev.Query) + len(ev.UserAgent) +
		len(ev.Referrer) + len(ev.RequestID) + len(ev.Principal) + len(ev.Credential) + len(ev.Session) +
		len(ev.TraceID) + len(ev.SpanID) + len(ev.RequestLine)
}

// appendNetwork adds the name of the network entity, the same as event.Entity has it, without making a string.
func (b *eventBlock) appendNetwork(ev *event.Event) {
	if !ev.Client.IsValid() {
		b.network.Append(ev.ClientHost)
		return
	}
	p := event.Network(ev.Client)
	if p.IsSingleIP() {
		b.spare = p.Addr().AppendTo(b.spare[:0])
	} else {
		b.spare = p.AppendTo(b.spare[:0])
	}
	b.network.AppendBytes(b.spare)
}

func (b *eventBlock) appendUnmapped(pairs []event.Pair) int {
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
