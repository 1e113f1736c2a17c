package detect

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/finding"
)

var update = flag.Bool("update", false, "rewrite the findings of the golden cases")

const (
	inputMark    = "-- input --\n"
	findingsMark = "-- findings --\n"
)

// TestGolden reads each case's prose and input, and compares how the episodes ended with what it says.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(path, "testdata"+string(filepath.Separator))), ".txtar")
		t.Run(name, func(t *testing.T) { runGolden(t, path) })
	}
}

func runGolden(t *testing.T, path string) {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	prose, rest, ok := strings.Cut(string(raw), inputMark)
	if !ok || strings.TrimSpace(prose) == "" {
		t.Fatalf("%s: want prose and %q", path, inputMark)
	}
	input, want, _ := strings.Cut(rest, findingsMark)
	e := testEngine(t, testConfig())
	said := append(fold(e, parseScript(t, input)), flush(e)...)
	got := summarise(said)
	if *update {
		if err := os.WriteFile(path, []byte(prose+inputMark+input+findingsMark+got), 0o644); err != nil { //nolint:gosec // test data is for everyone
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(prose, "Benign.") && strings.Contains(got, " medium ") || strings.Contains(prose, "Benign.") && strings.Contains(got, " high ") {
		t.Errorf("a benign case gives medium or more:\n%s", got)
	}
}

// summarise writes each episode's last revision on a line.
func summarise(said []finding.Finding) string {
	var b strings.Builder
	for i := range said {
		if f := &said[i]; f.Activity == finding.Close {
			fmt.Fprintf(&b, "%s %s %s %s count=%d", f.Detector, f.Entity.Kind, f.Entity.Value, f.Severity, f.Count)
			for _, n := range f.Evidence {
				fmt.Fprintf(&b, " %s=%g", n.Name, n.Value)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
