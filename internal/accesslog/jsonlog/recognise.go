package jsonlog

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
)

// tables are the formats in the order of recognition: those with keys that nobody else has come first, those that are
// made of everybody's words last.
var tables = []*table{
	ocsfTable.compile(),
	cloudflareTable.compile(),
	kongTable.compile(),
	caddyTable.compile(),
	traefikTable.compile(),
	envoyGatewayTable.compile(),
	istioTable.compile(),
	envoyTable.compile(),
	azureTable.compile(),
	azureV1Table.compile(),
	googleTable.compile(),
	apiGatewayHTTPTable.compile(),
	apiGatewayRESTTable.compile(),
	loadBalancerTable.compile(),
	cloudFrontTable.compile(),
	ecsTable.compile(),
	gatewatchTable.compile(),
	nginxTable.compile(),
}

// fingerprint says which sets of which formats' needs a key is in.
type fingerprint struct {
	table int
	marks uint32
}

var fingerprints = func() map[string][]fingerprint {
	all := make(map[string][]fingerprint)
	for i, t := range tables {
		for key, e := range t.index {
			if e.marks != 0 {
				all[key] = append(all[key], fingerprint{i, e.marks})
			}
		}
	}
	return all
}()

// Definitions are the JSON formats in the order of recognition.
func Definitions() []format.Definition {
	out := make([]format.Definition, 0, len(tables))
	for _, t := range tables {
		out = append(out, t.definition())
	}
	return out
}

// Recognise tells the format of a line by its keys, in one walk; false when it is no well-formed JSON object or has the
// keys of no format.
func Recognise(line []byte) (format.Definition, bool) {
	var r Recogniser
	i := r.Index(line)
	if i < 0 {
		return format.Definition{}, false
	}
	return tables[i].definition(), true
}

// Recogniser is Recognise for many lines: it reuses its memory. The zero value is ready; one goroutine owns a Recogniser.
type Recogniser struct {
	walker jsonwalk.Walker
	marks  [maxTables]uint32
}

const maxTables = 32

// Index is the place of the line's format in Definitions, or -1.
func (r *Recogniser) Index(line []byte) int {
	r.marks = [maxTables]uint32{}
	r.walker.Reset(line)
	for r.walker.Next() {
		for _, f := range fingerprints[string(r.walker.Key())] {
			r.marks[f.table] |= f.marks
		}
	}
	if r.walker.Reason() != format.ReasonNone {
		return -1
	}
	for i, t := range tables {
		if t.matches(r.marks[i]) {
			return i
		}
	}
	return -1
}
