package jsonlog

import (
	"strings"

	"gatewatch/internal/event"
)

// googleTable: sizes are strings, the latency has its unit behind it, the URL is absolute. The time is the request's.
var googleTable = table{
	name:  "gcp-lb-json",
	about: "Google Cloud HTTP(S) load balancer, as a LogEntry",
	needs: [][]string{
		{"httpRequest.requestUrl"},
		{"httpRequest.requestMethod", "httpRequest.remoteIp", "httpRequest.status"},
		{"timestamp", "receiveTimestamp"},
	},
	rules: []rule{
		{key: "receiveTimestamp", to: timestamp},
		{key: "timestamp", to: timestamp},
		{key: "httpRequest.remoteIp", to: clientIP},
		{key: "httpRequest.requestMethod", to: method},
		{key: "httpRequest.requestUrl", to: target},
		{key: "httpRequest.protocol", to: protocol},
		{key: "httpRequest.userAgent", to: userAgent},
		{key: "httpRequest.referer", to: referrer},
		{key: "httpRequest.status", to: status},
		{key: "httpRequest.requestSize", to: bytesIn},
		{key: "httpRequest.responseSize", to: bytesOut},
		{key: "httpRequest.latency", to: duration, in: spelled},
		{key: "insertId", to: requestID},
		{key: "trace", to: traceID},
		{key: "spanId", to: spanID},
		{key: "resource.labels.backend_service_name", to: service},
		{key: "jsonPayload.securityPolicyRequestData.remoteIpInfo.asn", to: asn},
		{key: "jsonPayload.securityPolicyRequestData.remoteIpInfo.regionCode", to: country2},
		{key: "jsonPayload.securityPolicyRequestData.tlsJa4Fingerprint", to: ja4},
		{key: "jsonPayload.remoteIp", to: drop},
		{key: "jsonPayload.@type", to: drop},
	},
	finish: finishGoogle,
}

// finishGoogle takes the id out of projects/<project>/traces/<id>.
func finishGoogle(_ *parser, e *event.Event) {
	e.TraceID = e.TraceID[strings.LastIndexByte(e.TraceID, '/')+1:]
}
