package jsonlog

import "gatewatch/internal/accesslog/jsonlog/record"

// fastlyTable is the JSON log format that Fastly proposes for its logging endpoints. The country is a name.
var fastlyTable = record.Table{
	Name:  "fastly-json",
	About: "Fastly's proposed JSON log format",
	Needs: [][]string{{"client_ip"}, {"response_status"}, {"url"}, {"fastly_server", "fastly_is_edge", "response_state"}},
	Rules: []record.Rule{
		{Key: "timestamp", To: record.Timestamp, In: record.AnyTime},
		{Key: "client_ip", To: record.ClientIP},
		{Key: "request_method", To: record.Method},
		{Key: "url", To: record.Target},
		{Key: "host", To: record.Host},
		{Key: "request_protocol", To: record.Protocol},
		{Key: "request_referer", To: record.Referrer},
		{Key: "request_user_agent", To: record.UserAgent},
		{Key: "response_status", To: record.Status},
		{Key: "response_body_size", To: record.BodyBytesOut},
		{Key: "response_reason", To: record.Drop},
	},
}
