package jsonlog

// named is a column under the name that the configuration and the canonical JSON have for it.
type named struct {
	name string
	to   column
	in   unit // where nothing else is said
}

// namedColumns are the columns of the canonical JSON, schemas/event/v1/event.schema.json.
var namedColumns = []named{
	{"timestamp", timestamp, anyTime},
	{"method", method, plain},
	{"scheme", scheme, plain},
	{"host", host, plain},
	{"path", path, plain},
	{"query", query, plain},
	{"route", route, plain},
	{"status", status, plain},
	{"bytes_in", bytesIn, plain},
	{"bytes_out", bytesOut, plain},
	{"body_bytes_out", bodyBytesOut, plain},
	{"duration_us", duration, micros},
	{"upstream_us", upstream, micros},
	{"client_host", clientHost, plain},
	{"client_ip", clientIP, plain},
	{"peer_ip", peerIP, plain},
	{"xff", xff, plain},
	{"user_agent", userAgent, plain},
	{"referrer", referrer, plain},
	{"http_version", httpVersion, plain},
	{"request_id", requestID, plain},
	{"principal", principal, plain},
	{"credential", secretCredential, plain},
	{"session", secretSession, plain},
	{"trace_id", traceID, plain},
	{"span_id", spanID, plain},
	{"asn", asn, plain},
	{"as_org", asOrg, plain},
	{"country", country2, plain},
	{"tls_version", tlsVersion, plain},
	{"sni", sni, plain},
	{"ja4", ja4, plain},
	{"service", service, plain},
	{"request_line", requestLine, plain},
}

// wholeColumns fill several columns at once. A configuration may name them; the columns themselves go before them.
var wholeColumns = []named{
	{"request", request, plain},
	{"uri", target, plain},
	{"protocol", protocol, plain},
	{"cookies", cookies, plain},
	{"traceparent", traceparent, plain},
}

// gatewatchTable reads the canonical JSON: what event.AppendJSON has written comes back as the same event.
var gatewatchTable = table{
	name:  "gatewatch-json",
	about: "gatewatch's own event as JSON: what to write where no other format fits",
	needs: [][]string{
		{"timestamp"},
		{"client_ip", "peer_ip", "client_host"},
		{"method", "path", "route", "request_line"},
	},
	refuses: []string{"time_local", "request_time", "http_user_agent", "body_bytes_sent", "upstream_response_time", "response_code"},
	own:     "unmapped.",
	rules:   gatewatchRules(),
}

func gatewatchRules() []rule {
	rules := []rule{{key: "event_id", to: drop}} // made from the origin anew
	for _, c := range namedColumns {
		rules = append(rules, rule{key: c.name, to: c.to, in: c.in})
	}
	return rules
}
