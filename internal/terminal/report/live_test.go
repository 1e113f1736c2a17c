package report

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"

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
