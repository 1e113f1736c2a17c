package cli

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// outcome is what a command did.
type outcome struct {
	code           int
	stdout, stderr string
}

// world is one without a configuration of its own.
func world(t *testing.T) World {
	t.Helper()
	dir := t.TempDir()
	return World{ConfigDir: dir, LookupEnv: func(string) (string, bool) { return "", false }}
}

func gatewatch(t *testing.T, w World, stdin io.Reader, args ...string) outcome {
	t.Helper()
	return gatewatchIn(t.Context(), w, stdin, args...)
}

func gatewatchIn(ctx context.Context, w World, stdin io.Reader, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	cmd := New(w)
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	code := Run(ctx, cmd)
	return outcome{code, stdout.String(), stderr.String()}
}

// day is when the logs of the tests are from.
var day = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// logLines is a log of the combined format: a visitor, and a scanner that guesses n paths from a second on.
func logLines(from, n int, scanner string) string {
	var b strings.Builder
	for i := range n {
		at := day.Add(time.Duration(from+i) * time.Second).Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "192.0.2.1 - - [%s] \"GET /page%d HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0\"\n", at, i%5)
		fmt.Fprintf(&b, "%s - - [%s] \"GET /guess-%c%d?a=1 HTTP/1.1\" 404 153 \"-\" \"tool\"\n", scanner, at, 'a'+i%26, from+i)
	}
	return b.String()
}

const scanner = "198.51.100.7"

func save(t *testing.T, path string, b []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zst(t *testing.T, s string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(s), nil)
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	bad := save(t, filepath.Join(dir, "access.log"), []byte(logLines(0, 60, scanner)))
	good := save(t, filepath.Join(dir, "good.log"), []byte(logLines(0, 3, scanner)))
	empty := save(t, filepath.Join(dir, "empty.log"), nil)
	gone := filepath.Join(dir, "gone.log")
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // parts
	}{
		{"nothing to do", nil, 2, "Usage:", ""},
		{"scan of nothing", []string{"scan"}, 2, "", "Examples:"},
		{"help", []string{"scan", "--help"}, 0, "--trusted-proxy", ""},
		{"unknown command", []string{"scna"}, 2, "", `unknown command "scna": did you mean scan?`},
		{"a log for a command", []string{bad}, 2, "", "gatewatch scan " + bad},
		{"a header from nobody", []string{"scan", "--client-header", "X-Real-IP", bad}, 2, "", "name them with --trusted-proxy"},
		{"unknown flag", []string{"scan", "--colour", bad}, 2, "", "unknown flag: --colour"},
		{"findings", []string{"scan", bad}, 0, "Path enumeration", ""},
		{"findings, and fail", []string{"scan", "--fail-on", "medium", bad}, 1, "Path enumeration", ""},
		{"findings below the mark", []string{"scan", "--fail-on", "critical", bad}, 0, "Path enumeration", ""},
		{"findings that are not shown fail too", []string{"scan", "--fail-on", "medium", "--min-severity", "critical", bad}, 1, "No findings", ""},
		{"no findings", []string{"scan", "--fail-on", "info", good}, 0, "No findings.", ""},
		{"an empty file", []string{"scan", empty}, 0, "No findings.", ""},
		{"quiet without findings", []string{"scan", "-q", good}, 0, "", ""},
		{"missing file", []string{"scan", gone}, 2, "", "gone.log"},
		{"missing among others", []string{"scan", gone, bad}, 2, "Path enumeration", "gone.log"},
		{"missing is worse than found", []string{"scan", "--fail-on", "medium", gone, bad}, 2, "Path enumeration", "gone.log"},
		{"unknown format", []string{"scan", "--format", "combind", bad}, 2, "", "did you mean combined?"},
		{"format that is nothing like any", []string{"scan", "--format", "zzzzzzzz", bad}, 2, "", "nginx-main"},
		{"forced format", []string{"scan", "--format", "combined", bad}, 0, "Path enumeration", ""},
		{"unknown output", []string{"scan", "-o", "xml", bad}, 2, "", "want one of table, json, ocsf, csv"},
		{"unknown severity", []string{"scan", "--fail-on", "bad", bad}, 2, "", "info, low, medium, high, critical"},
		{"unknown time", []string{"scan", "--since", "monday", bad}, 2, "", "an age such as 24h"},
		{"a zone without seconds", []string{"scan", "--until", "2026-11-22T17:10+02:00", bad}, 0, "Path enumeration", ""},
		{"times the wrong way round", []string{"scan", "--since", "2026-01-02", "--until", "2026-01-01", bad}, 2, "", "not before --until"},
		{"no proxy", []string{"scan", "--trusted-proxy", "nginx", bad}, 2, "", `"nginx" is neither a network`},
		{"no configuration", []string{"scan", "--config", gone, bad}, 2, "", "gone.log"},
		{"too many samples", []string{"scan", "--samples", "9", bad}, 2, "", "--samples 9"},
		{"rejected to nowhere", []string{"scan", "--rejected", filepath.Join(dir, "no", "where"), bad}, 2, "", "rejected"},
		{"formats", []string{"formats"}, 0, "combined", ""},
		{"detectors", []string{"detectors"}, 0, "T1595.003", ""},
		{"a detector", []string{"detectors", "path_scan"}, 0, "    window: 5m\n", ""},
		{"no such detector", []string{"detectors", "path_scam"}, 2, "", "did you mean path_scan?"},
		{"version", []string{"version"}, 0, "platform", ""},
		{"manual page", []string{"man"}, 0, ".TH", ""},
		{"completion", []string{"completion", "bash"}, 0, "gatewatch", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(""), tt.args...)
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d", got.code, tt.code)
			}
			if !strings.Contains(got.stdout, tt.stdout) {
				t.Errorf("stdout has no %q:\n%s", tt.stdout, got.stdout)
			}
			if !strings.Contains(got.stderr, tt.stderr) || tt.stderr == "" && got.stderr != "" {
				t.Errorf("stderr, want %q:\n%s", tt.stderr, got.stderr)
			}
		})
	}
}

