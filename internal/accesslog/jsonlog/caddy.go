package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// caddyTable: the time and the duration can be configured to several forms, which tell themselves apart. remote_ip is
// the TCP peer, client_ip the client behind the proxies that Caddy trusts. A header is an array.
var caddyTable = record.Table{
	Name:  "caddy-json",
	About: "Caddy's access log",
	Needs: [][]string{
		{"request.remote_ip", "request.remote_addr", "request.client_ip"},
		{"request.uri"},
		{"status"},
		{"logger", "ts", "msg", "resp_headers", "bytes_read", "user_id"},
	},
	Rules: []record.Rule{
		{Key: "logger", To: record.Expected, Want: "http.log.access"},
		{Key: "time", To: record.Timestamp, In: record.AnyTime},
		{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "ts", To: record.Timestamp, In: record.AnyTime},

		{Key: "request.remote_addr", To: record.PeerIP}, // before Caddy 2.5, with the port
		{Key: "request.remote_ip", To: record.PeerIP},
		{Key: "request.client_ip", To: record.ClientIP},
		{Key: "request.headers.X-Forwarded-For", To: record.XFF},
		{Key: "user_id", To: record.Principal},

		{Key: "request.method", To: record.Method},
		{Key: "request.uri", To: record.Target},
		{Key: "request.host", To: record.Host},
		{Key: "request.proto", To: record.Protocol},
		{Key: "status", To: record.Status},
		{Key: "bytes_read", To: record.BytesIn},
		{Key: "size", To: record.BodyBytesOut},
		{Key: "duration", To: record.Duration, In: record.Spelled},

		{Key: "request.headers.User-Agent", To: record.UserAgent},
		{Key: "request.headers.Referer", To: record.Referrer},
		{Key: "request.headers.X-Request-Id", To: record.RequestID},
		{Key: "request.headers.Traceparent", To: record.Traceparent},
		{Key: "request.tls.version", To: record.TLSNumber},
		{Key: "request.tls.server_name", To: record.SNI},

		{Key: "request.remote_port", To: record.Drop},
		{Key: "request.tls.resumed", To: record.Drop},
		{Key: "request.tls.proto", To: record.Drop},
		{Key: "request.tls.proto_mutual", To: record.Drop},
		{Key: "level", To: record.Drop},
		{Key: "msg", To: record.Drop},
	},
	Ignored: []string{"resp_headers."},
}
