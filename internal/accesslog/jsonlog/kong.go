package jsonlog

// kongTable: latencies are milliseconds, and -1 where nothing was proxied. The query string is logged a second time, in
// parts, where secrets in it would escape those who look for them in the query.
var kongTable = table{
	name:  "kong-json",
	about: "Kong's http-log, file-log and tcp-log plugins",
	needs: [][]string{{"client_ip"}, {"request.method", "request.uri", "request.url"}, {"latencies.request", "latencies.proxy", "started_at"}},
	rules: []rule{
		{key: "started_at", to: timestamp, in: millis},
		{key: "client_ip", to: clientIP},
		{key: "request.headers.x-forwarded-for", to: xff},

		{key: "consumer.id", to: principal},
		{key: "consumer.custom_id", to: principal},
		{key: "consumer.username", to: principal},
		{key: "authenticated_entity.id", to: secretCredential},

		{key: "request.method", to: method},
		{key: "request.url", to: target},
		{key: "request.uri", to: target},
		{key: "request.headers.host", to: host},
		{key: "request.size", to: bytesIn},
		{key: "response.status", to: status},
		{key: "response.size", to: bytesOut},
		{key: "latencies.request", to: duration, in: millis},
		{key: "latencies.proxy", to: upstream, in: millisOrUnset},

		{key: "request.headers.user-agent", to: userAgent},
		{key: "request.headers.referer", to: referrer},
		{key: "request.headers.x-request-id", to: requestID},
		{key: "request.headers.traceparent", to: traceparent},
		{key: "request.id", to: requestID},
		{key: "request.tls.version", to: tlsVersion},
		{key: "request.tls.client_verify", to: drop},
		{key: "service.name", to: service},
		{key: "tries", to: drop},
		{key: "route.name", to: unmapped},
		{key: "upstream_status", to: unmapped},
	},
	ignored: []string{"request.querystring.", "response.headers.", "service.", "route.", "consumer.", "authenticated_entity."},
}
