package report

import (
	"bytes"
	"encoding/csv"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).UnixNano()

func sample(path, agent string, status int64) event.Event {
	e := event.Event{
		Time: noon, Method: "GET", Path: path, Query: "q=1", UserAgent: agent, Client: netip.MustParseAddr("192.0.2.1"),
		Origin: event.Origin{Topic: "access.log", Offset: 7},
	}
	e.SetStatus(status)
	return e
}

func findings() []finding.Finding {
	return []finding.Finding{
		{
			ID: strings.Repeat("1", 32), Revision: 2, Activity: finding.Close, Detector: "login_bruteforce", Severity: finding.Critical,
			Score: 95, Confidence: 0.95, Entity: event.Entity{Kind: event.KindNetwork, Value: "2001:db8:1234:5678::/64"},
			Service: "shop", Title: "Password guessing that succeeded", FirstSeen: noon, LastSeen: noon + 164e9, Count: 1_234_567,
			Evidence: []finding.Number{{Name: "failures", Value: 212}, {Name: "failed_share", Value: 0.98123}, {Name: "mean_gap_seconds", Value: 12.345}},
			Baseline: &finding.Baseline{Observed: 212, Expected: 0.1, High: 2, Surprise: 42},
			Samples: []event.Event{
				sample("/api/v1/login", "python-requests/2.31.0", 401), sample("/second", "not shown", 500),
				sample("/api/v1/login", "python-requests/2.31.0", 200),
			},
			Attack: []string{"T1110.001"}, OWASP: []string{"API2:2023"}, OAT: []string{"OAT-007"},
		},
		{
			ID: strings.Repeat("2", 32), Activity: finding.Close, Detector: "path_scan", Severity: finding.Medium, Score: 60, Confidence: 0.9,
			Entity: event.Entity{Kind: event.KindNetwork, Value: "198.51.100.7"}, Title: "Path enumeration",
			FirstSeen: noon, LastSeen: noon + 3*86400e9, Count: 41,
			Samples: []event.Event{sample("/\x1b[31m\u202e\xff/"+strings.Repeat("long/", 40), strings.Repeat("Mozilla ", 20), 404)},
		},
		{
			ID: strings.Repeat("3", 32), Activity: finding.Close, Detector: "scanner_agent", Severity: finding.Low, Score: 20, Confidence: 0.5,
			Entity: event.Entity{Kind: event.KindNetwork, Value: "2001:db8:1234:5678::/64"}, Title: "Attack tool",
			FirstSeen: noon, LastSeen: noon, Count: 1, Samples: []event.Event{{Time: noon, RequestLine: "\x16\x03\x01"}},
		},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestFindings(t *testing.T) {
	for name, layout := range map[string]Layout{
		"wide.txt":    {Width: 140, Samples: 2},
		"usual.txt":   {Width: 100, Samples: 2},
		"narrow.txt":  {Width: 72, Samples: 1},
		"limited.txt": {Width: 80, Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Findings(&b, findings(), layout); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if n := text.StringWidth(strings.TrimSuffix(line, "\n")); n > layout.Width {
					t.Errorf("line of %d columns, want at most %d: %s", n, layout.Width, line)
				}
			}
			golden(t, name, b.String())
		})
	}
}

