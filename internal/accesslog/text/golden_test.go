package text_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
)

var update = flag.Bool("update", false, "rewrite the events of the golden files")

// TestGolden reads the lines of testdata/golden, one file per format. A case is two sections: name.lines, read by one
// parser in turn, and name.events, what came of each: every field that is set, or the reason of the refusal.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) { golden(t, name, file) })
	}
}

func golden(t *testing.T, name, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, out := archive.Files[i], &archive.Files[i+1]
		got := events(goldenDefinition(t, name, string(archive.Comment)).New(), string(in.Data))
		if *update {
			out.Data = []byte(got)
			continue
		}
		if diff := cmp.Diff(string(out.Data), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// goldenDefinition is the format of that name or, for files that begin with custom, the one compiled from the line of
// the file's prose that begins with the name of the server.
func goldenDefinition(t *testing.T, name, prose string) format.Definition {
	t.Helper()
	if !strings.HasPrefix(name, "custom") {
		return definition(t, name)
	}
	for line := range strings.Lines(prose) {
		server, layout, _ := strings.Cut(strings.TrimSpace(line), ": ")
		compile := map[string]func(string, string) (format.Definition, error){
			"nginx": text.CompileNginx, "apache": text.CompileApache,
		}[server]
		if compile == nil {
			continue
		}
		d, err := compile(name, layout)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	t.Fatalf("%s: no line with a format", name)
	return format.Definition{}
}

func events(p format.Parser, in string) string {
	var out strings.Builder
	var e event.Event
	for line := range strings.Lines(in) {
		e.Reset()
		if err := p.Parse([]byte(strings.TrimSuffix(line, "\n")), &e); err != nil {
			fmt.Fprintf(&out, "%v\n\n", err)
			continue
		}
		dump(&out, &e)
	}
	return out.String()
}

// dump writes every field that is set.
func dump(out *strings.Builder, e *event.Event) {
	fmt.Fprintf(out, "Time %s\n", time.Unix(0, e.Time).UTC().Format(time.RFC3339Nano))
	if e.Client.IsValid() || e.Peer.IsValid() {
		fmt.Fprintf(out, "Client %v Peer %v\n", e.Client, e.Peer)
	}
	for _, n := range []struct {
		name  string
		field event.Fields
		value int64
	}{
		{"Status", event.FieldStatus, int64(e.Status)},
		{"BytesIn", event.FieldBytesIn, e.BytesIn},
		{"BytesOut", event.FieldBytesOut, e.BytesOut},
		{"BodyBytesOut", event.FieldBodyBytesOut, e.BodyBytesOut},
		{"DurationUS", event.FieldDuration, e.DurationUS},
		{"UpstreamUS", event.FieldUpstream, e.UpstreamUS},
		{"ASN", event.FieldASN, int64(e.ASN)},
	} {
		if e.Has(n.field) || n.value != 0 {
			fmt.Fprintf(out, "%s %d\n", n.name, n.value)
		}
	}
	for _, s := range []struct{ name, value string }{
		{"ClientHost", e.ClientHost},
		{"XFF", e.XFF},
		{"Method", e.Method},
		{"Scheme", e.Scheme},
		{"Host", e.Host},
		{"Path", e.Path},
		{"Query", e.Query},
		{"Route", e.Route},
		{"HTTPVersion", e.HTTPVersion},
		{"UserAgent", e.UserAgent},
		{"Referrer", e.Referrer},
		{"RequestID", e.RequestID},
		{"Principal", e.Principal},
		{"Credential", e.Credential},
		{"Session", e.Session},
		{"TraceID", e.TraceID},
		{"SpanID", e.SpanID},
		{"Service", e.Service},
		{"TLSVersion", e.TLSVersion},
		{"SNI", e.SNI},
		{"JA4", e.JA4},
		{"Country", e.Country},
		{"ASOrg", e.ASOrg},
		{"RequestLine", e.RequestLine},
	} {
		if s.value != "" {
			fmt.Fprintf(out, "%s %q\n", s.name, s.value)
		}
	}
	for _, p := range e.Unmapped {
		fmt.Fprintf(out, "  %s %q\n", p.Key, p.Value)
	}
	out.WriteByte('\n')
}

// TestRecognition tries the formats in their order on lines of each: the first to accept must be the right one, and
// nothing behind it may matter.
func TestRecognition(t *testing.T) {
	for name := range lines {
		t.Run(name, func(t *testing.T) {
			in, _ := manyLines(name)
			for _, line := range in[:200] {
				if got := recognise(line); got != name {
					t.Fatalf("%q is taken for %q", line, got)
				}
			}
		})
	}
}

func recognise(line []byte) string {
	var e event.Event
	for _, d := range text.Definitions(0) {
		e.Reset()
		if err := d.New().Parse(line, &e); err == nil {
			return d.Name
		}
	}
	return ""
}

// TestDefinitions holds names and descriptions to their form, and each format to having golden cases.
func TestDefinitions(t *testing.T) {
	var names []string
	for _, d := range text.Definitions(0) {
		if strings.ToLower(d.Name) != d.Name || strings.ContainsAny(d.Name, " _") || !strings.HasSuffix(d.About, ".") {
			t.Errorf("definition %q: %q", d.Name, d.About)
		}
		if slices.Contains(names, d.Name) {
			t.Errorf("two definitions are named %q", d.Name)
		}
		names = append(names, d.Name)
		if _, err := os.Stat(filepath.Join("testdata", "golden", d.Name+".txtar")); err != nil {
			t.Errorf("format %q has no golden cases: %v", d.Name, err)
		}
	}
}