// lines takes JSON Lines apart.
func lines(t *testing.T, s string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for line := range strings.Lines(s) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, m)
	}
	return out
}

func TestOutputs(t *testing.T) {
	log := logLines(0, 60, scanner)
	w := world(t)
	t.Run("json", func(t *testing.T) {
		got := gatewatch(t, w, strings.NewReader(log), "scan", "-o", "json", "-")
		found := lines(t, got.stdout)
		if len(found) == 0 {
			t.Fatal("no finding")
		}
		entity := found[0]["entity"].(map[string]any)
		if entity["value"] != scanner || found[0]["activity"] != "close" || found[0]["detector"] != "path_scan" {
			t.Errorf("finding %v", found[0])
		}
		if !strings.Contains(got.stderr, "120 lines in 1 file") {
			t.Errorf("the summary is not on stderr:\n%s", got.stderr)
		}
	})
	t.Run("ocsf", func(t *testing.T) {
		got := gatewatch(t, w, strings.NewReader(log), "scan", "-o", "ocsf", "-q", "-")
		found := lines(t, got.stdout)
		if len(found) == 0 || found[0]["class_uid"] != 2004.0 {
			t.Errorf("no Detection Finding:\n%s", got.stdout)
		}
		if got.stderr != "" {
			t.Errorf("quiet says %s", got.stderr)
		}
	})
	t.Run("csv", func(t *testing.T) {
		got := gatewatch(t, w, strings.NewReader(log), "scan", "-o", "csv", "-q", "-")
		rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 2 || rows[0][0] != "severity" || rows[1][4] != scanner {
			t.Errorf("rows %v", rows)
		}
		if !strings.HasSuffix(got.stdout, "\r\n") {
			t.Error("lines do not end as RFC 4180 has it")
		}
	})
	t.Run("table", func(t *testing.T) {
		got := gatewatch(t, w, strings.NewReader(log), "scan", "-")
		if strings.Contains(got.stdout, "\x1b") {
			t.Error("colour where there is no terminal")
		}
		for line := range strings.Lines(got.stdout) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 100 {
				t.Errorf("line of %d columns, want at most 100: %s", n, line)
			}
		}
	})
}

