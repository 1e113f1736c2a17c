package jsonlog

import (
	"gatewatch/internal/accesslog/jsonlog/record"
	"gatewatch/internal/event"
)

// cloudflareTable: a job's timestamps are RFC 3339, seconds or nanoseconds, as it was configured. Which fields there are
// was chosen as well.
var cloudflareTable = record.Table{
	Name:  "cloudflare-json",
	About: "Cloudflare Logpush, data set http_requests",
	Needs: [][]string{
		{"ClientIP"},
		{"EdgeStartTimestamp", "EdgeEndTimestamp"},
		{"ClientRequestURI", "ClientRequestPath", "ClientRequestHost", "ClientRequestMethod"},
	},
	Rules: []record.Rule{
		{Key: "EdgeEndTimestamp", To: record.EndTime, In: record.AnyTime},
		{Key: "EdgeStartTimestamp", To: record.StartTime, In: record.AnyTime},
		{Key: "ClientIP", To: record.ClientIP},
		{Key: "ClientASN", To: record.ASN},
		{Key: "ClientCountry", To: record.Country},
		{Key: "RequestHeaders.x-forwarded-for", To: record.XFF},

		{Key: "ClientRequestMethod", To: record.Method},
		{Key: "ClientRequestScheme", To: record.Scheme},
		{Key: "ClientRequestHost", To: record.Host},
		{Key: "ClientRequestPath", To: record.Target},
		{Key: "ClientRequestURI", To: record.Target},
		{Key: "ClientRequestProtocol", To: record.Protocol},
		{Key: "ClientRequestUserAgent", To: record.UserAgent},
		{Key: "ClientRequestReferer", To: record.Referrer},
		{Key: "ClientRequestBytes", To: record.BytesIn},
		{Key: "EdgeResponseStatus", To: record.Status},
		{Key: "EdgeResponseBytes", To: record.BytesOut},
		{Key: "EdgeResponseBodyBytes", To: record.BodyBytesOut},
		{Key: "OriginResponseTime", To: record.Upstream, In: record.Nanos},
		{Key: "OriginResponseDurationMs", To: record.Upstream, In: record.Millis},
		{Key: "RayID", To: record.RequestID},
		{Key: "ClientSSLProtocol", To: record.TLSVersion},
		{Key: "JA4", To: record.JA4},
	},
	Ignored: []string{"Cookies."},
	Finish:  finishCloudflare,
}

// finishCloudflare drops the TLS version of a request without TLS.
func finishCloudflare(e *event.Event) {
	if e.TLSVersion == "none" {
		e.TLSVersion = ""
	}
}
