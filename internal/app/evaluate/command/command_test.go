package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/scan"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

const truth = `{"id":"a","attack":true,"family":"reconnaissance","technique":"wordlist","entities":[{"type":"network","value":"192.0.2.1"}],` +
	`"begin":"2026-03-04T12:00:00Z","end":"2026-03-04T13:00:00Z","requests":9}`

// run runs evaluate with flags, on a scan that gives a result and an error.
func run(t *testing.T, result *scan.Result, fault error, flags ...string) (passed bool, stdout string, err error) {
	t.Helper()
	labels := filepath.Join(t.TempDir(), "labels.jsonl")
	if err := os.WriteFile(labels, []byte(truth), 0o600); err != nil {
		t.Fatal(err)
	}
	var f Flags
	fs := pflag.NewFlagSet("evaluate", pflag.ContinueOnError)
	f.Define(fs)
	if err := fs.Parse(append([]string{"--labels", labels, "--log", "access.log", "-o", "json"}, flags...)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	passed, err = f.Run(World{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: new(bytes.Buffer),
		Time: func(_, value string) (time.Time, error) {
			if value == "" {
				return time.Time{}, nil
			}
			return time.Parse(time.RFC3339, value)
		},
		Scan: func(_ []string, _ int, told func(*finding.Finding)) (*scan.Result, error) {
			if result != nil && len(result.Findings) > 0 {
				first := result.Findings[0]
				first.Revision, first.LastSeen = 1, first.FirstSeen+int64(30*time.Second)
				told(&first)
			}
			return result, fault
		},
	}, nil)
	return passed, out.String(), err
}

func scanned() *scan.Result {
	return &scan.Result{
		Events: 2, From: noon.Add(-12 * time.Hour).UnixNano(), To: noon.Add(12*time.Hour).UnixNano() - 1,
		Findings: []finding.Finding{{
			ID: "f", Revision: 3, Detector: "path_scan", Severity: finding.Medium, Entity: event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"},
			FirstSeen: noon.UnixNano(), LastSeen: noon.Add(time.Minute).UnixNano(),
			Samples: []event.Event{{Time: noon.Add(30 * time.Second).UnixNano()}},
		}},
	}
}

func TestSpanOfAScan(t *testing.T) {
	for _, tt := range []struct {
		name  string
		flags []string
		days  float64
	}{
		{"of the log", nil, 1},
		{"as said", []string{"--since", "2026-03-03T00:00:00Z", "--until", "2026-03-06T00:00:00Z"}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			passed, out, err := run(t, scanned(), nil, append(tt.flags, "--fail-under", "recall=1,detection=30s")...)
			if err != nil || !passed {
				t.Fatalf("passed %v: %v", passed, err)
			}
			var r evaluate.Result
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			if r.Days != tt.days || r.Inferred || r.All.Detection.Median.Value != 30 {
				t.Errorf("%v days, inferred %v, detection %+v", r.Days, r.Inferred, r.All.Detection.Median)
			}
		})
	}
}

// TestDamageIsTold: a log that is damaged, or findings too many to be kept, are evaluated and told.
func TestDamageIsTold(t *testing.T) {
	damaged := errors.New("the log ends in the middle")
	cut := scanned()
	cut.Dropped = 7
	for _, tt := range []struct {
		name   string
		result *scan.Result
		fault  error
		want   string
	}{
		{"damaged", scanned(), damaged, damaged.Error()},
		{"findings dropped", cut, nil, "7 findings more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, out, err := run(t, tt.result, tt.fault)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(out, `"hits":1`) {
				t.Errorf("%v, printed %s", err, out)
			}
		})
	}
	if _, out, err := run(t, nil, damaged); !errors.Is(err, damaged) || out != "" {
		t.Errorf("a scan that did not begin: %v, printed %s", err, out)
	}
}

// TestGateBesideDamage: what is damaged is told even where a gate is not passed.
func TestGateBesideDamage(t *testing.T) {
	passed, _, err := run(t, scanned(), errors.New("half a log"), "--fail-under", "recall:nothing=1")
	if passed || err == nil {
		t.Errorf("passed %v, error %v", passed, err)
	}
}

// TestWhenATallyTold is about findings without samples: they were made when their first revision was.
func TestWhenATallyTold(t *testing.T) {
	result := scanned()
	result.Findings[0].Samples = nil
	_, out, err := run(t, result, nil)
	if err != nil || !strings.Contains(out, `"detection_seconds":30,`) {
		t.Errorf("%v: no detection after 30 seconds, though the last evidence came after a minute, in\n%s", err, out)
	}
}
