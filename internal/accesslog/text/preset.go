package text

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/custom"
)

// presets are formats that products ship as a log_format or LogFormat: read by what they are written with.
func presets() []format.Definition {
	return []format.Definition{
		preset(
			custom.CompileNginx, "nginx-proxy-manager", "Nginx Proxy Manager, its proxy hosts.",
			`[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" `+
				`[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"`,
		),
		preset(
			custom.CompileNginx, "nginx-proxy-manager-standard", "Nginx Proxy Manager, its other hosts.",
			`[$time_local] $status - $request_method $scheme $host "$request_uri" `+
				`[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] "$http_user_agent" "$http_referer"`,
		),
		preset(
			custom.CompileNginx, "npmplus", "NPMplus, the fork of Nginx Proxy Manager.",
			`[$time_local] $host $remote_addr $request_time "$request" $status $body_bytes_sent $bytes_sent `+
				`$http_referer $http_user_agent`,
		),
		preset(
			custom.CompileApache, "apache-ssl-request", "The ssl_request_log of Apache httpd's default configuration.",
			`%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x "%r" %b`,
		),
	}
}

func preset(compile func(name, layout string) (format.Definition, error), name, about, layout string) format.Definition {
	d, err := compile(name, layout)
	if err != nil {
		panic("text: preset " + err.Error()) // a mistake in the table above, which any test finds
	}
	d.About = about
	return d
}
