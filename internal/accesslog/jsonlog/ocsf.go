package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// ocsfTable: times and durations are milliseconds. A record of another class is skipped.
var ocsfTable = record.Table{
	Name:  "ocsf-json",
	About: "OCSF HTTP Activity (class 4002)",
	Needs: [][]string{{"class_uid"}, {"time", "start_time"}, {"http_request.http_method", "http_request.url.path", "http_request.url.url_string"}},
	Own:   "unmapped.",
	Rules: []record.Rule{
		{Key: "class_uid", To: record.Expected, Want: "4002"},
		{Key: "end_time", To: record.EndTime, In: record.Millis},
		{Key: "start_time", To: record.StartTime, In: record.Millis},
		{Key: "time", To: record.Timestamp, In: record.Millis},

		{Key: "src_endpoint.hostname", To: record.ClientHost},
		{Key: "src_endpoint.ip", To: record.ClientIP},
		{Key: "proxy_endpoint.ip", To: record.PeerIP},
		{Key: "http_request.x_forwarded_for", To: record.XFF},
		{Key: "src_endpoint.autonomous_system.number", To: record.ASN},
		{Key: "src_endpoint.autonomous_system.name", To: record.ASOrg},
		{Key: "src_endpoint.location.country", To: record.Country},

		{Key: "http_request.http_method", To: record.Method},
		{Key: "http_request.url.url_string", To: record.Target},
		{Key: "http_request.args", To: record.Query},
		{Key: "http_request.url.scheme", To: record.Scheme},
		{Key: "dst_endpoint.hostname", To: record.Host},
		{Key: "http_request.url.hostname", To: record.Host},
		{Key: "http_request.url.path", To: record.Path},
		{Key: "http_request.url.query_string", To: record.Query},
		{Key: "http_request.version", To: record.Protocol},
		{Key: "api.operation", To: record.Route},
		{Key: "http_response.code", To: record.Status},
		{Key: "http_request.length", To: record.BytesIn},
		{Key: "traffic.bytes_in", To: record.BytesIn},
		{Key: "http_response.length", To: record.BytesOut},
		{Key: "traffic.bytes_out", To: record.BytesOut},
		{Key: "http_response.body_length", To: record.BodyBytesOut},
		{Key: "duration", To: record.Duration, In: record.Millis},
		{Key: "http_response.latency", To: record.Upstream, In: record.Millis},

		{Key: "http_request.user_agent", To: record.UserAgent},
		{Key: "http_request.referrer", To: record.Referrer},
		{Key: "http_request.uid", To: record.RequestID},
		{Key: "actor.user.name", To: record.Principal},
		{Key: "actor.user.uid", To: record.Principal},
		{Key: "actor.user.credential_uid", To: record.SecretCredential},
		{Key: "actor.session.uid", To: record.SecretSession},
		{Key: "trace.uid", To: record.TraceID},
		{Key: "trace.span.uid", To: record.SpanID},
		{Key: "dst_endpoint.svc_name", To: record.Service},
		{Key: "tls.version", To: record.TLSVersion},
		{Key: "tls.sni", To: record.SNI},
	},
	Ignored: []string{
		"metadata.", "activity_", "category_", "class_", "type_", "severity", "raw_data", "observables", "status_id",
		"http_request.http_headers", "http_response.http_headers", "http_cookies",
	},
}
