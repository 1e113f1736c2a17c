package report

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

func TestLive(t *testing.T) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	l := NewLive(w, Layout{Width: 100})
	f := finding.Finding{
		ID: "one", Activity: finding.Create, Severity: finding.Low, Title: "Path scan \x1b[31m", Entity: event.Entity{Value: "203.0.113.7"},
		FirstSeen: 1e9, LastSeen: 2e9, Count: 12, Confidence: 0.9,
	}
	shown := func(want string) {
		t.Helper()
		l.Show(&f)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(b.String(), "\n")
		if want == "" && first != "" || !strings.Contains(first, want) {
			t.Errorf("%s %s is shown as %q, want %q", f.Activity, f.Severity, first, want)
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("an escape character came through: %q", b.String())
		}
		b.Reset()
	}
	shown("00:00:02  LOW       opened")
	f.Activity = finding.Update
	shown("") // nothing new
	f.Severity = finding.High
	shown("HIGH      worse")
	f.Activity, f.LastSeen = finding.Close, 61e9
	shown("closed  Path scan")
	f.Activity = finding.Update
	shown("opened") // one that is met in the middle
}

func TestLiveForgets(t *testing.T) {
	l := NewLive(bufio.NewWriter(&bytes.Buffer{}), Layout{Width: 100})
	for i := range 2*maxOpen + 1 {
		l.Show(&finding.Finding{ID: fmt.Sprint(i), Activity: finding.Create, Severity: finding.Low})
	}
	if n := len(l.open); n > maxOpen {
		t.Errorf("%d findings are remembered, want at most %d", n, maxOpen)
	}
}

func TestLiveFitsItsScreen(t *testing.T) {
	f := finding.Finding{
		ID: "one", Activity: finding.Create, Severity: finding.Medium, Title: "Path enumeration", Entity: event.Entity{Value: "203.0.113.7"},
		Evidence: []finding.Number{{Name: "missed_paths", Value: 15}, {Name: "missed_share", Value: 0.94}}, Confidence: 0.9,
	}
	const head = "00:00:00  MEDIUM    opened  Path enumeration           203.0.113.7"
	for _, tt := range []struct {
		width int
		want  string
	}{
		{72, head + "\n                            missed paths 15 · missed share 0.94 · …\n"},
		{97, head + "\n                            missed paths 15 · missed share 0.94 · confidence 90 %\n"},
		{98, head + "        missed paths 15 · …\n"}, // 74 columns, and the 24 that are worth one
		{140, head + "        missed paths 15 · missed share 0.94 · confidence 90 %\n"},
	} {
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		NewLive(w, Layout{Width: tt.width}).Show(&f)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, b.String()); diff != "" {
			t.Errorf("at %d columns (-want +got):\n%s", tt.width, diff)
		}
	}
}
