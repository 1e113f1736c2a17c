// Package text reads access logs that are lines of text: the common log format and its many children, those of Envoy,
// HAProxy, Traefik and the AWS gateways, W3C extended, and custom formats of nginx and Apache httpd. It reads one line at a
// time and judges it by its shape; which format a source speaks is decided by package accesslog, JSON is read by jsonlog.
package text

import (
	"slices"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text/custom"
)

// Definitions are the formats of this package in the order in which they should be tried on an unknown line: what is more
// specific comes first. Times without a zone, which HAProxy logs, are as far from UTC as the offset says, east being
// positive.
func Definitions(offset time.Duration) []format.Definition {
	zone := int64(offset / time.Second)
	return slices.Concat(
		[]format.Definition{
			albDefinition(),
			istioDefinition(),
			envoyDefinition(),
			haproxyHTTPDefinition(zone),
			haproxyHTTPSDefinition(zone),
			haproxyCLFDefinition(),
			traefikDefinition(),
			ingressNginxDefinition(),
			combinedIODefinition(),
			nginxMainDefinition(),
			combinedDefinition(),
			apiGatewayDefinition(),
			commonDefinition(),
			vhostCombinedDefinition(),
		},
		presets(),
		w3cDefinitions(),
		[]format.Definition{combinedPlusDefinition()},
	)
}

// CompileNginx makes a format of an nginx log_format, the string as it stands in the configuration without the quotes
// around it. Variables that the event has no place for are kept under their names.
func CompileNginx(name, logFormat string) (format.Definition, error) {
	return custom.CompileNginx(name, logFormat)
}

// CompileApache makes a format of an Apache httpd LogFormat, the string as it stands in the configuration without the
// quotes around it. Directives that the event has no place for are kept under their names.
func CompileApache(name, logFormat string) (format.Definition, error) {
	return custom.CompileApache(name, logFormat)
}