func TestDeterminism(t *testing.T) {
	dir := t.TempDir()
	log := logLines(0, 60, scanner) + logLines(70, 60, "203.0.113.9")
	path := save(t, filepath.Join(dir, "access.log"), []byte(log))
	packed := save(t, filepath.Join(dir, "access.log.gz"), gz(t, log))
	w := world(t)
	want := gatewatch(t, w, nil, "scan", "-q", "-o", "json", path).stdout
	if len(lines(t, want)) < 2 {
		t.Fatal("fewer than two findings: the test tells nothing")
	}
	for name, got := range map[string]outcome{
		"again":      gatewatch(t, w, nil, "scan", "-q", "-o", "json", path),
		"stdin":      gatewatch(t, w, strings.NewReader(log), "scan", "-q", "-o", "json", "-"),
		"compressed": gatewatch(t, w, nil, "scan", "-q", "-o", "json", packed),
		"with CRLF":  gatewatch(t, w, strings.NewReader(strings.ReplaceAll(log, "\n", "\r\n")), "scan", "-q", "-o", "json", "-"),
	} {
		if diff := cmp.Diff(want, got.stdout); diff != "" {
			t.Errorf("%s (-first +this):\n%s", name, diff)
		}
	}
}

func TestRotatedSetIsReadOldestFirst(t *testing.T) {
	dir := t.TempDir()
	var whole strings.Builder
	for i, name := range []string{"access.log.10.gz", "access.log.9.zst", "access.log.2", "access.log.1", "access.log"} {
		part := logLines(i*30, 30, scanner)
		whole.WriteString(part)
		b := []byte(part)
		switch filepath.Ext(name) {
		case ".gz":
			b = gz(t, part)
		case ".zst":
			b = zst(t, part)
		}
		save(t, filepath.Join(dir, name), b)
	}
	w := world(t)
	want := gatewatch(t, w, strings.NewReader(whole.String()), "scan", "-q", "-o", "json", "-").stdout
	for name, arg := range map[string]string{"pattern": filepath.Join(dir, "access.log*"), "directory": dir} {
		got := gatewatch(t, w, nil, "scan", "-q", "-o", "json", arg)
		if diff := cmp.Diff(want, got.stdout); diff != "" {
			t.Errorf("%s (-whole +rotated):\n%s", name, diff)
		}
	}
}

func TestTruncatedFileIsReadAndReported(t *testing.T) {
	b := gz(t, logLines(0, 5000, scanner))
	path := save(t, filepath.Join(t.TempDir(), "access.log.3.gz"), b[:len(b)/2])
	got := gatewatch(t, world(t), nil, "scan", "-o", "json", path)
	if got.code != ExitError || !strings.Contains(got.stderr, "access.log.3.gz: file is truncated") {
		t.Errorf("exit code %d, want 2 and the file's name:\n%s", got.code, got.stderr)
	}
	if len(lines(t, got.stdout)) == 0 {
		t.Error("what was there before the cut was not scanned")
	}
}

