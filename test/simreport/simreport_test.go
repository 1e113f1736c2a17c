package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"the same", []float64{1, 2, 3}, []float64{1, 2, 3}, 0},
		{"apart", []float64{1, 2}, []float64{3, 4}, 1},
		{"half", []float64{1, 2, 3, 4}, []float64{3, 4, 5, 6}, .5},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %g, want %g", tt.name, got, tt.want)
		}
	}
}

// TestReport writes a log with two visits of one browser and one of a robot, and reads the numbers in the report.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, minute := range []int{0, 1, 2, 60, 61} { // the pause of 58 minutes ends a visit
		fmt.Fprintf(&b, "192.0.2.1 - - [%s] \"GET / HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (X11)\"\n", at.Add(time.Duration(minute)*time.Minute).Format("02/Jan/2006:15:04:05 -0700"))
	}
	fmt.Fprintf(&b, "192.0.2.2 - - [%s] \"GET / HTTP/1.1\" 404 512 \"-\" \"Mozilla/5.0 (compatible; robot)\"\n", at.Add(62*time.Minute).Format("02/Jan/2006:15:04:05 -0700"))
	path := filepath.Join(dir, "access.log")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for browsers, want := range map[bool]string{false: "| a | 6 | 0 | 2 | 3 |", true: "| a | 5 | 0 | 1 | 2 |"} {
		out := filepath.Join(dir, "out")
		if err := run(t.Context(), out, sample{browsers: browsers, minute: everyMinute}, []string{"a=" + path, "b=" + path}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(out, "report.md"))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("browsers only %v: %v, want %q in\n%s", browsers, err, want, text)
		}
		for _, name := range []string{"gaps.png", "visits.png", "lasts.png", "sizes.png", "status.png", "hours.png"} {
			if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() < 1000 {
				t.Errorf("%s is not drawn: %v", name, err)
			}
		}
	}
}

// TestSample cuts a log to a minute of the hour, and counts what marks its requests.
func TestSample(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "access.log")
	log := `192.0.2.1 - - [02/Mar/2026:10:05:01 +0000] "HEAD /robots.txt HTTP/1.1" 200 0 "-" "a crawler"
192.0.2.1 - - [02/Mar/2026:10:05:02 +0000] "GET /favicon.ico HTTP/1.1" 301 169 "http://a.example/" "Mozilla/5.0"
192.0.2.1 - - [02/Mar/2026:10:06:02 +0000] "GET /favicon.ico HTTP/1.1" 206 169 "http://a.example/" "Mozilla/5.0"
`
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &shape{of: sample{browsers: true, minute: 5}, clients: map[client]*open{}}
	if err := s.measure(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if want := [marks]int{byRobot: 1, forRobots: 1, forIcon: 1, head: 1, moved: 1}; s.marks != want || s.all != 2 || s.events != 1 {
		t.Errorf("marks %v of %d, %d by browsers; want %v of 2, and 1", s.marks, s.all, s.events, want)
	}
}
