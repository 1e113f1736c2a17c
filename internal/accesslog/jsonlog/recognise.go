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
	i := RecogniseIndex(line)
	if i < 0 {
		return format.Definition{}, false
	}
	return tables[i].definition(), true
}

// RecogniseIndex is Recognise for a caller that has parsers for all of Definitions: the format's index there, or -1.
func RecogniseIndex(line []byte) int {
	var w jsonwalk.Walker
	var seen [32]uint32
	w.Reset(line)
	for w.Next() {
		for _, f := range fingerprints[string(w.Key())] {
			seen[f.table] |= f.marks
		}
	}
	if w.Reason() != format.ReasonNone {
		return -1
	}
	for i, t := range tables {
		if t.matches(seen[i]) {
			return i
		}
	}
	return -1
}
