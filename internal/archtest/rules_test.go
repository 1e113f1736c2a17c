package archtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/archtest"
)

func TestCheckImports(t *testing.T) {
	tests := []struct {
		name    string
		from    string
		imports string
		want    string // part of the message, "" when the import is fine
	}{
		{"core uses the standard library", "internal/route", "net/netip", ""},
		{"core uses core", "internal/detect", "gatewatch/internal/event/identity", ""},
		{"core uses a pure library", "internal/route", "github.com/zeebo/xxh3", ""},
		{"a pure library has its user", "internal/route", "github.com/gaissmai/bart", "core uses the standard library"},
		{"the user itself", "internal/event/identity", "github.com/gaissmai/bart", ""},
		{"core opens no files", "internal/route", "os", "the rim opens files"},
		{"core opens no files in disguise", "internal/route", "os/exec", "the rim opens files"},
		{"core does not dial", "internal/accesslog/text", "net", "core has no I/O"},
		{"core is no server", "internal/event", "net/http", "core has no I/O"},
		{"core may take URLs apart", "internal/signature", "net/url", ""},
		{"core does not log", "internal/detect", "log/slog", "core returns facts"},
		{"core has no luck", "internal/sketch", "math/rand/v2", "take the seed"},
		{"core has no locks", "internal/detect", "sync/atomic", "nothing to lock"},
		{"core does not wait", "internal/finding", "context", "does not wait"},
		{"core does not know rim", "internal/detect", "gatewatch/internal/kafka", "core imports core only"},
		{"core does not know app", "internal/detect", "gatewatch/internal/app/scan", "core imports core only"},
		{"core has no clients", "internal/finding", "github.com/twmb/franz-go/pkg/kgo", "pure libraries"},
		{"rim uses core", "internal/config", "gatewatch/internal/route", ""},
		{"rim uses its vendor", "internal/config", "go.yaml.in/yaml/v3", ""},
		{"rim uses no other's vendor", "internal/terminal", "go.yaml.in/yaml/v3", "its one vendor"},
		{"rim opens files", "internal/disk", "os", ""},
		{"rim does not know rim", "internal/kafka", "gatewatch/internal/config", "do not know each other"},
		{"rim knows its own rooms", "internal/notify/slack", "gatewatch/internal/notify", ""},
		{"embedded runs the neighbours", "internal/embedded", "gatewatch/internal/disk", ""},
		{"rim does not know app", "internal/disk", "gatewatch/internal/app/scan", "rim does not know app"},
		{"app joins core and rim", "internal/app/scan", "gatewatch/internal/terminal", ""},
		{"app has no client of its own", "internal/app/scan", "go.yaml.in/yaml/v3", "only the rim package"},
		{"app does not import a program", "internal/app/scan", "gatewatch/cmd/gatewatch", "imported by nobody"},
		{"cmd has flags", "cmd/gatewatch", "github.com/spf13/cobra", ""},
		{"a schema depends on nothing", "schemas", "gatewatch/internal/event", "depends on nothing"},
		{"a schema may be embedded", "schemas", "embed", ""},
		{"tools may import anything", "tools/detectordoc", "gatewatch/internal/detect", ""},
		{"tools are imported by nobody", "internal/app/scan", "gatewatch/tools/detectordoc", "imported by nobody"},
		{"a layer is a tree, not a prefix", "internal/eventual", "fmt", "is in no layer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := archtest.Check([]archtest.Package{{Path: "gatewatch/" + tt.from, Name: "p", Imports: []string{tt.imports}}})
			if tt.want == "" && len(got) > 0 {
				t.Errorf("%s imports %s: %v, want no violation", tt.from, tt.imports, got)
			}
			if tt.want != "" && (len(got) != 1 || !strings.Contains(got[0].String(), tt.want)) {
				t.Errorf("%s imports %s: %v, want one violation with %q", tt.from, tt.imports, got, tt.want)
			}
		})
	}
}

func TestCheckNamesAndSizes(t *testing.T) {
	many := make([]archtest.File, 5)
	for i := range many {
		many[i] = archtest.File{Name: "noun.go", Lines: 390, Code: 301} // 5 × 301 = 1505
	}
	tests := []struct {
		name string
		p    archtest.Package
		want []archtest.Violation
	}{
		{"a name that says nothing", archtest.Package{Path: "gatewatch/internal/app/util", Name: "util"}, []archtest.Violation{{
			Where: "internal/app/util", What: "is named util",
			Do: "name it after the noun of the domain that it holds; a helper used once lives with its user",
		}}},
		{"a folder's name counts too", archtest.Package{Path: "gatewatch/internal/app/types", Name: "kinds"}, []archtest.Violation{{
			Where: "internal/app/types", What: "is named types",
			Do: "name it after the noun of the domain that it holds; a helper used once lives with its user",
		}}},
		{"a file of 400 lines", archtest.Package{
			Path: "gatewatch/internal/event", Name: "event", Files: []archtest.File{{Name: "a.go", Lines: 400, Code: 300}},
		}, nil},
		{"a file of 401 lines", archtest.Package{
			Path: "gatewatch/internal/event", Name: "event", Files: []archtest.File{{Name: "a.go", Lines: 401, Code: 300}},
		}, []archtest.Violation{{
			Where: "internal/event/a.go", What: "has 401 lines", Do: "a file has at most 400: give each noun a file of its own",
		}}},
		{"a generated file", archtest.Package{
			Path: "gatewatch/internal/event", Name: "event",
			Files: []archtest.File{{Name: "a.go", Lines: 9000, Code: 9000, Generated: true}},
		}, nil},
		{"a package that is too big", archtest.Package{Path: "gatewatch/internal/event", Name: "event", Files: many}, []archtest.Violation{{
			Where: "internal/event", What: "has 1505 lines of code", Do: "a package has at most 1500: split it along its nouns",
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, archtest.Check([]archtest.Package{tt.p})); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeedsCountInCoreOnly(t *testing.T) {
	files := []archtest.File{{Name: "a.go", Deeds: []archtest.Deed{{Line: 7, What: "uses time.Now"}}}}
	got := archtest.Check([]archtest.Package{
		{Path: "gatewatch/internal/app/scan", Name: "scan", Files: files},
		{Path: "gatewatch/internal/event", Name: "event", Files: files},
	})
	if len(got) != 1 || got[0].Where != "internal/event/a.go:7" {
		t.Errorf("Check = %v, want one violation at internal/event/a.go:7", got)
	}
}
