package jsonlog

import (
	"strings"

	"gatewatch/internal/event"
)

// spellings adds, for every key with a hyphen, the same with underscores: those who turn W3C fields into JSON write both.
// Parentheses go too: cs(User-Agent) is cs_user_agent as well.
func spellings(rules []rule) []rule {
	plain := strings.NewReplacer("-", "_", "(", "_", ")", "")
	out := make([]rule, 0, 2*len(rules))
	for _, r := range rules {
		out = append(out, r)
		if key := strings.ToLower(plain.Replace(r.key)); key != r.key {
			r.key = key
			out = append(out, r)
		}
	}
	return out
}

// cloudFrontTable: the date and the time of day stand apart, in UTC; durations are seconds; the user agent is
// percent-encoded. The host in cs(Host) is the distribution's, the one that the viewer asked for is x-host-header.
var cloudFrontTable = table{
	name:  "cloudfront-json",
	about: "Amazon CloudFront standard logging v2 or real-time logs as JSON, with the names of the W3C log",
	needs: [][]string{
		{"c-ip", "c_ip"},
		{"cs-uri-stem", "cs_uri_stem"},
		{"sc-status", "sc_status"},
	},
	rules: spellings([]rule{
		{key: "date", to: dateText},
		{key: "time", to: clockText},
		{key: "timestamp", to: timestamp, in: anyTime},
		{key: "timestamp(ms)", to: timestamp, in: millis},
		{key: "c-ip", to: clientIP},
		{key: "x-forwarded-for", to: xff},
		{key: "cs-method", to: method},
		{key: "cs(Host)", to: host},
		{key: "cs-host", to: host},
		{key: "x-host-header", to: host},
		{key: "cs-uri-stem", to: path},
		{key: "cs-uri-query", to: query},
		{key: "cs-protocol", to: scheme},
		{key: "cs-protocol-version", to: protocol},
		{key: "sc-status", to: status},
		{key: "cs-bytes", to: bytesIn},
		{key: "sc-bytes", to: bytesOut},
		{key: "time-taken", to: duration, in: seconds},
		{key: "origin-lbl", to: upstream, in: seconds},
		{key: "cs(Referer)", to: referrer},
		{key: "cs-referer", to: referrer},
		{key: "cs(User-Agent)", to: percentUserAgent},
		{key: "cs-user-agent", to: percentUserAgent},
		{key: "cs(Cookie)", to: cookies},
		{key: "x-edge-request-id", to: requestID},
		{key: "ssl-protocol", to: tlsVersion},
		{key: "c-country", to: country2},
		{key: "asn", to: asn},
		{key: "c-port", to: drop},
	}),
	finish: finishCloudFront,
}

func finishCloudFront(p *parser, e *event.Event) {
	if p.timed {
		return
	}
	e.Time, p.timed = p.clock.Date(p.date, p.clockText)
}

// loadBalancerTable: three durations in seconds add up to the whole; -1 says that the target never answered. The names
// are those of the documented Athena table.
var loadBalancerTable = table{
	name:  "aws-alb-json",
	about: "AWS Application Load Balancer log turned into JSON",
	needs: [][]string{
		{"elb_status_code", "elb-status-code"},
		{"request", "request_url", "request-url"},
		{"client", "client_ip", "client-ip", "client:port"},
		{"time", "request_creation_time", "request-creation-time", "timestamp"},
	},
	rules: spellings([]rule{
		{key: "request-creation-time", to: timestamp},
		{key: "timestamp", to: timestamp, in: anyTime},
		{key: "time", to: timestamp, in: anyTime},
		{key: "client", to: clientIP},
		{key: "client:port", to: clientIP},
		{key: "client-ip", to: clientIP},
		{key: "request", to: request},
		{key: "request-verb", to: method},
		{key: "request-url", to: target},
		{key: "request-proto", to: protocol},
		{key: "elb-status-code", to: status},
		{key: "received-bytes", to: bytesIn},
		{key: "sent-bytes", to: bytesOut},
		{key: "request-processing-time", to: durationPart, in: seconds},
		{key: "target-processing-time", to: upstreamPart, in: seconds},
		{key: "response-processing-time", to: durationPart, in: seconds},
		{key: "user-agent", to: userAgent},
		{key: "ssl-protocol", to: tlsVersion},
		{key: "domain-name", to: sni},
		{key: "trace-id", to: traceID},
		{key: "client-port", to: drop},
	}),
}
