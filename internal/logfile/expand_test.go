package logfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func namesOf(sources []*Source) []string {
	var out []string
	for _, s := range sources {
		out = append(out, filepath.ToSlash(s.Name))
	}
	return out
}

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"access.log", "access.log.1", "access.log.2.gz", "error.log", "notes.txt", "site/access.log-20261122.gz",
		"site/.hidden.log", "site/.git/x.log", "site/events.jsonl", "site/deep/er/requests.log", "[odd].log", "empty/readme",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"current": "access.log", "site/loop": "..", "site/linked.log": "../access.log"} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string
		err  string
	}{
		{"a file", []string{"access.log"}, []string{"access.log"}, ""},
		{"a file of any name", []string{"notes.txt", "error.log"}, []string{"notes.txt", "error.log"}, ""},
		{"twice", []string{"access.log", "./access.log", "current"}, []string{"access.log"}, ""},
		{"a pattern", []string{"access.log*"}, []string{"access.log", "access.log.1", "access.log.2.gz"}, ""},
		{"a name that looks like a pattern", []string{"[odd].log"}, []string{"[odd].log"}, ""},
		{
			"a directory",
			[]string{"site"},
			[]string{"site/access.log-20261122.gz", "site/deep/er/requests.log", "site/events.jsonl", "site/linked.log"},
			"",
		},
		{"stdin", []string{"-", "-"}, []string{"stdin"}, ""},
		{"missing", []string{"gone.log", "access.log"}, []string{"access.log"}, "gone.log"},
		{"no match", []string{"gone*"}, nil, "no file matches gone*"},
		{"a bad pattern", []string{"["}, nil, "["},
		{"a directory without logs", []string{"empty"}, nil, "no access log in empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sources, err := Expand(tt.args, strings.NewReader(""))
			if diff := cmp.Diff(tt.want, namesOf(sources)); diff != "" {
				t.Errorf("Expand(%v) (-want +got):\n%s", tt.args, diff)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("Expand(%v): error %v, want one with %q", tt.args, err, tt.err)
			}
		})
	}
}

func TestLooksLikeLog(t *testing.T) {
	for name, want := range map[string]bool{
		"access.log": true, "access.log.1": true, "access.log.14.gz": true, "access_log": true, "access_log-20261122.xz": true,
		"ACCESS.LOG": true, "site.example.log": true, "access.json.zst": true, "labels.json": false, "x.ndjson.bz2": true, "2026-11-22.log": true,
		"error.log": false, "error.log.1": false, "nginx-error.log.gz": false, "syslog": false, "notes.txt": false, "": false,
		"123": false, "backup.tar.gz": false,
	} {
		if got := LooksLikeLog(name); got != want {
			t.Errorf("LooksLikeLog(%q) = %v, want %v", name, got, want)
		}
	}
}
