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

	timestamp  proto.ColInt64
	eventID    proto.ColFixedStr16
	partition  proto.ColInt32
	offset     proto.ColInt64
	ordinal    proto.ColInt32
	clientIP   proto.ColIPv6
	peerIP     proto.ColIPv6
	status     proto.ColInt32
	bytesIn    proto.ColInt64
	bytesOut   proto.ColInt64
	bodyBytes  proto.ColInt64
	durationUS proto.ColInt64
	upstreamUS proto.ColInt64
	asn        proto.ColUInt32
	logged     proto.ColUInt8

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

	network     column.String
	clientHost  column.String
	xff         column.String
	path        column.String
	query       column.String
	userAgent   column.String
	referrer    column.String
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
	b := &eventBlock{}
	b.input = append(b.input,
		proto.InputColumn{Name: "timestamp", Data: proto.Alias(&b.timestamp, timeType)},
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
		proto.InputColumn{Name: "path", Data: &b.path},
		proto.InputColumn{Name: "query", Data: &b.query},
		proto.InputColumn{Name: "user_agent", Data: &b.userAgent},
		proto.InputColumn{Name: "referrer", Data: &b.referrer},
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

func (b *eventBlock) rows() int { return len(b.timestamp) }

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
	b.eventID = append(b.eventID, raw)
	b.partition = append(b.partition, ev.Origin.Partition)
	b.offset = append(b.offset, ev.Origin.Offset)
	b.ordinal = append(b.ordinal, ev.Origin.Ordinal)
}

func (b *eventBlock) appendNumbers(ev *event.Event) {
	b.timestamp = append(b.timestamp, ev.Time)
	b.clientIP = append(b.clientIP, ipv6(ev.Client))
	b.peerIP = append(b.peerIP, ipv6(ev.Peer))
	b.status = append(b.status, ev.Status)
	b.bytesIn = append(b.bytesIn, ev.BytesIn)
	b.bytesOut = append(b.bytesOut, ev.BytesOut)
	b.bodyBytes = append(b.bodyBytes, ev.BodyBytesOut)
	b.durationUS = append(b.durationUS, ev.DurationUS)
	b.upstreamUS = append(b.upstreamUS, ev.UpstreamUS)
	b.asn = append(b.asn, ev.ASN)
	b.logged = append(b.logged, uint8(ev.Present))
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