func TestColourChangesNoText(t *testing.T) {
	var plain, coloured bytes.Buffer
	for b, on := range map[*bytes.Buffer]bool{&plain: false, &coloured: true} {
		if err := Findings(b, findings(), Layout{Width: 100, Samples: 2, Colour: on}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(coloured.String(), "\x1b[") {
		t.Error("no colour")
	}
	trim := func(s string) string {
		var b strings.Builder
		for line := range strings.Lines(s) {
			b.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
		return b.String()
	}
	if diff := cmp.Diff(plain.String(), trim(text.StripEscape(coloured.String()))); diff != "" {
		t.Errorf("text (-plain +coloured):\n%s", diff)
	}
}

func TestSummary(t *testing.T) {
	s := Summary{
		Files: 2, Bytes: 5 << 20, Lines: 123_456, Events: 123_000, Skipped: 1, Outside: 400, Findings: findings(),
		Rejected: []Tally{{"bad_syntax", 50}, {"too_long", 0}, {"bad_time", 5}}, Formats: []Tally{{"combined", 123_000}},
		Entities: []Tally{{"network", 789}}, Lost: []Tally{{"entities forgotten", 3}}, From: noon, To: noon + 7265e9,
		Wall: 1500 * time.Millisecond, CPU: 1250 * time.Millisecond, Memory: 42 << 20,
	}
	var b bytes.Buffer
	if err := s.Write(&b, Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.txt", b.String())
	b.Reset()
	if err := (&Summary{}).Write(&b, Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary-empty.txt", b.String())
}

func TestList(t *testing.T) {
	var b bytes.Buffer
	rows := [][]string{{"a", "one"}, {"longer", strings.Repeat("many words ", 12)}}
	if err := List(&b, []string{"NAME", "ABOUT"}, rows, Layout{Width: 60}); err != nil {
		t.Fatal(err)
	}
	golden(t, "list.txt", b.String())
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"plain /path?a=b":     "plain /path?a=b",
		"\x1b[31mred\x1b[0m":  `\x1b[31mred\x1b[0m`,
		"a\nb\r\tc\x00\x7f":   `a\x0ab\x0d\x09c\x00\x7f`,
		"\u202egpj.exe":       `\u202egpj.exe`,
		"zero\u200bwidth":     `zero\u200bwidth`,
		"\u0085\u009b31m":     `\u0085\u009b31m`,
		"\xff\xfe":            `\xff\xfe`,
		"Grüße, 世界":           "Grüße, 世界",
		"a\u0301\u0301":       `a\u0301\u0301`,
		"\u2028\u00a0\ufeff":  `\u2028\u00a0\ufeff`,
		"\U000e0041tag":       `\ue0041tag`,
		"literal \\x1b stays": `literal \x1b stays`,
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %s, want %s", in, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("\x1b]8;;http://a\x07b")
	f.Add("\u202e\xc3\x28")
	f.Fuzz(func(t *testing.T, in string) {
		got := Visible(in)
		if !utf8.ValidString(got) {
			t.Errorf("Visible(%q) is not UTF-8", in)
		}
		for _, r := range got {
			if r < ' ' || r >= 0x7f && r < 0xa0 || !shown(r) {
				t.Errorf("Visible(%q) has %U", in, r)
			}
		}
		if again := Visible(got); again != got {
			t.Errorf("Visible(%q) changes when done twice", in)
		}
	})
}

func TestCSVIsSafe(t *testing.T) {
	fs := findings()[:1]
	for _, hostile := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\"b,c\nd"} {
		fs[0].Entity.Value = hostile
		fs[0].Samples[0].UserAgent = hostile
		var b bytes.Buffer
		if err := CSV(&b, fs); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q: cell %s is %q", hostile, rows[0][i], cell)
			}
		}
	}
}

func TestJSONHasNoEventIDs(t *testing.T) {
	var b bytes.Buffer
	fs := findings()
	if err := JSON(&b, fs); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "event_id") {
		t.Error("samples have ids of records that no topic has")
	}
	if fs[0].Samples[0].Origin.Offset != 7 {
		t.Error("JSON changed the finding it was given")
	}
	if got := strings.Count(b.String(), "\n"); got != 3 {
		t.Errorf("%d lines, want 3", got)
	}
}

func TestMeasure(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 3: "3", 1234567: "1,234,567", 0.98123: "0.98", 0.5: "0.5", 12.345: "12.3", 1234.5: "1,235", -1234.5: "-1,235", 1e-7: "1e-07",
	} {
		if got := measure(v); got != want {
			t.Errorf("measure(%v) = %s, want %s", v, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 40 * time.Millisecond: "40ms", 1500 * time.Millisecond: "1.5s", 5 * time.Second: "5s", 59 * time.Second: "59s",
		164 * time.Second: "2m 44s", 7265 * time.Second: "2h 1m", 47 * time.Hour: "47h", time.Minute: "1m", 73 * time.Hour: "3d 1h",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %s, want %s", d, got, want)
		}
	}
}
