package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSpread(t *testing.T) {
	seconds := func(list ...int) (s []sample) {
		for _, d := range list {
			s = append(s, sample{cpu: time.Duration(d) * time.Second})
		}
		return s
	}
	tests := []struct {
		name    string
		samples []sample
		want    [3]float64
	}{
		{"one", seconds(3), [3]float64{3, 3, 3}},
		{"odd", seconds(5, 1, 2), [3]float64{1, 2, 5}},
		{"even", seconds(4, 1, 2, 9), [3]float64{1, 3, 9}}, // (2+4)/2
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := spread(tt.samples, func(s sample) float64 { return s.cpu.Seconds() })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("spread (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMeasureLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.log")
	text := strings.Repeat(strings.Repeat("x", 99)+"\n", 5000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, size, err := measureLog(path)
	if err != nil || lines != 5000 || size != 500_000 {
		t.Errorf("measureLog = %d lines, %d bytes, %v; want 5000, 500000", lines, size, err)
	}
}

func TestCompare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.log")
	if err := os.WriteFile(path, []byte("a\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	copies := contender{
		name:  "cat",
		args:  func(log, _ string) []string { return []string{"cat", log} },
		check: func(out string, _ int) (string, error) { b, err := os.ReadFile(out); return string(b[:1]), err },
	}
	var out strings.Builder
	if err := compare(&out, []contender{copies, copies}, path, 3); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2 lines", "cat", "ratio: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output without %q:\n%s", want, out.String())
		}
	}
}
