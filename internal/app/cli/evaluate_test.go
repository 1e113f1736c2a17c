package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
)

// recordedLabels writes the recordings' labels as campaigns, one for each actor in one of the logs, and returns the file's
// name and how many of them are attacks.
func recordedLabels(t *testing.T, logs ...string) (path string, attacks int) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(recordings, "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels struct {
		Actors []struct {
			Address, Actor, Kind, Class, Note string
			Lines                             map[string]int64
			From, To                          time.Time
		}
	}
	if err := json.Unmarshal(b, &labels); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, a := range labels.Actors {
		l := label.Label{
			ID: a.Address, Technique: a.Actor, Entities: []label.Entity{{Type: "network", Value: a.Address}}, Begin: a.From, End: a.To,
			Note: a.Note,
		}
		for _, log := range logs {
			l.Requests += a.Lines[filepath.Base(log)]
		}
		if l.Requests == 0 {
			continue
		}
		if a.Kind == "attack" {
			attacks++
			// The recordings class an attack by the detector that should find it.
			l.Attack, l.Technique, l.Family = true, a.Class, finding.FamilyOf(a.Class).String()
		}
		if out, err = l.AppendTo(out); err != nil {
			t.Fatal(err)
		}
	}
	return save(t, filepath.Join(t.TempDir(), "labels.jsonl"), out), attacks
}

// TestEvaluateRecordings: all 42 recorded attackers are found, whatever they do, and no finding is about one of the 50
// others, neither in all logs together nor in one alone.
func TestEvaluateRecordings(t *testing.T) {
	logs, err := filepath.Glob(recordings + "/*.log")
	if err != nil || len(logs) < 5 {
		t.Fatalf("recordings %v: %v", logs, err)
	}
	labels, attacks := recordedLabels(t, logs...)
	if attacks != 42 {
		t.Fatalf("%d attacks in the labels", attacks)
	}
	w := keyed(t)
	config := filepath.Join(w.ConfigDir, "gatewatch.yaml")
	plots := filepath.Join(t.TempDir(), "plots")
	args := []string{"evaluate", "--labels", labels, "--config", config, "-o", "json", "--plots", plots, "--fail-under", "recall=1,precision=1,false-alerts=0,detection=5s"}
	for _, log := range logs {
		args = append(args, "--log", log)
	}
	got := gatewatch(t, w, nil, args...)
	if got.code != ExitOK {
		t.Fatalf("exit code %d: %s\n%s", got.code, got.stderr, got.stdout)
	}
	var res evaluate.Result
	if err := json.Unmarshal([]byte(got.stdout), &res); err != nil {
		t.Fatal(err)
	}
	if res.Attacks != 42 || res.Benign != 50 || res.All.Recall.Hits != 42 || res.AlertsOf(finding.Info).Rate.Count != 0 {
		t.Errorf("%d of %d attacks found, %d benign campaigns, false alerts %+v", res.All.Recall.Hits, res.Attacks, res.Benign, res.Alerts)
	}
	if files, err := filepath.Glob(plots + "/*.svg"); err != nil || len(files) != 4 {
		t.Errorf("plots %v: %v", files, err)
	}

	// The same from the findings of a scan, as a person does it.
	one := recordings + "/caddy.log"
	labels, attacks = recordedLabels(t, one)
	findings := scanJSON(t, w, one).stdout
	got = gatewatch(t, w, strings.NewReader(findings), "evaluate", "--labels", labels, "-o", "json", "-")
	if err := json.Unmarshal([]byte(got.stdout), &res); err != nil {
		t.Fatalf("%v: %s", err, got.stderr)
	}
	if res.Attacks != attacks || res.All.Recall.Hits != attacks || !res.Inferred {
		t.Errorf("%d of %d attacks found, want %d; inferred %v", res.All.Recall.Hits, res.Attacks, attacks, res.Inferred)
	}
}

