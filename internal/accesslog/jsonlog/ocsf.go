package jsonlog

import (
	"time"

	"gatewatch/internal/event"
)

// ocsfTable: times and durations are milliseconds. A record of another class is skipped.
var ocsfTable = table{
	name:  "ocsf-json",
	about: "OCSF HTTP Activity (class 4002)",
	needs: [][]string{{"class_uid"}, {"time", "start_time"}, {"http_request.http_method", "http_request.url.path", "http_request.url.url_string"}},
	own:   "unmapped.",
	rules: []rule{
		{key: "class_uid", to: expected, want: "4002"},
		{key: "end_time", to: endTime, in: millis},
		{key: "start_time", to: startTime, in: millis},
		{key: "time", to: timestamp, in: millis},

		{key: "src_endpoint.hostname", to: clientHost},
		{key: "src_endpoint.ip", to: clientIP},
		{key: "proxy_endpoint.ip", to: peerIP},
		{key: "http_request.x_forwarded_for", to: xff},
		{key: "src_endpoint.autonomous_system.number", to: asn},
		{key: "src_endpoint.autonomous_system.name", to: asOrg},
		{key: "src_endpoint.location.country", to: country2},

		{key: "http_request.http_method", to: method},
		{key: "http_request.url.url_string", to: target},
		{key: "http_request.args", to: query},
		{key: "http_request.url.scheme", to: scheme},
		{key: "dst_endpoint.hostname", to: host},
		{key: "http_request.url.hostname", to: host},
		{key: "http_request.url.path", to: path},
		{key: "http_request.url.query_string", to: query},
		{key: "http_request.version", to: protocol},
		{key: "api.operation", to: route},
		{key: "http_response.code", to: status},
		{key: "http_request.length", to: bytesIn},
		{key: "traffic.bytes_in", to: bytesIn},
		{key: "http_response.length", to: bytesOut},
		{key: "traffic.bytes_out", to: bytesOut},
		{key: "http_response.body_length", to: bodyBytesOut},
		{key: "duration", to: duration, in: millis},
		{key: "http_response.latency", to: upstream, in: millis},

		{key: "http_request.user_agent", to: userAgent},
		{key: "http_request.referrer", to: referrer},
		{key: "http_request.uid", to: requestID},
		{key: "actor.user.name", to: principal},
		{key: "actor.user.uid", to: principal},
		{key: "actor.user.credential_uid", to: secretCredential},
		{key: "actor.session.uid", to: secretSession},
		{key: "trace.uid", to: traceID},
		{key: "trace.span.uid", to: spanID},
		{key: "dst_endpoint.svc_name", to: service},
		{key: "tls.version", to: tlsVersion},
		{key: "tls.sni", to: sni},
	},
	ignored: []string{
		"metadata.", "activity_", "category_", "class_", "type_", "severity", "raw_data", "observables", "status_id",
		"http_request.http_headers", "http_response.http_headers", "http_cookies",
	},
	finish: finishOCSF,
}

// finishOCSF makes a duration of the begin and end where none was told.
func finishOCSF(p *parser, e *event.Event) {
	if !e.Has(event.FieldDuration) && p.start != 0 && p.end >= p.start {
		e.SetDuration((p.end - p.start) / int64(time.Microsecond))
	}
}
