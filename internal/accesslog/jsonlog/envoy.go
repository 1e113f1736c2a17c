package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// envoyRules serve every JSON that Envoy writes: Istio's and Envoy Gateway's defaults, and json_format of one's own made
// of the same names. Its durations are milliseconds; its sizes are those of the bodies.
var envoyRules = []record.Rule{
	{Key: "@timestamp", To: record.Timestamp, In: record.AnyTime},
	{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
	{Key: "time", To: record.Timestamp, In: record.AnyTime},
	{Key: "start_time", To: record.Timestamp, In: record.AnyTime},

	// downstream_remote_address may be taken from X-Forwarded-For already; the direct one is the TCP peer.
	{Key: "client_ip", To: record.ClientIP},
	{Key: "downstream_remote_address_without_port", To: record.ClientIP},
	{Key: "downstream_remote_address", To: record.ClientIP},
	{Key: "downstream_direct_remote_address_without_port", To: record.PeerIP},
	{Key: "downstream_direct_remote_address", To: record.PeerIP},
	{Key: "x_forwarded_for", To: record.XFF},
	{Key: "x-forwarded-for", To: record.XFF},

	{Key: "method", To: record.Method},
	{Key: ":method", To: record.Method},
	{Key: "request_method", To: record.Method},
	{Key: "path", To: record.Target},
	{Key: ":path", To: record.Target},
	{Key: "x_envoy_original_path", To: record.Target},
	{Key: "x-envoy-original-path", To: record.Target},
	{Key: "x-envoy-origin-path", To: record.Target},
	{Key: "scheme", To: record.Scheme},
	{Key: ":scheme", To: record.Scheme},
	{Key: "host", To: record.Host},
	{Key: "authority", To: record.Host},
	{Key: ":authority", To: record.Host},
	{Key: "protocol", To: record.Protocol},

	{Key: "status", To: record.Status},
	{Key: "response_code", To: record.Status},
	{Key: "bytes_received", To: record.BytesIn},
	{Key: "bytes_sent", To: record.BodyBytesOut},
	{Key: "duration", To: record.Duration, In: record.Millis},
	{Key: "upstream_service_time", To: record.Upstream, In: record.Millis},
	{Key: "x_envoy_upstream_service_time", To: record.Upstream, In: record.Millis},
	{Key: "x-envoy-upstream-service-time", To: record.Upstream, In: record.Millis},

	{Key: "user_agent", To: record.UserAgent},
	{Key: "user-agent", To: record.UserAgent},
	{Key: "referer", To: record.Referrer},
	{Key: "request_id", To: record.RequestID},
	{Key: "x_request_id", To: record.RequestID},
	{Key: "x-request-id", To: record.RequestID},
	{Key: "traceparent", To: record.Traceparent},
	{Key: "trace_id", To: record.TraceID},
	{Key: "span_id", To: record.SpanID},
	{Key: "downstream_tls_version", To: record.TLSVersion},
	{Key: "requested_server_name", To: record.SNI},
	{Key: "ja4", To: record.JA4},
	{Key: "tls_ja4_fingerprint", To: record.JA4},
}

var envoyGatewayTable = record.Table{
	Name:  "envoy-gateway-json",
	About: "Envoy Gateway's default access log",
	Needs: [][]string{{"start_time"}, {":authority"}, {"x-envoy-origin-path", "x-envoy-upstream-service-time"}, {"response_code"}},
	Rules: envoyRules,
}

var istioTable = record.Table{
	Name:  "istio-json",
	About: "Istio's access log with accessLogEncoding: JSON",
	Needs: [][]string{
		{"start_time"},
		{"authority"},
		{"response_code"},
		{"upstream_cluster", "downstream_remote_address", "requested_server_name", "upstream_service_time", "route_name"},
	},
	Rules: envoyRules,
}

var envoyTable = record.Table{
	Name:  "envoy-json",
	About: "Envoy with a json_format of one's own, made of Envoy's names",
	Needs: [][]string{
		{"start_time", "timestamp", "@timestamp", "time"},
		{"response_code"},
		{"path", ":path", "x_envoy_original_path", "x-envoy-original-path", "x-envoy-origin-path"},
	},
	Rules: envoyRules,
}
