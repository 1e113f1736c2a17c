package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// ecsTable reads the Elastic Common Schema and the semantic conventions of OpenTelemetry, which share most names, nested
// or with dots. event.duration is nanoseconds.
var ecsTable = record.Table{
	Name:  "ecs-json",
	About: "Documents of the Elastic Common Schema, or OpenTelemetry's HTTP attributes",
	Needs: [][]string{
		{"@timestamp", "timestamp", "event.start", "event.created"},
		{"http.request.method", "http.response.status_code"},
		{"url.path", "url.original", "url.full", "http.route"},
	},
	Rules: []record.Rule{
		{Key: "event.created", To: record.Timestamp, In: record.AnyTime},
		{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "@timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "event.start", To: record.Timestamp, In: record.AnyTime},

		{Key: "source.address", To: record.ClientIP},
		{Key: "client.address", To: record.ClientIP},
		{Key: "source.ip", To: record.ClientIP},
		{Key: "client.ip", To: record.ClientIP},
		{Key: "network.peer.address", To: record.PeerIP},
		{Key: "network.forwarded_ip", To: record.XFF},
		{Key: "http.request.header.x-forwarded-for", To: record.XFF},

		{Key: "http.request.method", To: record.Method},
		{Key: "url.full", To: record.Target},
		{Key: "url.original", To: record.Target},
		{Key: "url.path", To: record.Path},
		{Key: "url.query", To: record.Query},
		{Key: "url.scheme", To: record.Scheme},
		{Key: "server.address", To: record.Host},
		{Key: "url.domain", To: record.Host},
		{Key: "http.route", To: record.Route},
		{Key: "network.protocol.version", To: record.HTTPVersion},
		{Key: "http.version", To: record.HTTPVersion},
		{Key: "http.response.status_code", To: record.Status},
		{Key: "http.request.size", To: record.BytesIn},
		{Key: "http.request.bytes", To: record.BytesIn},
		{Key: "http.response.size", To: record.BytesOut},
		{Key: "http.response.bytes", To: record.BytesOut},
		{Key: "http.response.body.size", To: record.BodyBytesOut},
		{Key: "http.response.body.bytes", To: record.BodyBytesOut},
		{Key: "event.duration", To: record.Duration, In: record.Nanos},

		{Key: "user_agent.original", To: record.UserAgent},
		{Key: "http.request.header.referer", To: record.Referrer},
		{Key: "http.request.referrer", To: record.Referrer},
		{Key: "http.request.header.x-request-id", To: record.RequestID},
		{Key: "http.request.id", To: record.RequestID},
		{Key: "enduser.id", To: record.Principal},
		{Key: "user.name", To: record.Principal},
		{Key: "user.id", To: record.Principal},
		{Key: "trace_id", To: record.TraceID},
		{Key: "trace.id", To: record.TraceID},
		{Key: "span_id", To: record.SpanID},
		{Key: "span.id", To: record.SpanID},
		{Key: "service.name", To: record.Service},
		{Key: "tls.protocol.version", To: record.TLSVersion},
		{Key: "tls.version", To: record.TLSVersion},
		{Key: "tls.client.server_name", To: record.SNI},
		{Key: "tls.client.ja4", To: record.JA4},
		{Key: "source.as.number", To: record.ASN},
		{Key: "client.as.number", To: record.ASN},
		{Key: "source.as.organization.name", To: record.ASOrg},
		{Key: "client.as.organization.name", To: record.ASOrg},
		{Key: "source.geo.country_iso_code", To: record.Country},
		{Key: "client.geo.country_iso_code", To: record.Country},

		{Key: "message", To: record.Drop}, // the line once more
		{Key: "event.original", To: record.Drop},
	},
	Ignored: []string{"@metadata.", "agent.", "ecs.", "input.", "log.", "host.", "event.", "source.geo.", "client.geo."},
}
