package jsonlog

import (
	"strings"

	"gatewatch/internal/accesslog/jsonlog/record"
	"gatewatch/internal/event"
)

// spellings adds, for every key with a hyphen, the same with underscores: those who turn W3C fields into JSON write both.
// Parentheses go too: cs(User-Agent) is cs_user_agent as well.
func spellings(rules []record.Rule) []record.Rule {
	plain := strings.NewReplacer("-", "_", "(", "_", ")", "")
	out := make([]record.Rule, 0, 2*len(rules))
	for _, r := range rules {
		out = append(out, r)
		if key := strings.ToLower(plain.Replace(r.Key)); key != r.Key {
			r.Key = key
			out = append(out, r)
		}
	}
	return out
}

// cloudFrontTable: the date and the time of day stand apart, in UTC; durations are seconds; the user agent is
// percent-encoded. The host in cs(Host) is the distribution's, the one that the viewer asked for is x-host-header.
var cloudFrontTable = record.Table{
	Name:  "cloudfront-json",
	About: "Amazon CloudFront standard logging v2 or real-time logs as JSON, with the names of the W3C log",
	Needs: [][]string{
		{"c-ip", "c_ip"},
		{"cs-uri-stem", "cs_uri_stem"},
		{"sc-status", "sc_status"},
	},
	Rules: spellings([]record.Rule{
		{Key: "date", To: record.DateText},
		{Key: "time", To: record.ClockText},
		{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "timestamp(ms)", To: record.Timestamp, In: record.Millis},
		{Key: "c-ip", To: record.ClientIP},
		{Key: "x-forwarded-for", To: record.XFF},
		{Key: "cs-method", To: record.Method},
		{Key: "cs(Host)", To: record.Host},
		{Key: "cs-host", To: record.Host},
		{Key: "x-host-header", To: record.Host},
		{Key: "cs-uri-stem", To: record.Path},
		{Key: "cs-uri-query", To: record.Query},
		{Key: "cs-protocol", To: record.Scheme},
		{Key: "cs-protocol-version", To: record.Protocol},
		{Key: "sc-status", To: record.Status},
		{Key: "cs-bytes", To: record.BytesIn},
		{Key: "sc-bytes", To: record.BytesOut},
		{Key: "time-taken", To: record.Duration, In: record.Seconds},
		{Key: "origin-lbl", To: record.Upstream, In: record.Seconds},
		{Key: "cs(Referer)", To: record.Referrer},
		{Key: "cs-referer", To: record.Referrer},
		{Key: "cs(User-Agent)", To: record.PercentUserAgent},
		{Key: "cs-user-agent", To: record.PercentUserAgent},
		{Key: "cs(Cookie)", To: record.Cookies},
		{Key: "x-edge-request-id", To: record.RequestID},
		{Key: "ssl-protocol", To: record.TLSVersion},
		{Key: "c-country", To: record.Country},
		{Key: "asn", To: record.ASN},
		{Key: "c-port", To: record.Drop},
	}),
}

// loadBalancerTable: three durations in seconds add up to the whole; -1 says that the target never answered. The names
// are those of the documented Athena table.
var loadBalancerTable = record.Table{
	Name:  "aws-alb-json",
	About: "AWS Application Load Balancer log turned into JSON",
	Needs: [][]string{
		{"elb_status_code", "elb-status-code"},
		{"request", "request_url", "request-url"},
		{"client", "client_ip", "client-ip", "client:port"},
		{"time", "request_creation_time", "request-creation-time", "timestamp"},
	},
	Rules: spellings([]record.Rule{
		{Key: "request-creation-time", To: record.Timestamp},
		{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "time", To: record.Timestamp, In: record.AnyTime},
		{Key: "client", To: record.ClientIP},
		{Key: "client:port", To: record.ClientIP},
		{Key: "client-ip", To: record.ClientIP},
		{Key: "request", To: record.Request},
		{Key: "request-verb", To: record.Method},
		{Key: "request-url", To: record.Target},
		{Key: "request-proto", To: record.Protocol},
		{Key: "elb-status-code", To: record.Status},
		{Key: "received-bytes", To: record.BytesIn},
		{Key: "sent-bytes", To: record.BytesOut},
		{Key: "request-processing-time", To: record.DurationPart, In: record.Seconds},
		{Key: "target-processing-time", To: record.UpstreamPart, In: record.Seconds},
		{Key: "response-processing-time", To: record.DurationPart, In: record.Seconds},
		{Key: "user-agent", To: record.UserAgent},
		{Key: "ssl-protocol", To: record.TLSVersion},
		{Key: "domain-name", To: record.SNI},
		{Key: "trace-id", To: record.TraceID},
		{Key: "client-port", To: record.Drop},
	}),
	Finish: finishLoadBalancer,
}

// finishLoadBalancer takes the id out of Self=<id>;Root=<id>;<more>.
func finishLoadBalancer(e *event.Event) {
	if _, id, ok := strings.Cut(e.TraceID, "Root="); ok {
		e.TraceID, _, _ = strings.Cut(id, ";")
	}
}
