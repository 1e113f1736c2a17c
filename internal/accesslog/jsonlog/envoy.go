package jsonlog

// envoyRules serve every JSON that Envoy writes: Istio's and Envoy Gateway's defaults, and json_format of one's own made
// of the same names. Its durations are milliseconds; its sizes are those of the bodies.
var envoyRules = []rule{
	{key: "@timestamp", to: timestamp, in: anyTime},
	{key: "timestamp", to: timestamp, in: anyTime},
	{key: "time", to: timestamp, in: anyTime},
	{key: "start_time", to: timestamp, in: anyTime},

	// downstream_remote_address may be taken from X-Forwarded-For already; the direct one is the TCP peer.
	{key: "client_ip", to: clientIP},
	{key: "downstream_remote_address_without_port", to: clientIP},
	{key: "downstream_remote_address", to: clientIP},
	{key: "downstream_direct_remote_address_without_port", to: peerIP},
	{key: "downstream_direct_remote_address", to: peerIP},
	{key: "x_forwarded_for", to: xff},
	{key: "x-forwarded-for", to: xff},

	{key: "method", to: method},
	{key: ":method", to: method},
	{key: "request_method", to: method},
	{key: "path", to: target},
	{key: ":path", to: target},
	{key: "x_envoy_original_path", to: target},
	{key: "x-envoy-original-path", to: target},
	{key: "x-envoy-origin-path", to: target},
	{key: "scheme", to: scheme},
	{key: ":scheme", to: scheme},
	{key: "host", to: host},
	{key: "authority", to: host},
	{key: ":authority", to: host},
	{key: "protocol", to: protocol},

	{key: "status", to: status},
	{key: "response_code", to: status},
	{key: "bytes_received", to: bytesIn},
	{key: "bytes_sent", to: bodyBytesOut},
	{key: "duration", to: duration, in: millis},
	{key: "upstream_service_time", to: upstream, in: millis},
	{key: "x_envoy_upstream_service_time", to: upstream, in: millis},
	{key: "x-envoy-upstream-service-time", to: upstream, in: millis},

	{key: "user_agent", to: userAgent},
	{key: "user-agent", to: userAgent},
	{key: "referer", to: referrer},
	{key: "request_id", to: requestID},
	{key: "x_request_id", to: requestID},
	{key: "x-request-id", to: requestID},
	{key: "traceparent", to: traceparent},
	{key: "trace_id", to: traceID},
	{key: "span_id", to: spanID},
	{key: "downstream_tls_version", to: tlsVersion},
	{key: "requested_server_name", to: sni},
	{key: "ja4", to: ja4},
	{key: "tls_ja4_fingerprint", to: ja4},
}

var envoyGatewayTable = table{
	name:  "envoy-gateway-json",
	about: "Envoy Gateway's default access log",
	needs: [][]string{{"start_time"}, {":authority"}, {"x-envoy-origin-path", "x-envoy-upstream-service-time"}, {"response_code"}},
	rules: envoyRules,
}

var istioTable = table{
	name:  "istio-json",
	about: "Istio's access log with accessLogEncoding: JSON",
	needs: [][]string{
		{"start_time"}, {"authority"}, {"response_code"},
		{"upstream_cluster", "downstream_remote_address", "requested_server_name", "upstream_service_time", "route_name"},
	},
	rules: envoyRules,
}

var envoyTable = table{
	name:  "envoy-json",
	about: "Envoy with a json_format of one's own, made of Envoy's names",
	needs: [][]string{
		{"start_time", "timestamp", "@timestamp", "time"},
		{"response_code"},
		{"path", ":path", "x_envoy_original_path", "x-envoy-original-path", "x-envoy-origin-path"},
	},
	rules: envoyRules,
}