func TestSinceUntil(t *testing.T) {
	log := logLines(0, 60, scanner)
	for name, tt := range map[string]struct {
		args []string
		want bool
	}{
		"all":               {[]string{"--since", "2026-11-20", "--until", "2026-11-21"}, true},
		"before":            {[]string{"--until", "2026-11-20T10:00:05Z"}, false},
		"after":             {[]string{"--since", "2026-11-20 10:00:55"}, false},
		"an age long ago":   {[]string{"--since", "5200w"}, true},
		"until an age":      {[]string{"--until", "5200w"}, false},
		"with an offset":    {[]string{"--since", "2026-11-20T12:00:00+02:00"}, true},
		"a date of the day": {[]string{"--since", "2026-11-21"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(log), append([]string{"scan", "-q", "-o", "json", "-"}, tt.args...)...)
			if found := got.stdout != ""; got.code != 0 || found != tt.want {
				t.Errorf("found something: %v, want %v; exit code %d %s", found, tt.want, got.code, got.stderr)
			}
		})
	}
}

func TestRejectedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rejected.jsonl")
	log := logLines(0, 5, scanner) + "what is this\n\n" + strings.Repeat("x", 1<<20) + "\n" + logLines(10, 1, scanner)
	got := gatewatch(t, world(t), strings.NewReader(log), "scan", "--rejected", path, "-")
	if got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, r := range lines(t, string(b)) {
		reasons = append(reasons, fmt.Sprintf("%v:%v %v", r["source"], r["line"], r["reason"]))
	}
	if diff := cmp.Diff([]string{"stdin:11 unknown_format", "stdin:13 too_long"}, reasons); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	for _, want := range []string{"1 too_long", "1 unknown_format", "12 combined"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("the summary has no %q:\n%s", want, got.stdout)
		}
	}
}

func TestHintWhenNothingIsUnderstood(t *testing.T) {
	got := gatewatch(t, world(t), strings.NewReader("a\nb\nc\n"), "scan", "-")
	if !strings.Contains(got.stderr, "--format") || !strings.Contains(got.stderr, "3 of 3") {
		t.Errorf("no advice about lines that are not understood:\n%s", got.stderr)
	}
}

func TestTrustedProxy(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		at := day.Add(time.Duration(i) * time.Second).Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "10.0.0.9 - - [%s] \"GET /guess%d HTTP/1.1\" 404 153 \"-\" \"tool\" \"9.9.9.9, %s\"\n", at, i, scanner)
	}
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"nobody trusted": {nil, "10.0.0.9"},
		"trusted":        {[]string{"--trusted-proxy", "10.0.0.0/8"}, scanner},
	} {
		t.Run(name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(b.String()), append([]string{"scan", "-q", "-o", "json", "-"}, tt.args...)...)
			found := lines(t, got.stdout)
			if len(found) == 0 {
				t.Fatalf("no finding: %s", got.stderr)
			}
			if v := found[0]["entity"].(map[string]any)["value"]; v != tt.want {
				t.Errorf("client %v, want %s", v, tt.want)
			}
		})
	}
}

func TestConfigFile(t *testing.T) {
	path := save(t, filepath.Join(t.TempDir(), "gatewatch.yaml"), []byte(`
formats: {mine: {nginx: '[$time_iso8601] $remote_addr "$request" $status'}}
detectors: {path_scan: {enabled: false}, sensitive_path: {enabled: false}}
`))
	log := logLines(0, 60, scanner)
	if got := gatewatch(t, world(t), strings.NewReader(log), "scan", "-q", "--config", path, "-"); got.code != 0 || got.stdout != "" {
		t.Errorf("a detector that is off found something: exit code %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	own := "[2026-11-20T10:00:00+00:00] 192.0.2.1 \"GET / HTTP/1.1\" 200\n"
	got := gatewatch(t, world(t), strings.NewReader(own), "scan", "--config", path, "--format", "mine", "-")
	if !strings.Contains(got.stdout, "1 mine") {
		t.Errorf("the configured format did not read its line:\n%s%s", got.stdout, got.stderr)
	}
	w := world(t)
	w.LookupEnv = func(name string) (string, bool) { return path + ".gone", name == "GATEWATCH_CONFIG" }
	if got := gatewatch(t, w, strings.NewReader(own), "scan", "-"); got.code != ExitError {
		t.Errorf("GATEWATCH_CONFIG that is not there: exit code %d, want 2", got.code)
	}
}
