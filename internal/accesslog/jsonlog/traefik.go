package jsonlog

import "gatewatch/internal/event"

// traefikTable: durations are nanoseconds. ClientAddr is the TCP peer; ClientHost is X-Forwarded-For as the client sent
// it wherever there is one, so it names nobody.
var traefikTable = table{
	name:  "traefik-json",
	about: "Traefik with accessLog.format json",
	needs: [][]string{
		{"ClientAddr", "ClientHost"},
		{"DownstreamStatus", "OriginStatus"},
		{"RequestMethod", "RequestPath"},
	},
	rules: []rule{
		{key: "time", to: timestamp},
		{key: "StartLocal", to: timestamp},
		{key: "StartUTC", to: timestamp},

		{key: "ClientAddr", to: peerIP},
		{key: "ClientHost", to: xff},
		{key: "request_X-Forwarded-For", to: xff},
		{key: "ClientUsername", to: principal},

		{key: "RequestMethod", to: method},
		{key: "RequestPath", to: target},
		{key: "RequestScheme", to: scheme},
		{key: "RequestAddr", to: host},
		{key: "RequestHost", to: host},
		{key: "RequestProtocol", to: protocol},

		{key: "OriginStatus", to: status},
		{key: "DownstreamStatus", to: status},
		{key: "RequestContentSize", to: bytesIn},
		{key: "OriginContentSize", to: drop},
		{key: "DownstreamContentSize", to: bodyBytesOut},
		{key: "Duration", to: duration, in: nanos},
		{key: "OriginDuration", to: upstream, in: nanos},
		{key: "Overhead", to: drop},

		{key: "request_User-Agent", to: userAgent},
		{key: "request_Referer", to: referrer},
		{key: "request_X-Request-Id", to: requestID},
		{key: "request_Traceparent", to: traceparent},
		{key: "TraceId", to: traceID},
		{key: "trace_id", to: traceID},
		{key: "SpanId", to: spanID},
		{key: "span_id", to: spanID},
		{key: "ServiceName", to: service},
		{key: "RouterName", to: service},
		{key: "TLSVersion", to: tlsVersion},

		{key: "ClientPort", to: drop},
		{key: "RequestPort", to: drop},
		{key: "RequestLine", to: drop},
		{key: "RequestCount", to: drop},
		{key: "GzipRatio", to: drop},
		{key: "level", to: drop},
		{key: "msg", to: drop},
	},
	ignored: []string{"ServiceURL", "downstream_", "origin_"},
	finish:  finishTraefik,
}

func finishTraefik(_ *parser, e *event.Event) {
	if e.XFF != "" && e.Peer.IsValid() && lastHop(e.XFF) == e.Peer {
		e.XFF = ""
	}
}
