package jsonlog

// caddyTable: the time and the duration can be configured to several forms, which tell themselves apart. remote_ip is
// the TCP peer, client_ip the client behind the proxies that Caddy trusts. A header is an array.
var caddyTable = table{
	name:  "caddy-json",
	about: "Caddy's access log",
	needs: [][]string{
		{"request.remote_ip", "request.remote_addr", "request.client_ip"},
		{"request.uri"},
		{"status"},
		{"logger", "ts", "msg", "resp_headers", "bytes_read", "user_id"},
	},
	rules: []rule{
		{key: "logger", to: expected, want: "http.log.access"},
		{key: "time", to: timestamp, in: anyTime},
		{key: "timestamp", to: timestamp, in: anyTime},
		{key: "ts", to: timestamp, in: anyTime},

		{key: "request.remote_addr", to: peerIP}, // before Caddy 2.5, with the port
		{key: "request.remote_ip", to: peerIP},
		{key: "request.client_ip", to: clientIP},
		{key: "request.headers.X-Forwarded-For", to: xff},
		{key: "user_id", to: principal},

		{key: "request.method", to: method},
		{key: "request.uri", to: target},
		{key: "request.host", to: host},
		{key: "request.proto", to: protocol},
		{key: "status", to: status},
		{key: "bytes_read", to: bytesIn},
		{key: "size", to: bodyBytesOut},
		{key: "duration", to: duration, in: spelled},

		{key: "request.headers.User-Agent", to: userAgent},
		{key: "request.headers.Referer", to: referrer},
		{key: "request.headers.X-Request-Id", to: requestID},
		{key: "request.headers.Traceparent", to: traceparent},
		{key: "request.tls.version", to: tlsNumber},
		{key: "request.tls.server_name", to: sni},

		{key: "request.remote_port", to: drop},
		{key: "request.tls.resumed", to: drop},
		{key: "request.tls.proto", to: drop},
		{key: "request.tls.proto_mutual", to: drop},
		{key: "level", to: drop},
		{key: "msg", to: drop},
	},
	ignored: []string{"resp_headers."},
}
