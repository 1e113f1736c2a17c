package archtest

import (
	"slices"
	"strings"
)

// library is a package of another module that a layer may use.
type library struct {
	path   string
	reason string
	only   string // a package tree that alone may use it, "" for the whole layer
}

// pure are the libraries that core may use: they compute, and do nothing else.
var pure = []library{
	{path: "github.com/zeebo/xxh3", reason: "seeded 64- and 128-bit hashes of strings in a few nanoseconds"},
	{path: "github.com/gaissmai/bart", reason: "longest-prefix match over trusted networks", only: "internal/event"},
	{
		path: "github.com/corazawaf/libinjection-go", only: "internal/signature",
		reason: "the tokeniser for SQL and HTML that injection detectors share",
	},
	{
		path: "github.com/klauspost/compress/gzip", only: "internal/accesslog/envelope",
		reason: "inflates records in memory",
	},
	{
		path: "github.com/klauspost/compress/zstd", only: "internal/accesslog/envelope",
		reason: "inflates records in memory",
	},
}

// vendors are the libraries that speak for a rim package's neighbour. No other package knows them.
var vendors = []library{
	{path: "go.yaml.in/yaml/v3", reason: "the configuration file's language", only: "internal/config"},
	{path: "github.com/jedib0t/go-pretty/v6", reason: "tables for people", only: "internal/terminal"},
	{path: "github.com/schollz/progressbar/v3", reason: "progress for people", only: "internal/terminal"},
	{path: "golang.org/x/term", reason: "asks whether it is a terminal, and how wide", only: "internal/terminal"},
	{path: "github.com/klauspost/compress", reason: "reads compressed files", only: "internal/logfile"},
	{path: "github.com/ulikunitz/xz", reason: "reads compressed files", only: "internal/logfile"},
	{path: "github.com/klauspost/compress", reason: "decompresses requests", only: "internal/push"},
	{path: "github.com/twmb/franz-go", reason: "speaks to Kafka", only: "internal/kafka"},
	{path: "github.com/pierrec/lz4/v4", reason: "decompresses Kafka's batches", only: "internal/kafka"},
	{path: "github.com/klauspost/compress", reason: "decompresses Kafka's batches", only: "internal/kafka"},
	{path: "github.com/ClickHouse/ch-go", reason: "columns for bulk inserts into ClickHouse", only: "internal/clickhouse"},
	{path: "github.com/ClickHouse/clickhouse-go/v2", reason: "speaks to ClickHouse", only: "internal/clickhouse"},
	{path: "github.com/nats-io/nats.go", reason: "speaks to NATS", only: "internal/nats"},
	{path: "github.com/slack-go/slack", reason: "Slack's blocks", only: "internal/notify"},
	{path: "github.com/oschwald/maxminddb-golang/v2", reason: "reads MaxMind databases", only: "internal/geo"},
	{path: "github.com/fsnotify/fsnotify", reason: "hears of changed files", only: "internal/tail"},
	{path: "github.com/prometheus/client_golang", reason: "metrics, as Prometheus reads them"},
	{path: "github.com/twmb/franz-go/pkg/kfake", reason: "a broker in the process", only: "internal/embedded"},
	{path: "github.com/nats-io/nats-server/v2", reason: "a NATS server in the process", only: "internal/embedded"},
	{path: "github.com/ebitengine/purego", reason: "loads ClickHouse without cgo", only: "internal/embedded"},
}

// joinery are the libraries that app and cmd may use on top of core's.
var joinery = []library{
	{path: "golang.org/x/sync/errgroup", reason: "waits for goroutines and keeps their first error"},
	{path: "github.com/spf13/cobra", reason: "commands, flags, help, completion and man pages"},
	{path: "github.com/spf13/pflag", reason: "cobra's flags"},
	{path: "github.com/prometheus/client_golang/prometheus", reason: "what a service is given to count with"},
	{path: "golang.org/x/time/rate", reason: "token buckets"},
}

