package terminal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  map[string]string
		want Screen
	}{
		{"no terminal", nil, Screen{Width: 100}},
		{"a width", map[string]string{"COLUMNS": "120"}, Screen{Width: 120}},
		{"too narrow", map[string]string{"COLUMNS": "7"}, Screen{Width: 72}},
		{"too wide", map[string]string{"COLUMNS": "1000"}, Screen{Width: 160}},
		{"a width that is none", map[string]string{"COLUMNS": "wide"}, Screen{Width: 100}},
		{"colour by force", map[string]string{"CLICOLOR_FORCE": "1"}, Screen{Width: 100, Colour: true}},
		{"force of 0", map[string]string{"CLICOLOR_FORCE": "0"}, Screen{Width: 100}},
		{"no colour wins", map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, Screen{Width: 100}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Of(new(bytes.Buffer), func(name string) string { return tt.env[name] })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Of (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 9_999: "9999", 12_345: "12.3k", 4_560_000: "4.56M", 7_800_000_000: "7.80G"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestProgressDrawsAndClears(t *testing.T) {
	for _, total := range []int64{0, 1000} {
		var out bytes.Buffer
		p := Show(&out, Screen{Terminal: true, Width: 100}, func() State {
			return State{Bytes: 500, Total: total, Lines: 12_345, Findings: 3}
		})
		p.draw()
		p.Stop()
		if got := out.String(); !strings.Contains(got, "12.3k lines") || !strings.Contains(got, "3 findings") {
			t.Errorf("total %d: drew %q", total, got)
		}
	}
}
