package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// kongTable: latencies are milliseconds, and -1 where nothing was proxied. The query string is logged a second time, in
// parts, where secrets in it would escape those who look for them in the query.
var kongTable = record.Table{
	Name:  "kong-json",
	About: "Kong's http-log, file-log and tcp-log plugins",
	Needs: [][]string{{"client_ip"}, {"request.method", "request.uri", "request.url"}, {"latencies.request", "latencies.proxy", "started_at"}},
	Rules: []record.Rule{
		{Key: "started_at", To: record.Timestamp, In: record.Millis},
		{Key: "client_ip", To: record.ClientIP},
		{Key: "request.headers.x-forwarded-for", To: record.XFF},

		{Key: "consumer.id", To: record.Principal},
		{Key: "consumer.custom_id", To: record.Principal},
		{Key: "consumer.username", To: record.Principal},
		{Key: "authenticated_entity.id", To: record.SecretCredential},

		{Key: "request.method", To: record.Method},
		{Key: "request.url", To: record.Target},
		{Key: "request.uri", To: record.Target},
		{Key: "request.headers.host", To: record.Host},
		{Key: "request.size", To: record.BytesIn},
		{Key: "response.status", To: record.Status},
		{Key: "response.size", To: record.BytesOut},
		{Key: "latencies.request", To: record.Duration, In: record.Millis},
		{Key: "latencies.proxy", To: record.Upstream, In: record.MillisOrUnset},

		{Key: "request.headers.user-agent", To: record.UserAgent},
		{Key: "request.headers.referer", To: record.Referrer},
		{Key: "request.headers.x-request-id", To: record.RequestID},
		{Key: "request.headers.traceparent", To: record.Traceparent},
		{Key: "request.id", To: record.RequestID},
		{Key: "request.tls.version", To: record.TLSVersion},
		{Key: "request.tls.client_verify", To: record.Drop},
		{Key: "service.name", To: record.Service},
		{Key: "tries", To: record.Drop},
		{Key: "route.name", To: record.Unmapped},
		{Key: "upstream_status", To: record.Unmapped},
	},
	Ignored: []string{"request.querystring.", "response.headers.", "service.", "route.", "consumer.", "authenticated_entity."},
}
