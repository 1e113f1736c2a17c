package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
)

// TestFiles follows a file through a restart and a rotation: every line becomes one event, with its place in the file.
func TestFiles(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
	path := filepath.Join(t.TempDir(), "shop.log")
	write := func(lines ...string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	cfg := b.config()
	cfg.Ingest.Files, cfg.Ingest.DataDir = []string{path}, t.TempDir()
	cfg.Ingest.Services = map[string]string{path: "shop"}
	all := b.read(t, "gatewatch.events.v1")
	first := line(0, "192.0.2.1", "/0")
	write(first, "garbage")
	r := run(t, cfg)
	got := events(t, all.next(t, 1))
	r.stop(t)
	write(line(1, "192.0.2.1", "/1"))
	r = run(t, cfg)
	got = append(got, events(t, all.next(t, 1))...)
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write(line(2, "192.0.2.1", "/2"))
	got = append(got, events(t, all.next(t, 1))...)
	r.stop(t)
	var places []string
	for _, e := range got {
		if !strings.HasPrefix(e.Origin.Topic, "file:") || e.Service != "shop" {
			t.Errorf("event of %s, service %q", e.Origin.Topic, e.Service)
		}
		places = append(places, fmt.Sprintf("%s %d", e.Path, e.Origin.Offset))
	}
	next := len(first) + len("\ngarbage\n")
	if diff := cmp.Diff([]string{"/0 0", fmt.Sprintf("/1 %d", next), "/2 0"}, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if got[0].Origin.Topic != got[1].Origin.Topic || got[1].Origin.Topic == got[2].Origin.Topic {
		t.Errorf("sources %s, %s and %s: want the first two to be one", got[0].Origin.Topic, got[1].Origin.Topic, got[2].Origin.Topic)
	}
	rejected := b.read(t, "gatewatch.rejected.v1").next(t, 1)[0]
	if string(rejected.Value) != "garbage" || headers(rejected)["offset"] != fmt.Sprint(len(first)+1) {
		t.Errorf("rejected %q, headers %v", rejected.Value, headers(rejected))
	}
}

// TestFilesLatency: a line that is written is an event soon, although files are only looked for once a second.
func TestFilesLatency(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
	path := filepath.Join(t.TempDir(), "shop.log")
	cfg := b.config()
	cfg.Ingest.Files, cfg.Ingest.DataDir = []string{path}, t.TempDir()
	run(t, cfg)
	all := b.read(t, "gatewatch.events.v1")
	best := time.Hour
	for n := range 5 {
		begin := time.Now()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(line(float64(n), "192.0.2.1", "/") + "\n"); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		all.next(t, 1)
		best = min(best, time.Since(begin))
	}
	t.Logf("best of five: %v", best)
	if best > 500*time.Millisecond {
		t.Errorf("the fastest of five lines took %v", best)
	}
}
