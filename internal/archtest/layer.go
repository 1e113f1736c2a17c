package archtest

import (
	"slices"
	"strings"
)

// Layer is a storey of the house.
type Layer uint8

// The layers. What each may import is in checkImports.
const (
	Unknown Layer = iota
	Core          // values and folds: no I/O, clock, goroutine, log or metric
	Rim           // one package per neighbour, the only one that knows that neighbour's client
	App           // the loops that join core and rim
	Cmd           // programs: flags and signals
	Schema        // schemas that are embedded into programs
	House         // tests, generators, benchmarks: nothing imports them
)

// rooms says which layer each tree of packages is in.
var rooms = []struct {
	path  string
	layer Layer
}{
	{"internal/accesslog", Core},
	{"internal/alert", Core},
	{"internal/baseline", Core},
	{"internal/checkpoint", Core},
	{"internal/detect", Core},
	{"internal/event", Core},
	{"internal/facet", Core},
	{"internal/finding", Core},
	{"internal/label", Core},
	{"internal/protowire", Core},
	{"internal/route", Core},
	{"internal/signature", Core},
	{"internal/sketch", Core},
	{"internal/tally", Core},

	{"internal/clickhouse", Rim},
	{"internal/config", Rim},
	{"internal/disk", Rim},
	{"internal/embedded", Rim},
	{"internal/geo", Rim},
	{"internal/kafka", Rim},
	{"internal/logfile", Rim},
	{"internal/nats", Rim},
	{"internal/notify", Rim},
	{"internal/push", Rim},
	{"internal/tail", Rim},
	{"internal/telemetry", Rim},
	{"internal/terminal", Rim},

	{"internal/app", App},
	{"cmd", Cmd},
	{"schemas", Schema},

	{"internal/archtest", House},
	{"test", House},
	{"tools", House},
}

// LayerOf is the layer of a package of the module.
func LayerOf(path string) Layer {
	rel, ok := relative(path)
	if !ok {
		return Unknown
	}
	for _, r := range rooms {
		if within(rel, r.path) {
			return r.layer
		}
	}
	return Unknown
}

func checkLayer(p *Package, l Layer) []Violation {
	if l != Unknown {
		return nil
	}
	return []Violation{{
		Where: place(p.Path),
		What:  "is in no layer",
		Do:    "put it into a package that is, or give it a layer in internal/archtest/layer.go",
	}}
}

// badNames are package names that say nothing about what is inside, so everything ends up there.
var badNames = []string{
	"base", "common", "commons", "core", "helper", "helpers", "lib", "misc", "model", "models", "shared", "tools", "types",
	"util", "utils",
}

func checkName(p *Package) []Violation {
	last := p.Path[strings.LastIndexByte(p.Path, '/')+1:]
	for _, name := range [...]string{p.Name, last} {
		if slices.Contains(badNames, name) {
			return []Violation{{
				Where: place(p.Path),
				What:  "is named " + name,
				Do:    "name it after the noun of the domain that it holds; a helper used once lives with its user",
			}}
		}
	}
	return nil
}

// relative is a package's path within the module; false for a package of another.
func relative(path string) (string, bool) {
	if path == Module {
		return "", true
	}
	return strings.CutPrefix(path, Module+"/")
}

// place is how a package is named in a message.
func place(path string) string {
	rel, ok := relative(path)
	if !ok || rel == "" {
		return path
	}
	return rel
}

// within tells whether a path is root or below it.
func within(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '/')
}
