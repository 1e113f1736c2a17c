package tail

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// TestDamagedPositions reads the files from their beginning under the same names, so that nothing is news downstream.
func TestDamagedPositions(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\n")
	var to sink
	stop := y.follow(&to)
	to.want(t, "one")
	stop()
	saved := filepath.Join(y.cfg.Dir, positionsName)
	if err := os.WriteFile(saved, []byte(`{"version":1,"files":[{`), 0o600); err != nil {
		t.Fatal(err)
	}
	stop = y.follow(&to)
	to.want(t, "one", "one")
	stop()
	if len(to.twice) != 1 {
		t.Errorf("%d places were read again, want 1", len(to.twice))
	}
	if _, err := os.Stat(saved + ".damaged"); err != nil {
		t.Errorf("the damaged file is gone: %v", err)
	}
}

func TestPositionsOfANewerVersion(t *testing.T) {
	y := newYard(t)
	if err := os.WriteFile(filepath.Join(y.cfg.Dir, positionsName), []byte(`{"version":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	tl, err := New(y.cfg, new(sink))
	if err != nil {
		t.Fatal(err)
	}
	if err := tl.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "made by a newer gatewatch") {
		t.Errorf("Run: %v", err)
	}
}

// TestPositionsCannotBeSaved: reading goes on, the log tells of it once.
func TestPositionsCannotBeSaved(t *testing.T) {
	y := newYard(t)
	var log bytes.Buffer
	y.cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	y.append("a.log", "one\n")
	// A directory stands where the next file is to be written.
	if err := os.MkdirAll(filepath.Join(y.cfg.Dir, positionsName+".next", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	tl, err := New(y.cfg, new(sink))
	if err != nil {
		t.Fatal(err)
	}
	to := tl.sink.(*sink)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- tl.Run(ctx) }()
	to.want(t, "one")
	for deadline := time.Now().Add(10 * time.Second); testutil.ToFloat64(tl.metrics.saves) < 3; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("failures are not counted")
		}
	}
	y.append("a.log", "two\n")
	to.want(t, "one", "two")
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "saving positions in files") {
		t.Errorf("Run: %v, want that the last positions are lost", err)
	}
	if n := strings.Count(log.String(), "positions in files are not saved"); n != 1 {
		t.Errorf("told %d times, want once:\n%s", n, log.String())
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name string
		cfg  Config
		want string // "" for none
	}{
		{"nothing", Config{}, ""},
		{"pattern", Config{Files: []string{"/var/log/*/a[0-9].log"}, Dir: "/tmp"}, ""},
		{"bad pattern", Config{Files: []string{"/var/log/[a.log"}, Dir: "/tmp"}, `"/var/log/[a.log" is no path`},
		{"empty path", Config{Files: []string{""}, Dir: "/tmp"}, "is no path"},
		{"no directory", Config{Files: []string{"a.log"}}, "no directory to keep positions in"},
		{"negative", Config{MaxLine: -1}, "must not be negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.cfg, new(sink))
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
