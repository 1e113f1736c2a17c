package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/detect"
)

func env(name string) (string, bool) {
	v, ok := map[string]string{"KEY": "0123456789abcdef0123", "EMPTY": "", "YAML": "a: b\n- c"}[name]
	return v, ok
}

func TestDefaultIsValid(t *testing.T) {
	d := Default()
	if err := d.Engine().Validate(); err != nil {
		t.Error(err)
	}
	cfg, err := Parse("gatewatch.yaml", nil, env)
	if err != nil {
		t.Errorf("Parse of an empty file: %v", err)
	}
	if cfg.Limits != d.Limits || len(cfg.Detectors) != len(detect.Catalog()) {
		t.Errorf("Parse of an empty file is not the default: %+v", cfg.Limits)
	}
}

const whole = `# A comment
hash_key: ${KEY}
trusted_proxies: [10.0.0.0/8, private]
client_header: CF-Connecting-IP
redact:
  parameters: [kundennummer]
  claims: true
formats:
  shop: {nginx: '$remote_addr - [$time_local] "$request" $status'}
  backend:
    json: {timestamp: t, client_ip: c.ip, method: m, path: p, duration_us: d}
    units: {duration_us: ms}
  old:
    apache: '%h %l %u %t "%r" %>s %b'
routes:
  login: /api/*/session
  health: [/ping, /status/**]
limits: {max_entities: 1_000_000, max_findings: 100}
detectors:
  path_scan: {paths: 20, window: 10m, share: 0.7}
  request_flood: {enabled: false}
`

func TestParse(t *testing.T) {
	cfg, err := Parse("gatewatch.yaml", []byte(whole), env)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.HashKey != "0123456789abcdef0123" || cfg.ClientHeader != "CF-Connecting-IP" || !cfg.Redact.Claims {
		t.Errorf("hash_key, client_header or redact.claims not read: %+v", cfg)
	}
	if diff := cmp.Diff([]string{"10.0.0.0/8", "private"}, cfg.Proxies().Trusted); diff != "" {
		t.Errorf("trusted proxies (-want +got):\n%s", diff)
	}
	var formats []string
	for _, f := range cfg.Custom() {
		formats = append(formats, f.Name)
	}
	if diff := cmp.Diff([]string{"backend", "old", "shop"}, formats); diff != "" {
		t.Errorf("formats (-want +got):\n%s", diff)
	}
	want := Default().Limits
	want.MaxEntities, want.MaxFindings = 1_000_000, 100
	if diff := cmp.Diff(want, cfg.Limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	if got := len(cfg.Engine().Routes); got != 3 {
		t.Errorf("%d route rules, want 3", got)
	}
	for _, d := range cfg.Detectors {
		switch d.Spec().Name {
		case "request_flood":
			t.Error("request_flood is on, want it off")
		case "path_scan":
			got := *d.Thresholds().(*detect.PathScanConfig)
			want := detect.DefaultPathScan()
			want.Paths, want.Window, want.Share = 20, 10*time.Minute, 0.7
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("path_scan (-want +got):\n%s", diff)
			}
		}
	}
	if got, want := len(cfg.Detectors), len(detect.Catalog())-1; got != want {
		t.Errorf("%d detectors, want %d", got, want)
	}
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"unknown key", "trusted_proxy: [10.0.0.0/8]", `c.yaml:1: trusted_proxy: unknown key "trusted_proxy": did you mean trusted_proxies?`},
		{"unknown key far from all", "\nlimits: {xyzzyplugh: 1}", "c.yaml:2: limits.xyzzyplugh: unknown key \"xyzzyplugh\": want one of max_entities"},
		{"unknown detector", "detectors: {path_scam: {}}", "c.yaml:1: detectors.path_scam: unknown detector \"path_scam\": did you mean path_scan?"},
		{"unknown threshold", "detectors:\n  path_scan:\n    pathz: 3", "c.yaml:3: detectors.path_scan.pathz: unknown key \"pathz\": did you mean paths?"},
		{"threshold out of range", "detectors: {path_scan: {share: 1.5}}", "c.yaml:1: detectors.path_scan: "},
		{"a word for a number", "limits: {max_line: long}", `c.yaml:1: limits.max_line: want a whole number, not "long"`},
		{"too big a number", "limits: {max_line: 99999999999999999999}", "c.yaml:1: limits.max_line: want a whole number"},
		{"infinity", "detectors: {path_scan: {share: .inf}}", "c.yaml:1: detectors.path_scan.share: want a number"},
		{"a word for a duration", "detectors: {path_scan: {window: soon}}", "c.yaml:1: detectors.path_scan.window: want a duration such as"},
		{"a list for a text", "client_header: [a]", "c.yaml:1: client_header: want a text, not a list"},
		{"a text for a mapping", "limits: 3", `c.yaml:1: limits: want a mapping of keys to values, not "3"`},
		{"twice", "client_header: a\nclient_header: b", "c.yaml:2: client_header: stands twice"},
		{"two documents", "client_header: a\n---\nclient_header: b", "c.yaml: holds more than one YAML document"},
		{"no YAML", "a: [", "c.yaml: "},
		{"a list", "- a", "c.yaml:1: want a mapping"},
		{"a short key", "hash_key: short", "c.yaml:1: hash_key: is shorter than 16 bytes"},
		{"two keys", "hash_key: 0123456789abcdef\nhash_key_file: k", "c.yaml:2: hash_key_file: stands beside hash_key"},
		{"a proxy that is none", "trusted_proxies:\n  - 10.0.0.0/8\n  - nginx", `c.yaml:3: trusted_proxies[1]: "nginx" is neither`},
		{"no such variable", "client_header: ${NOPE}", "c.yaml:1: client_header: the environment has no variable NOPE"},
		{"an unclosed variable", "client_header: ${KEY", "c.yaml:1: client_header: ${KEY has no closing brace"},
		{"a format of nothing", "formats: {x: {}}", "c.yaml:1: formats.x: want one of nginx, apache and json"},
		{"a format of two kinds", "formats: {x: {nginx: $request, apache: '%r'}}", "c.yaml:1: formats.x: want one of nginx"},
		{"a format's column", "formats: {x: {json: {timestamp: t, client_ip: c, path: p, colour: q}}}", `unknown column "colour"`},
		{"a format's name", "formats: {My Format: {nginx: $request}}", "formats.My Format: a format's name has"},
		{"a purpose", "routes: {logn: /x}", "c.yaml:1: routes.logn: unknown purpose \"logn\": did you mean login?"},
		{"a limit", "limits: {max_findings: 0}", "c.yaml:1: limits.max_findings: is 0"},
		{"limits against each other", "limits: {max_entities: 10}", "c.yaml:1: limits: max_episodes"},
		{"an alias of itself", "formats: &a {x: *a}", "c.yaml:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(tt.in), env)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestAllFaultsAtOnceInOrder(t *testing.T) {
	_, err := Parse("c.yaml", []byte("limits: {max_lin: 3}\ncolour: red\nclient_header: ${NOPE}\nhash_key: short\n"), env)
	if err == nil {
		t.Fatal("no error")
	}
	var lines []string
	for l := range strings.SplitSeq(err.Error(), "\n") {
		lines = append(lines, l[:len("c.yaml:N")])
	}
	if diff := cmp.Diff([]string{"c.yaml:1", "c.yaml:2", "c.yaml:3", "c.yaml:4"}, lines); diff != "" {
		t.Errorf("faults (-want +got):\n%s\n%v", diff, err)
	}
}

