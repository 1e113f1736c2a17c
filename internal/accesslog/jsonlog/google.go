package jsonlog

import (
	"strings"

	"gatewatch/internal/event"

	"gatewatch/internal/accesslog/jsonlog/record"
)

// googleTable: sizes are strings, the latency has its unit behind it, the URL is absolute. The time is the request's.
var googleTable = record.Table{
	Name:  "gcp-lb-json",
	About: "Google Cloud HTTP(S) load balancer, as a LogEntry",
	Needs: [][]string{
		{"httpRequest.requestUrl"},
		{"httpRequest.requestMethod", "httpRequest.remoteIp", "httpRequest.status"},
		{"timestamp", "receiveTimestamp"},
	},
	Rules: []record.Rule{
		{Key: "receiveTimestamp", To: record.Timestamp},
		{Key: "timestamp", To: record.Timestamp},
		{Key: "httpRequest.remoteIp", To: record.ClientIP},
		{Key: "httpRequest.requestMethod", To: record.Method},
		{Key: "httpRequest.requestUrl", To: record.Target},
		{Key: "httpRequest.protocol", To: record.Protocol},
		{Key: "httpRequest.userAgent", To: record.UserAgent},
		{Key: "httpRequest.referer", To: record.Referrer},
		{Key: "httpRequest.status", To: record.Status},
		{Key: "httpRequest.requestSize", To: record.BytesIn},
		{Key: "httpRequest.responseSize", To: record.BytesOut},
		{Key: "httpRequest.latency", To: record.Duration, In: record.Spelled},
		{Key: "insertId", To: record.RequestID},
		{Key: "trace", To: record.TraceID},
		{Key: "spanId", To: record.SpanID},
		{Key: "resource.labels.backend_service_name", To: record.Service},
		{Key: "jsonPayload.securityPolicyRequestData.remoteIpInfo.asn", To: record.ASN},
		{Key: "jsonPayload.securityPolicyRequestData.remoteIpInfo.regionCode", To: record.Country},
		{Key: "jsonPayload.securityPolicyRequestData.tlsJa4Fingerprint", To: record.JA4},
		{Key: "jsonPayload.remoteIp", To: record.Drop},
		{Key: "jsonPayload.@type", To: record.Drop},
	},
	Finish: finishGoogle,
}

// finishGoogle takes the id out of projects/<project>/traces/<id>.
func finishGoogle(e *event.Event) {
	e.TraceID = e.TraceID[strings.LastIndexByte(e.TraceID, '/')+1:]
}
