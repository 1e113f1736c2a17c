package jsonlog

import (
	"time"

	"gatewatch/internal/event"
)

// cloudflareTable: a job's timestamps are RFC 3339, seconds or nanoseconds, as it was configured. Which fields there are
// was chosen as well.
var cloudflareTable = table{
	name:  "cloudflare-json",
	about: "Cloudflare Logpush, data set http_requests",
	needs: [][]string{
		{"ClientIP"},
		{"EdgeStartTimestamp", "EdgeEndTimestamp"},
		{"ClientRequestURI", "ClientRequestPath", "ClientRequestHost", "ClientRequestMethod"},
	},
	rules: []rule{
		{key: "EdgeEndTimestamp", to: endTime, in: anyTime},
		{key: "EdgeStartTimestamp", to: startTime, in: anyTime},
		{key: "ClientIP", to: clientIP},
		{key: "ClientASN", to: asn},
		{key: "ClientCountry", to: country2},
		{key: "RequestHeaders.x-forwarded-for", to: xff},

		{key: "ClientRequestMethod", to: method},
		{key: "ClientRequestScheme", to: scheme},
		{key: "ClientRequestHost", to: host},
		{key: "ClientRequestPath", to: target},
		{key: "ClientRequestURI", to: target},
		{key: "ClientRequestProtocol", to: protocol},
		{key: "ClientRequestUserAgent", to: userAgent},
		{key: "ClientRequestReferer", to: referrer},
		{key: "ClientRequestBytes", to: bytesIn},
		{key: "EdgeResponseStatus", to: status},
		{key: "EdgeResponseBytes", to: bytesOut},
		{key: "EdgeResponseBodyBytes", to: bodyBytesOut},
		{key: "OriginResponseTime", to: upstream, in: nanos},
		{key: "OriginResponseDurationMs", to: upstream, in: millis},
		{key: "RayID", to: requestID},
		{key: "ClientSSLProtocol", to: tlsVersion},
		{key: "JA4", to: ja4},
	},
	ignored: []string{"Cookies."},
	finish:  finishCloudflare,
}

// finishCloudflare makes a duration of two times, unless they are in whole seconds: then it would be made up.
func finishCloudflare(p *parser, e *event.Event) {
	if p.end < p.start || p.start == 0 {
		return
	}
	if p.start%int64(time.Second) == 0 && p.end%int64(time.Second) == 0 {
		return
	}
	e.SetDuration((p.end - p.start) / int64(time.Microsecond))
}
