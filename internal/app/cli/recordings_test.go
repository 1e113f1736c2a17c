package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

const recordings = "../../../testdata/recordings"

// actor is one client of the recordings, as labels.json tells.
type actor struct {
	Address   netip.Addr
	Actor     string
	Kind      string
	Detectors []string
	Logs      []string
}

func actors(t *testing.T) []actor {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(recordings, "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels struct{ Actors []actor }
	if err := json.Unmarshal(b, &labels); err != nil {
		t.Fatal(err)
	}
	if len(labels.Actors) < 50 {
		t.Fatalf("%d actors in the labels", len(labels.Actors))
	}
	return labels.Actors
}

// keyed is a world whose hash key is always the same, so that a test run repeats another.
func keyed(t *testing.T) World {
	t.Helper()
	w := world(t)
	if err := os.WriteFile(filepath.Join(w.ConfigDir, "gatewatch.yaml"), []byte("hash_key: "+strings.Repeat("k", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

func scanJSON(t *testing.T, w World, args ...string) outcome {
	t.Helper()
	got := gatewatch(t, w, nil, append([]string{"scan", "-o", "json", "--config", filepath.Join(w.ConfigDir, "gatewatch.yaml")}, args...)...)
	if got.code != ExitOK {
		t.Fatalf("scan %v: exit code %d: %s", args, got.code, got.stderr)
	}
	return got
}

// TestRecordings: every labelled attacker is found by a detector that fits, and nothing of medium severity or above is
// said of anybody else, in each log alone and in all together.
func TestRecordings(t *testing.T) {
	logs, err := filepath.Glob(recordings + "/*.log")
	if err != nil || len(logs) < 5 {
		t.Fatalf("recordings %v: %v", logs, err)
	}
	runs := map[string][]string{
		"all together": logs,
		"proxied":      {"--trusted-proxy", "203.0.113.14", recordings + "/proxied/nginx-behind-haproxy.log"},
	}
	for _, log := range logs {
		runs[filepath.Base(log)] = []string{log}
	}
	all := actors(t)
	for name, args := range runs {
		t.Run(name, func(t *testing.T) {
			found := map[string][]finding.Finding{}
			for line := range strings.Lines(scanJSON(t, keyed(t), args...).stdout) {
				var f finding.Finding
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
				for _, e := range append(f.Related, f.Entity) {
					found[e.Value] = append(found[e.Value], f)
				}
			}
			for _, a := range all {
				if slices.ContainsFunc(a.Logs, func(log string) bool { return slices.Contains(args, recordings+"/"+log) }) {
					judge(t, a, found[network(a.Address)])
				}
			}
		})
	}
}

func judge(t *testing.T, a actor, found []finding.Finding) {
	t.Helper()
	fits := false
	for i := range found {
		f := &found[i]
		fits = fits || slices.Contains(a.Detectors, f.Detector)
		if a.Kind == "benign" && f.Severity >= finding.Medium {
			t.Errorf("%s, a benign %s: %s %s, %d events", a.Address, a.Actor, f.Severity, f.Detector, f.Count)
		}
	}
	if a.Kind == "attack" && !fits {
		t.Errorf("%s, %s: found %d things, none of %v", a.Address, a.Actor, len(found), a.Detectors)
	}
}

func network(a netip.Addr) string {
	e := event.Event{Client: a}
	ent, _ := e.Entity(event.KindNetwork)
	return ent.Value
}

// TestGarbageChangesNothing mixes eleven thousand lines of garbage into a recording: the findings stay the same to the
// byte, and every line of garbage is rejected.
func TestGarbageChangesNothing(t *testing.T) {
	for _, log := range []string{"nginx-combined.log", "caddy.log", "haproxy.log"} {
		t.Run(log, func(t *testing.T) {
			clean, err := os.ReadFile(filepath.Join(recordings, log))
			if err != nil {
				t.Fatal(err)
			}
			w := keyed(t)
			path, rejected := filepath.Join(w.ConfigDir, log), filepath.Join(w.ConfigDir, "rejected.jsonl")
			write(t, path, clean)
			want := scanJSON(t, w, path)
			rnd := rand.New(rand.NewPCG(1, 2))
			lines := bytes.SplitAfter(bytes.TrimSuffix(clean, []byte("\n")), []byte("\n"))
			for range garbageLines {
				at := rnd.IntN(len(lines))
				lines[at] = append(append([]byte(garbage(rnd)), '\n'), lines[at]...)
			}
			write(t, path, bytes.Join(lines, nil))
			got := scanJSON(t, w, "--rejected", rejected, path)
			if got.stdout != want.stdout {
				t.Errorf("findings differ:\n%s\n%s", want.stdout, got.stdout)
			}
			b, err := os.ReadFile(rejected)
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(b, []byte("\n")); n != garbageLines {
				t.Errorf("%d lines rejected, want %d", n, garbageLines)
			}
		})
	}
}

const garbageLines = 11_000

func garbage(rnd *rand.Rand) string {
	switch rnd.IntN(7) {
	case 0:
		b := make([]byte, 1+rnd.IntN(300))
		for i := range b {
			if b[i] = byte(rnd.Uint32()); b[i] == '\n' || b[i] == '\r' {
				b[i] = 0x80
			}
		}
		return "\xff" + string(b)
	case 1:
		return "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x9c", rnd.IntN(60)+1)
	case 2:
		return strings.Repeat(`{"a":`, 1000)
	case 3:
		return `{"status":NaN,"request":"\ud800","n":` + strings.Repeat("9", 400) + `}`
	case 4:
		return fmt.Sprintf(`192.0.2.%d - - [01/Jan/1970:00:00:0%d +0000] "GET / HTTP/1.1" 200 1 "-" "-"`, rnd.IntN(256), rnd.IntN(10))
	case 5:
		return time.Date(2026, 1, 1, 0, 0, rnd.IntN(1e6), 0, time.UTC).Format("2006/01/02 15:04:05") + " [error] 1#1: *1 open() failed"
	default:
		return `- - - [-] "-" - - "-" "-"`
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