func TestEvaluateExitCodes(t *testing.T) {
	dir := t.TempDir()
	log := save(t, filepath.Join(dir, "access.log"), []byte(logLines(0, 60, scanner)))
	truth := func(name, entity string) string {
		l := label.Label{
			ID: "a", Attack: true, Family: "reconnaissance", Technique: "wordlist", Begin: day, End: day.Add(time.Minute),
			Entities: []label.Entity{{Type: "network", Value: entity}},
		}
		b, err := l.AppendTo(nil)
		if err != nil {
			t.Fatal(err)
		}
		return save(t, filepath.Join(dir, name), b)
	}
	right, wrong := truth("right.jsonl", scanner), truth("wrong.jsonl", "203.0.113.99")
	bad := save(t, filepath.Join(dir, "bad.jsonl"), []byte("{}\n"))
	gone := filepath.Join(dir, "gone")
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // parts
	}{
		{"nothing to do", nil, 2, "", "Examples:"},
		{"no labels", []string{log}, 2, "", "Examples:"},
		{"found", []string{"--labels", right, "--log", log}, 0, "1 of 1 found: recall 100%", ""},
		{"missed", []string{"--labels", wrong, "--log", log}, 0, "0 of 1 found: recall 0%", ""},
		{"a gate that holds", []string{"--labels", right, "--log", log, "--fail-under", "recall=1,false-alerts=0"}, 0, "", ""},
		{"a gate that does not", []string{"--labels", wrong, "--log", log, "--fail-under", "recall=1"}, 1, "0 of 1", "--fail-under recall=1: 0"},
		{"a gate that is none", []string{"--labels", right, "--log", log, "--fail-under", "speed=1"}, 2, "", `--fail-under: "speed=1"`},
		{"both", []string{"--labels", right, "--log", log, "findings.jsonl"}, 2, "", "want one of them"},
		{"labels that are none", []string{"--labels", bad, "--log", log}, 2, "", "line 1: id is missing"},
		{"findings that are none", []string{"--labels", right, log}, 2, "", "line 1"},
		{"no such labels", []string{"--labels", gone, "--log", log}, 2, "", gone},
		{"no such findings", []string{"--labels", right, gone}, 2, "", gone},
		{"no such log", []string{"--labels", right, "--log", gone}, 2, "", gone},
		{"one log of two", []string{"--labels", right, "--log", log, "--log", gone}, 2, "1 of 1 found", gone},
		{"a form that is none", []string{"--labels", right, "--log", log, "-o", "csv"}, 2, "", "want table or json"},
		{"two mistakes", []string{"--labels", right, "--log", log, "--slack", "long", "--also", "x"}, 2, "", "--also: want DETECTOR=FAMILY"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(""), append([]string{"evaluate", "-q"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.stdout, tt.stdout) || !strings.Contains(got.stderr, tt.stderr) {
				t.Errorf("code %d\nstdout: %s\nstderr: %s", got.code, got.stdout, got.stderr)
			}
		})
	}
}

// TestEvaluateSimulation: traffic that is simulated, and the truth about it, go through as they are: what is loud is found.
func TestEvaluateSimulation(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates two days")
	}
	dir, w := t.TempDir(), keyed(t)
	labels, log := filepath.Join(dir, "labels.jsonl"), filepath.Join(dir, "access.log")
	got := gatewatch(t, w, nil, "simulate", "--days", "2", "--clients", "100", "--quiet-days", "0",
		"--attacks", "brute_force,stuffing,object_walk,injection_probe,path_scan,flood", "--labels", labels, "-o", log)
	if got.code != ExitOK {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	got = gatewatch(t, w, nil, "evaluate", "-q", "--config", filepath.Join(w.ConfigDir, "gatewatch.yaml"), "--labels", labels, "--log", log,
		"--fail-under", "recall=1,detection=1m")
	if got.code != ExitOK || !strings.Contains(got.stdout, "6 of 6 found") {
		t.Errorf("exit code %d: %s\n%s", got.code, got.stderr, got.stdout)
	}
}
