package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// named is a column under the name that the configuration and the canonical JSON have for it.
type named struct {
	name string
	to   record.Column
	in   record.Unit // where nothing else is said
}

// namedColumns are the columns of the canonical JSON, schemas/event/v1/event.schema.json.
var namedColumns = []named{
	{"timestamp", record.Timestamp, record.AnyTime},
	{"method", record.Method, record.Plain},
	{"scheme", record.Scheme, record.Plain},
	{"host", record.Host, record.Plain},
	{"path", record.Path, record.Plain},
	{"query", record.Query, record.Plain},
	{"route", record.Route, record.Plain},
	{"status", record.Status, record.Plain},
	{"bytes_in", record.BytesIn, record.Plain},
	{"bytes_out", record.BytesOut, record.Plain},
	{"body_bytes_out", record.BodyBytesOut, record.Plain},
	{"duration_us", record.Duration, record.Micros},
	{"upstream_us", record.Upstream, record.Micros},
	{"client_host", record.ClientHost, record.Plain},
	{"client_ip", record.ClientIP, record.Plain},
	{"peer_ip", record.PeerIP, record.Plain},
	{"xff", record.XFF, record.Plain},
	{"user_agent", record.UserAgent, record.Plain},
	{"referrer", record.Referrer, record.Plain},
	{"http_version", record.HTTPVersion, record.Plain},
	{"request_id", record.RequestID, record.Plain},
	{"principal", record.Principal, record.Plain},
	{"credential", record.SecretCredential, record.Plain},
	{"session", record.SecretSession, record.Plain},
	{"trace_id", record.TraceID, record.Plain},
	{"span_id", record.SpanID, record.Plain},
	{"asn", record.ASN, record.Plain},
	{"as_org", record.ASOrg, record.Plain},
	{"country", record.Country, record.Plain},
	{"tls_version", record.TLSVersion, record.Plain},
	{"sni", record.SNI, record.Plain},
	{"ja4", record.JA4, record.Plain},
	{"service", record.Service, record.Plain},
	{"request_line", record.RequestLine, record.Plain},
}

// wholeColumns fill several columns at once. A configuration may name them; the columns themselves go before them.
var wholeColumns = []named{
	{"request", record.Request, record.Plain},
	{"uri", record.Target, record.Plain},
	{"protocol", record.Protocol, record.Plain},
	{"cookies", record.Cookies, record.Plain},
	{"traceparent", record.Traceparent, record.Plain},
}

// gatewatchTable reads the canonical JSON: what event.AppendJSON has written comes back as the same event.
var gatewatchTable = record.Table{
	Name:  "gatewatch-json",
	About: "gatewatch's own event as JSON: what to write where no other format fits",
	Needs: [][]string{
		{"timestamp"},
		{"client_ip", "peer_ip", "client_host"},
		{"method", "path", "route", "request_line"},
	},
	Refuses: []string{"time_local", "request_time", "http_user_agent", "body_bytes_sent", "upstream_response_time", "response_code"},
	Own:     "unmapped.",
	Rules:   gatewatchRules(),
}

func gatewatchRules() []record.Rule {
	rules := []record.Rule{{Key: "event_id", To: record.Drop}} // made from the origin anew
	for _, c := range namedColumns {
		rules = append(rules, record.Rule{Key: c.name, To: c.to, In: c.in})
	}
	return rules
}
