package custom

import (
	"errors"
	"fmt"
	"strings"

	"gatewatch/internal/accesslog/text/scan"

	"gatewatch/internal/accesslog/format"
)

var errJSON = errors.New("it is JSON, which is recognised without its log_format")

// CompileNginx makes a format of an nginx log_format, the string as it stands in the configuration without the quotes
// around it. Variables that the event has no place for are kept under their names. Formats with escape=json or without
// escaping are read as far as their quotes can be told apart.
func CompileNginx(name, logFormat string) (format.Definition, error) {
	l, err := nginxLayout(logFormat)
	if err != nil {
		return format.Definition{}, fmt.Errorf("compiling nginx log_format %q: %w", name, err)
	}
	return l.definition(name, "A custom log_format of nginx."), nil
}

func nginxLayout(logFormat string) (*layout, error) {
	if strings.HasPrefix(strings.TrimSpace(logFormat), "{") {
		return nil, errJSON
	}
	var b builder
	for rest := logFormat; rest != ""; {
		i := strings.IndexByte(rest, '$')
		if i < 0 {
			b.text(rest)
			break
		}
		b.text(rest[:i])
		at := len(logFormat) - len(rest) + i + 1
		variable, n := nginxVariable(rest[i:])
		if variable == "" {
			return nil, fmt.Errorf("position %d: a $ without the name of a variable", at)
		}
		if err := b.field(nginxKey(variable), nginxPlace(variable)); err != nil {
			return nil, fmt.Errorf("variable $%s at position %d: %w", variable, at, err)
		}
		rest = rest[i+n:]
	}
	return b.finish()
}

// nginxVariable reads $name or ${name} and tells how long it is.
func nginxVariable(s string) (name string, n int) {
	s = s[1:]
	if strings.HasPrefix(s, "{") {
		end := strings.IndexByte(s, '}')
		if end < 0 || nameLen(s[1:end]) != end-1 {
			return "", 0
		}
		return s[1:end], end + 2
	}
	n = nameLen(s)
	return s[:n], n + 1
}

func nameLen(s string) int {
	for i := range len(s) {
		if c := s[i]; c|0x20-'a' >= 26 && c-'0' > 9 && c != '_' {
			return i
		}
	}
	return len(s)
}

// nginxKey is the name of a variable among the unmapped fields. Secrets have the name of their header, in every format
// the same, by which they are found and taken out.
func nginxKey(variable string) string {
	switch variable {
	case "http_cookie", "http_authorization", "http_proxy_authorization", "sent_http_set_cookie", "http_x_api_key":
		header := strings.TrimPrefix(strings.TrimPrefix(variable, "sent_"), "http_")
		return strings.ReplaceAll(header, "_", "-")
	default:
		return variable
	}
}

func nginxPlace(variable string) place {
	p := nginxPlaces[variable]
	p.list = strings.HasPrefix(variable, "upstream_")
	return p
}

var nginxPlaces = map[string]place{
	"remote_addr":               {to: scan.Peer},
	"binary_remote_addr":        {to: scan.Unmapped},
	"realip_remote_addr":        {to: scan.Peer, spare: true},
	"proxy_protocol_addr":       {to: scan.Peer, spare: true},
	"http_x_forwarded_for":      {to: scan.XFF},
	"proxy_add_x_forwarded_for": {to: scan.XFF, spare: true},
	"remote_user":               {to: scan.Principal},
	"time_local":                {to: scan.TimeCLF},
	"time_iso8601":              {to: scan.TimeISO},
	"msec":                      {to: scan.EpochS},
	"request":                   {to: scan.Request},
	"request_method":            {to: scan.Method},
	"request_uri":               {to: scan.URI},
	"uri":                       {to: scan.Path},
	"document_uri":              {to: scan.Path, spare: true},
	"args":                      {to: scan.Query},
	"query_string":              {to: scan.Query, spare: true},
	"scheme":                    {to: scan.Scheme},
	"host":                      {to: scan.Host},
	"http_host":                 {to: scan.Host, spare: true},
	"server_name":               {to: scan.Host, spare: true},
	"server_protocol":           {to: scan.Protocol},
	"status":                    {to: scan.Status},
	"body_bytes_sent":           {to: scan.Body},
	"bytes_sent":                {to: scan.BytesOut},
	"request_length":            {to: scan.BytesIn},
	"request_time":              {to: scan.TookS},
	"upstream_response_time":    {to: scan.UpstreamS},
	"http_user_agent":           {to: scan.UserAgent},
	"http_referer":              {to: scan.Referrer},
	"request_id":                {to: scan.RequestID},
	"req_id":                    {to: scan.RequestID},
	"http_x_request_id":         {to: scan.RequestID, spare: true},
	"otel_trace_id":             {to: scan.TraceID},
	"opentelemetry_trace_id":    {to: scan.TraceID},
	"proxy_upstream_name":       {to: scan.Service},
	"ssl_protocol":              {to: scan.TLSVersion},
	"ssl_server_name":           {to: scan.SNI},
	"ssl_ja4":                   {to: scan.JA4},
	"http_ssl_ja4":              {to: scan.JA4, spare: true},
	"geoip_country_code":        {to: scan.Country},
	"geoip2_data_country_code":  {to: scan.Country, spare: true},
}
