package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/detect"
	"gatewatch/internal/event"
)

// specimen parses testdata/specimen.go.txt after an edit.
func specimen(t *testing.T, old, replacement string) (map[string]doc, error) {
	t.Helper()
	src, err := os.ReadFile("testdata/specimen.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	if old != "" {
		if !strings.Contains(text, old) {
			t.Fatalf("the specimen has no %q", old)
		}
		text = strings.Replace(text, old, replacement, 1)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "slow.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return parse(dir)
}

func TestParse(t *testing.T) {
	docs, err := specimen(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	got := docs["slow"]
	if !strings.HasSuffix(got.at, "slow.go:5") {
		t.Errorf("comment at %s, want slow.go:5", got.at)
	}
	want := doc{
		at: got.at, kind: "Slow", intro: "Slow tells a slow client from a dead one.",
		sections: []section{
			{"Signal", "silence | noise."},
			{"Formula", "silence ≥ Long, or more."},
			{"Window", "5 minutes."},
			{"Defaults", "3 s."},
			{"State", "8 bytes."},
			{"ATT&CK", "T1595.003 Active Scanning."},
			{"OWASP", "API9:2023."},
			{"Benign", "a tunnel."},
			{"Blind to", "sleep."},
		},
		settings: []setting{
			{"long", "duration", "Long is how long is long; default 3s."},
			{"max_url", "integer", "most URLs; default 4"},
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(doc{}, section{}, setting{})); diff != "" {
		t.Errorf("parse (-want +got):\n%s", diff)
	}
}

func TestParseFaults(t *testing.T) {
	tests := []struct {
		name, old, replacement string
		want                   string
	}{
		{"a label is missing", "// Window: 5 minutes.\n", "", `label "Defaults" is out of order, want "Window" here`},
		{"the last is missing", "// Blind to: sleep.\n", "", `label "Blind to" is missing`},
		{"two change places", "// Defaults: 3 s.\n// State: 8 bytes.", "// State: 8 bytes.\n// Defaults: 3 s.", `label "State" is out of order`},
		{"a label stands twice", "// Blind to: sleep.", "// Blind to: sleep.\n// Signal: again.", "nothing may follow"},
		{"a label says nothing", "// Benign: a tunnel.", "// Benign:", `label "Benign" says nothing`},
		{"no introduction", "// Slow tells a slow client from a\n// dead one.\n//\n", "", "nothing stands before the first label"},
		{"a setting without a word", " // most URLs; default 4", "", "slow.go:24: SlowConfig.MaxURL has no comment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := specimen(t, tt.old, tt.replacement)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "slow.go:") {
				t.Errorf("parse: %v, want the line and %q", err, tt.want)
			}
		})
	}
}

func TestRender(t *testing.T) {
	docs, err := specimen(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	specs := []detect.Spec{{
		Name: "slow", Title: "Slow client", Description: "It is slow.", Quiet: 90 * time.Minute,
		Entity: []event.Kind{event.KindSession, event.KindNetwork}, Attack: []string{"T1595.003"},
	}}
	page, err := render(specs, docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<!-- Code generated",
		"| [slow](#slow) | Slow client | session, else network | [T1595.003](https://attack.mitre.org/techniques/T1595/003/) |",
		"**Slow client.** It is slow.",
		"- **Quiet period:** 1h30m\n",
		"- **Formula:** silence ≥ Long, or more.\n",
		"| `max_url` | integer | most URLs; default 4 |",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("page without %q:\n%s", want, page)
		}
	}
}

func TestRenderWantsCommentAndCatalogToAgree(t *testing.T) {
	docs, err := specimen(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = render([]detect.Spec{{Name: "fast"}}, docs)
	if err == nil || !strings.Contains(err.Error(), "detector fast is in the catalog") ||
		!strings.Contains(err.Error(), "detector slow is not in the catalog") {
		t.Errorf("render: %v, want both named", err)
	}
}
