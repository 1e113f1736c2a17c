package jsonlog

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/record"
)

// catalog is the formats in the order of recognition: those with keys that nobody else has come first, those that are
// made of everybody's words last.
var catalog = record.NewCatalog(
	ocsfTable,
	cloudflareTable,
	kongTable,
	caddyTable,
	traefikTable,
	envoyGatewayTable,
	istioTable,
	envoyTable,
	azureTable,
	azureV1Table,
	googleTable,
	apiGatewayHTTPTable,
	apiGatewayRESTTable,
	loadBalancerTable,
	cloudFrontTable,
	fastlyTable,
	ecsTable,
	gatewatchTable,
	nginxTable,
)

// Definitions are the JSON formats in the order of recognition.
func Definitions() []format.Definition { return catalog.Definitions() }

// Recogniser tells the formats of lines by their keys, in one walk each. It reuses its memory; the zero value is ready, and
// one goroutine owns a Recogniser.
type Recogniser struct{ scan record.Scan }

// Index is the place of the line's format in Definitions; -1 when the line is no well-formed JSON object or has the keys
// of no format.
func (r *Recogniser) Index(line []byte) int { return r.scan.Index(catalog, line) }
