package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatewatch/internal/label"
)

// TestSimulate writes a small log with its labels, scans it, and looks for the attack among the findings.
func TestSimulate(t *testing.T) {
	dir := t.TempDir()
	log, truth := filepath.Join(dir, "access.log.gz"), filepath.Join(dir, "labels.jsonl")
	got := gatewatch(t, world(t), strings.NewReader(""), "simulate", "--days", "1", "--clients", "20", "--attacks", "path_scan",
		"--scenarios", "none", "--quiet-days", "0", "-o", log, "--labels", truth)
	if got.code != 0 || got.stdout != "" || !strings.Contains(got.stderr, "lines, 1 labels, in") {
		t.Fatalf("%+v", got)
	}
	b, err := os.ReadFile(truth)
	if err != nil {
		t.Fatal(err)
	}
	labels, err := label.Parse(b)
	if err != nil || len(labels) != 1 {
		t.Fatalf("%v, %v: want one label", labels, err)
	}
	found := gatewatch(t, world(t), strings.NewReader(""), "scan", "-o", "json", log)
	if found.code != 0 || !strings.Contains(found.stdout, labels[0].Entities[0].Value) {
		t.Errorf("%s is not found: %+v", labels[0].Entities[0].Value, found)
	}
}

func TestSimulateFaults(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		args       []string
	}{
		{"attack", `attack "heist" is unknown`, []string{"--attacks", "heist"}},
		{"two faults", "days 0", []string{"--days", "0", "--stealth", "2"}},
		{"two faults, the other", "stealth 2", []string{"--days", "0", "--stealth", "2"}},
		{"rate without Kafka", "name it with --brokers", []string{"--rate", "5"}},
		{"two ways out", "want one of them", []string{"--brokers", "127.0.0.1:1", "-o", "x.log"}},
		{"arguments", "unknown command", []string{"month"}},
		{"folder", "no such file", []string{"--days", "1", "--clients", "2", "-o", filepath.Join(t.TempDir(), "no", "x.log")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(""), append([]string{"simulate"}, tt.args...)...)
			if got.code != ExitError || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
}

func TestSimulateLists(t *testing.T) {
	got := gatewatch(t, world(t), strings.NewReader(""), "simulate", "--list")
	for _, name := range []string{"distributed_stuffing", "slow_boil_5", "clock_change", "(scenario)"} {
		if got.code != 0 || !strings.Contains(got.stdout, name) {
			t.Errorf("%s is not listed: %+v", name, got)
		}
	}
}
