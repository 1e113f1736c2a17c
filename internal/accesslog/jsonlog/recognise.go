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

// Recognise tells the format of a line by its keys, in one walk; false when it is no well-formed JSON object or has the
// keys of no format.
func Recognise(line []byte) (format.Definition, bool) {
	var r Recogniser
	i := r.Index(line)
	if i < 0 {
		return format.Definition{}, false
	}
	return catalog.Definition(i), true
}

// Recogniser is Recognise for many lines: it reuses its memory. The zero value is ready; one goroutine owns a Recogniser.
type Recogniser struct{ scan record.Scan }

// Index is the place of the line's format in Definitions, or -1.
func (r *Recogniser) Index(line []byte) int { return r.scan.Index(catalog, line) }
