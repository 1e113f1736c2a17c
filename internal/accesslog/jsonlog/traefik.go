package jsonlog

import (
	"gatewatch/internal/accesslog/jsonlog/record"
	"gatewatch/internal/event"
)

// traefikTable: durations are nanoseconds. ClientAddr is the TCP peer; ClientHost is X-Forwarded-For as the client sent
// it wherever there is one, so it names nobody.
var traefikTable = record.Table{
	Name:  "traefik-json",
	About: "Traefik with accessLog.format json",
	Needs: [][]string{
		{"ClientAddr", "ClientHost"},
		{"DownstreamStatus", "OriginStatus"},
		{"RequestMethod", "RequestPath"},
	},
	Rules: []record.Rule{
		{Key: "time", To: record.Timestamp},
		{Key: "StartLocal", To: record.Timestamp},
		{Key: "StartUTC", To: record.Timestamp},

		{Key: "ClientAddr", To: record.PeerIP},
		{Key: "ClientHost", To: record.XFF},
		{Key: "request_X-Forwarded-For", To: record.XFF},
		{Key: "ClientUsername", To: record.Principal},

		{Key: "RequestMethod", To: record.Method},
		{Key: "RequestPath", To: record.Target},
		{Key: "RequestScheme", To: record.Scheme},
		{Key: "RequestAddr", To: record.Host},
		{Key: "RequestHost", To: record.Host},
		{Key: "RequestProtocol", To: record.Protocol},

		{Key: "OriginStatus", To: record.Status},
		{Key: "DownstreamStatus", To: record.Status},
		{Key: "RequestContentSize", To: record.BytesIn},
		{Key: "OriginContentSize", To: record.Drop},
		{Key: "DownstreamContentSize", To: record.BodyBytesOut},
		{Key: "Duration", To: record.Duration, In: record.Nanos},
		{Key: "OriginDuration", To: record.Upstream, In: record.Nanos},
		{Key: "Overhead", To: record.Drop},

		{Key: "request_User-Agent", To: record.UserAgent},
		{Key: "request_Referer", To: record.Referrer},
		{Key: "request_X-Request-Id", To: record.RequestID},
		{Key: "request_Traceparent", To: record.Traceparent},
		{Key: "TraceId", To: record.TraceID},
		{Key: "trace_id", To: record.TraceID},
		{Key: "SpanId", To: record.SpanID},
		{Key: "span_id", To: record.SpanID},
		{Key: "ServiceName", To: record.Service},
		{Key: "RouterName", To: record.Service},
		{Key: "TLSVersion", To: record.TLSVersion},

		{Key: "ClientPort", To: record.Drop},
		{Key: "RequestPort", To: record.Drop},
		{Key: "RequestLine", To: record.Drop},
		{Key: "RequestCount", To: record.Drop},
		{Key: "GzipRatio", To: record.Drop},
		{Key: "level", To: record.Drop},
		{Key: "msg", To: record.Drop},
	},
	Ignored: []string{"ServiceURL", "downstream_", "origin_"},
	Finish:  finishTraefik,
}

func finishTraefik(e *event.Event) {
	if e.XFF != "" && e.Peer.IsValid() && record.LastHop(e.XFF) == e.Peer {
		e.XFF = ""
	}
}
