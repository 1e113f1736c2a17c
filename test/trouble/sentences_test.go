package trouble

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// elsewhere are sentences of the page on trouble that are not ours.
var elsewhere = map[string]bool{
	"no space left on device (make room there": true, "file too large (raise the limit": true, "address already in use": true,
	"gatewatch_ingest_rejected_lines_total": true, // a metric
}

var (
	said   = regexp.MustCompile("`([^`]+)`")
	joined = regexp.MustCompile(`" \+\s+"`)
	number = regexp.MustCompile(`\d+ of \d+`)
)

// TestSentences holds the page on trouble to what the programs say: every sentence in the first column of its tables is one
// of theirs.
func TestSentences(t *testing.T) {
	page, err := os.ReadFile("../../docs/howto/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	source := sources(t)
	n := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) < 3 {
			continue
		}
		for _, m := range said.FindAllStringSubmatch(cells[0], -1) {
			for part := range strings.SplitSeq(number.ReplaceAllString(m[1], "%d of %d"), "…") {
				part = strings.Trim(part, " :;,")
				n++
				if !elsewhere[part] && !strings.Contains(source, part) {
					t.Errorf("no program says %q", part)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("%d sentences were looked for, want the page's", n)
	}
}

// sources are all Go files of the programs, with the texts that go over lines in one piece.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../../internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(joined.ReplaceAll(b, nil))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(all.String(), `\"`, `"`)
}