func TestVariableCannotBecomeYAML(t *testing.T) {
	cfg, err := Parse("c.yaml", []byte("client_header: ${YAML}"), env)
	if err != nil || cfg.ClientHeader != "a: b\n- c" {
		t.Errorf("client_header %q, %v", cfg.ClientHeader, err)
	}
}

func TestSecretIsNotPrinted(t *testing.T) {
	cfg := Default()
	cfg.HashKey = "0123456789abcdef"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, cfg); strings.Contains(got, "0123456789abcdef") {
			t.Errorf("%s prints the hash key", verb)
		}
	}
}

func TestUserKeyIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	cfg := Default()
	first, notice, err := cfg.Key(dir)
	if err != nil || notice != "" {
		t.Fatalf("Key: notice %q, %v", notice, err)
	}
	info, err := os.Stat(filepath.Join(dir, "gatewatch", "hash.key"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
	second, _, err := cfg.Key(dir)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := first.Seed()
	b, _ := second.Seed()
	if a != b || a == 0 {
		t.Errorf("seeds %d and %d, want the same", a, b)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "gatewatch"))
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files beside the key, %v", len(entries)-1, err)
	}
}

func TestKeyWithoutAPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := Default()
	for _, dir := range []string{"", file} {
		a, notice, err := cfg.Key(dir)
		if err != nil || !strings.Contains(notice, "hash_key_file") {
			t.Errorf("Key(%q): notice %q, %v", dir, notice, err)
		}
		b, _, err := cfg.Key(dir)
		if err != nil || string(a.root) == string(b.root) || len(a.root) != 32 {
			t.Errorf("Key(%q) twice: %d bytes, %v; want different random keys", dir, len(a.root), err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ name, content, err string }{
		{"good", "0123456789abcdef\n", ""},
		{"short", "0123\n", "too short"},
	} {
		cfg := Default()
		cfg.HashKeyFile = filepath.Join(dir, tt.name)
		if err := os.WriteFile(cfg.HashKeyFile, []byte(tt.content), 0o600); err != nil {
			t.Fatal(err)
		}
		key, _, err := cfg.Key("")
		if tt.err == "" && (err != nil || string(key.root) != "0123456789abcdef") || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: key %q, %v", tt.name, key.root, err)
		}
	}
	cfg := Default()
	cfg.HashKeyFile = filepath.Join(dir, "gone")
	if _, _, err := cfg.Key(""); err == nil {
		t.Error("a key file that is not there is no error")
	}
}

func TestPurposesOfKeysDiffer(t *testing.T) {
	key := Key{[]byte("0123456789abcdef")}
	r, err := key.Redaction()
	if err != nil {
		t.Fatal(err)
	}
	other, err := Key{[]byte("0123456789abcdeg")}.Redaction()
	if err != nil {
		t.Fatal(err)
	}
	if len(r) != 32 || string(r) == string(other) {
		t.Error("redaction keys of different roots are the same")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("formats: {x: {nginx: ${KEY:-$$}}}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		cfg, err := Parse("c.yaml", in, env)
		if err == nil && cfg.Engine().Validate() != nil {
			t.Errorf("an accepted file makes an invalid engine: %v", cfg.Engine().Validate())
		}
	})
}

// TestThresholdsCanBeReadBack: what is shown of every detector is a configuration that changes nothing.
func TestThresholdsCanBeReadBack(t *testing.T) {
	for _, d := range detect.Catalog() {
		name := d.Spec().Name
		in := "detectors:\n  " + name + ":\n    enabled: true\n"
		for _, line := range Thresholds(d) {
			in += "    " + line + "\n"
		}
		cfg, err := Parse("c.yaml", []byte(in), env)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, in)
			continue
		}
		for _, got := range cfg.Detectors {
			if got.Spec().Name != name {
				continue
			}
			if diff := cmp.Diff(d.Thresholds(), got.Thresholds()); diff != "" {
				t.Errorf("%s (-default +read):\n%s", name, diff)
			}
		}
	}
}