// impure are the parts of the standard library that core does not use. A name covers what is below it, unless it ends
// with "$".
var impure = []struct{ path, reason string }{
	{"bufio", "core has no I/O: take bytes, return values"},
	{"context", "core does not wait: it has nothing to cancel"},
	{"crypto/rand", "core is deterministic: take the seed as an argument"},
	{"database", "core has no I/O"},
	{"expvar", "core counts in plain fields; telemetry shows them"},
	{"log", "core returns facts; the app logs them"},
	{"math/rand", "core is deterministic: take the seed as an argument"},
	{"net$", "core has no I/O; net/netip is fine"},
	{"net/http", "core has no I/O"},
	{"net/rpc", "core has no I/O"},
	{"net/smtp", "core has no I/O"},
	{"os", "core has no I/O: the rim opens files and reads the environment"},
	{"plugin", "core has no I/O"},
	{"runtime", "core does not look at the machine it runs on"},
	{"sync", "one goroutine owns core's state, so there is nothing to lock"},
	{"syscall", "core has no I/O"},
	{"testing", "test code belongs into _test.go files"},
}

func checkImports(p *Package, l Layer) []Violation {
	var all []Violation
	for _, path := range p.Imports {
		if do := objection(p.Path, l, path); do != "" {
			all = append(all, Violation{Where: place(p.Path), What: "imports " + place(path), Do: do})
		}
	}
	return all
}

// objection is what speaks against a package's import, "" when nothing does.
func objection(from string, l Layer, path string) string {
	rel, own := relative(path)
	switch {
	case own:
		return neighbour(from, l, rel)
	case isStd(path):
		return standard(l, path)
	default:
		return foreign(place(from), l, path)
	}
}

// neighbour judges an import of another package of the module.
func neighbour(from string, l Layer, rel string) string {
	to := LayerOf(Module + "/" + rel)
	switch {
	case l == House || l == Unknown:
		return ""
	case to == House:
		return "tests and tools are imported by nobody"
	case to == Cmd:
		return "a program is imported by nobody; move what is shared into internal/app"
	case l == Core && to != Core && to != Schema:
		return "core imports core only: let the app pass in what it needs"
	case l == Rim && to == Rim && !sameRoom(place(from), rel) && !within(place(from), "internal/embedded"):
		return "rim packages do not know each other: let the app join them, or move the shared value to core"
	case l == Rim && to == App:
		return "rim does not know app: declare the interface in app, implement it here"
	case l == Schema:
		return "a schema depends on nothing"
	default:
		return ""
	}
}

// sameRoom tells whether two packages are in one tree of packages, such as internal/notify.
func sameRoom(a, b string) bool {
	for _, r := range rooms {
		if within(a, r.path) {
			return within(b, r.path)
		}
	}
	return false
}

func standard(l Layer, path string) string {
	if l != Core {
		return ""
	}
	for _, i := range impure {
		exact, isExact := strings.CutSuffix(i.path, "$")
		if path == exact || !isExact && within(path, i.path) {
			return i.reason
		}
	}
	return ""
}

// foreign judges an import from another module.
func foreign(from string, l Layer, path string) string {
	var (
		allowed [][]library
		advice  string
	)
	switch l {
	case Core:
		allowed = [][]library{pure}
		advice = "core uses the standard library and the pure libraries in internal/archtest/imports.go, each with its reason"
	case Rim:
		allowed = [][]library{pure, vendors}
		advice = "a rim package uses its one vendor, listed in internal/archtest/imports.go with its reason"
	case App, Cmd:
		allowed = [][]library{pure, joinery}
		advice = "only the rim package of a neighbour imports that neighbour's client; see internal/archtest/imports.go"
	case Schema:
		advice = "a schema depends on nothing"
	default:
		return ""
	}
	for _, lib := range slices.Concat(allowed...) {
		if within(path, lib.path) && (lib.only == "" || within(from, lib.only)) {
			return ""
		}
	}
	return advice
}

// isStd tells a package of the standard library: its first element has no dot.
func isStd(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
