package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// stuck sends a log and then waits until the context ends.
type stuck struct {
	io.Reader
	then func()
}

// Read implements io.Reader.
func (s *stuck) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF {
		s.then()
		select {}
	}
	return n, err
}

func TestInterruptPrintsWhatWasFound(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := &stuck{Reader: strings.NewReader(logLines(0, 3000, scanner)), then: func() {
		time.Sleep(200 * time.Millisecond) // the lines before are read by then
		cancel()
	}}
	got := gatewatchIn(ctx, world(t), in, "scan", "-o", "json", "-")
	if got.code != ExitInterrupted {
		t.Errorf("exit code %d, want %d", got.code, ExitInterrupted)
	}
	if len(lines(t, got.stdout)) == 0 {
		t.Errorf("nothing printed: %s", got.stderr)
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		at := day.Add(time.Duration(i) * time.Second).Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "%s - - [%s] \"GET /guess%d/\u202e\u200b HTTP/1.1\" 404 153 \"-\" \"\x1b]0;owned\x07\u0085=cmd\"\n", scanner, at, i)
	}
	for _, output := range []string{"table", "csv"} {
		got := gatewatch(t, world(t), strings.NewReader(b.String()), "scan", "-o", output, "-")
		if !strings.Contains(got.stdout, `\u202e\u200b`) || !strings.Contains(got.stdout, `\x1b]0;owned\x07\u0085`) {
			t.Errorf("%s: path and agent are not shown with their escapes:\n%s", output, got.stdout)
		}
		if i := strings.IndexFunc(got.stdout+got.stderr, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\r' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x202e
		}); i >= 0 {
			t.Errorf("%s: a control character at byte %d", output, i)
		}
	}
}

func TestManualPagesOfAllCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	if got := gatewatch(t, world(t), nil, "man", dir); got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, e := range entries {
		pages = append(pages, e.Name())
	}
	for _, want := range []string{"gatewatch.1", "gatewatch-scan.1", "gatewatch-formats.1", "gatewatch-detectors.1"} {
		if !slices.Contains(pages, want) {
			t.Errorf("no page %s among %v", want, pages)
		}
	}
}

func TestCompletion(t *testing.T) {
	for flag, want := range map[string]string{
		"--format": "combined", "--output": "ocsf", "--min-severity": "critical", "--fail-on": "medium", "--trusted-proxy": "private",
	} {
		got := gatewatch(t, world(t), nil, "__complete", "scan", flag, "")
		if !strings.Contains("\n"+got.stdout, "\n"+want+"\n") {
			t.Errorf("%s does not offer %s:\n%s", flag, want, got.stdout)
		}
	}
}

// TestRejectedIsNoLog: a log named as the file for rejected lines must not be emptied.
func TestRejectedIsNoLog(t *testing.T) {
	dir := t.TempDir()
	log := save(t, filepath.Join(dir, "access.log"), []byte(logLines(0, 3, scanner)))
	link := filepath.Join(dir, "link")
	if err := os.Symlink(log, link); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{log, log}, {link, log}, {log, dir}, {log, "-"}} {
		stdin, err := os.Open(log)
		if err != nil {
			t.Fatal(err)
		}
		got := gatewatch(t, world(t), stdin, "scan", "--rejected", args[0], args[1])
		if got.code != ExitError || !strings.Contains(got.stderr, "one of the logs") {
			t.Errorf("%v: exit code %d: %s", args, got.code, got.stderr)
		}
		if info, err := os.Stat(log); err != nil || info.Size() == 0 {
			t.Fatalf("%v: the log is gone: %v", args, err)
		}
		_ = stdin.Close()
	}
}
