package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/config"
	"gatewatch/internal/detect"
	"gatewatch/internal/label"
)

// begin is that of worlds in these tests.
var begin = time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)

// TestConfigurations: gatewatch takes every configuration that it is given, and a bare one has no floors left.
func TestConfigurations(t *testing.T) {
	for _, tt := range []struct {
		name     string
		settings settings
	}{
		{"usual", settings{}},
		{"budget", settings{budget: 100}},
		{"bare", settings{budget: 1, bare: true}},
		{"holidays", settings{budget: 10, bare: true, holidays: "2026-03-20 2026-04-03"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.settings.files() {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cfg, err := config.Load(filepath.Join(dir, configFile), func(string) (string, bool) { return "", false }, "detector")
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range cfg.Detectors {
				c, ok := d.Thresholds().(*detect.VolumeAnomalyConfig)
				if !ok {
					continue
				}
				usual := detect.DefaultVolumeAnomaly()
				if tt.settings.budget > 0 && c.AlertsPerDay != float64(tt.settings.budget) {
					t.Errorf("a budget of %g, want %d", c.AlertsPerDay, tt.settings.budget)
				}
				if bare := c.Requests == 2 && c.Refused == 2 && c.Bytes == 1 && c.Ratio == 1; bare != tt.settings.bare || c.Peers != usual.Peers {
					t.Errorf("%+v, want no floors: %v", c, tt.settings.bare)
				}
			}
		})
	}
}

// TestNovices counts the hours of somebody who came at once, and after one and two days.
func TestNovices(t *testing.T) {
	hours := presence{100, 101, 123, 124, 150}
	who := label.Entity{Type: "principal", Value: "ada"}
	c := &census{clients: map[label.Entity]*presence{who: &hours}}
	recent := novices[0].is
	for _, tt := range []struct {
		from       int64
		young, old int
	}{{0, 3, 2}, {101, 2, 2}, {124, 0, 2}, {151, 0, 0}} {
		if young, old := c.hours(tt.from, recent); young != tt.young || old != tt.old {
			t.Errorf("from hour %d: %d and %d, want %d and %d", tt.from, young, old, tt.young, tt.old)
		}
	}
	for hour, want := range map[int64]bool{100: true, 123: true, 124: false} {
		young, ok := c.young(who, time.Unix(hour*3600+1800, 0), recent)
		if young != want || !ok {
			t.Errorf("in hour %d: young %v, known %v; want %v", hour, young, ok, want)
		}
	}
	if young, ok := c.young(who, time.Unix(150*3600, 0), novices[1].is); !young || !ok {
		t.Error("in its fifth hour it is not new, want new until it was seen in 24")
	}
	if _, ok := c.young(label.Entity{Type: "network", Value: "192.0.2.1"}, begin, recent); ok {
		t.Error("somebody who never came is known")
	}
}

func TestRates(t *testing.T) {
	// 20 in 100 hours beside 10 in 100: some twice as many, between once and four times.
	ratio, low, high := rates(20, 100, 10, 100)
	if math.Abs(ratio-20.5/10.5) > 1e-9 || low > 1 || low < .8 || high < 3.8 || high > 4.5 {
		t.Errorf("%g [%g–%g]", ratio, low, high)
	}
	if ratio, _, _ := rates(0, 0, 1, 100); !math.IsNaN(ratio) {
		t.Errorf("without hours, %g", ratio)
	}
}

// TestSampled: 20 March is a Friday. Its like days are 13 and 27 March and 10 April, with 10, 20 and 60 alerts.
func TestSampled(t *testing.T) {
	by := map[string]int{"2026-03-20": 33, "2026-03-13": 10, "2026-03-27": 20, "2026-04-10": 60}
	got := sampled([]string{"2026-03-20"}, by)
	if got.special != 33 || math.Abs(got.like-30) > 1e-9 {
		t.Fatalf("%+v, want 33 beside (10 + 20 + 60)/3", got)
	}
	if x := above([]sample{got, got}); math.Abs(x-.1) > 1e-9 {
		t.Errorf("%g more, want a tenth", x)
	}
	if low, high := bootstrap([]sample{got, got}); math.Abs(low-.1) > 1e-9 || math.Abs(high-.1) > 1e-9 {
		t.Errorf("worlds that are all the same differ: %g to %g", low, high)
	}
	if x := above([]sample{{special: 1}}); !math.IsNaN(x) {
		t.Errorf("beside nothing, %g more", x)
	}
}

// TestSpecialDaysAreWhatTheySay holds the table of days against the calendar.
func TestSpecialDaysAreWhatTheySay(t *testing.T) {
	taken := map[string]bool{}
	for _, day := range append(holidays[:], changes[:]...) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil || len(ordinary[at.Weekday()]) == 0 {
			t.Errorf("%s has no like days: %v", day, err)
		}
		taken[day] = true
	}
	for weekday, days := range ordinary {
		for _, day := range days {
			at, err := time.Parse(time.DateOnly, day)
			if err != nil || at.Weekday() != weekday || taken[day] || at.Sub(begin) < warm*24*time.Hour {
				t.Errorf("%s is no ordinary %s: %v", day, weekday, err)
			}
		}
	}
}

func TestLevelOf(t *testing.T) {
	days := func(n float64) float64 { return n * 86400 }
	r := &evaluate.Result{To: begin.AddDate(0, 0, 120)}
	for _, tt := range []struct {
		name   string
		c      evaluate.Campaign
		level  float64
		judged bool
	}{
		{"reported after ten days of a tenth more", evaluate.Campaign{Found: true, Seconds: days(10), Begin: begin}, math.Pow(1.1, 10), true},
		{"never reported", evaluate.Campaign{Begin: begin}, math.Inf(1), true},
		// 1.1^16 = 4.6, 1.1^17 = 5.05.
		{"it ended too soon", evaluate.Campaign{Begin: r.To.AddDate(0, 0, -16)}, math.Inf(1), false},
		{"it had come to five times", evaluate.Campaign{Begin: r.To.AddDate(0, 0, -17)}, math.Inf(1), true},
	} {
		level, judged := levelOf(&tt.c, 10, r)
		if judged != tt.judged || level != tt.level && math.Abs(level-tt.level) > 1e-9 {
			t.Errorf("%s: %g, judged %v; want %g, %v", tt.name, level, judged, tt.level, tt.judged)
		}
	}
}

// TestAttempts: names that begin alike are told apart, and missed attacks count.
func TestAttempts(t *testing.T) {
	w := &world{}
	w.look(settings{}).result = &evaluate.Result{Each: []evaluate.Campaign{
		{ID: "exfiltration-1", Found: true, Seconds: 5, Detectors: []string{"volume_anomaly", "x"}},
		{ID: "exfiltration-2"},
		{ID: "exfiltration_request-1", Found: true, Seconds: 7, Detectors: []string{"y"}},
	}}
	got := attempts([]*world{w}, settings{}, "exfiltration")
	if got.of != 2 || !cmp.Equal(got.seconds, []float64{5}) || got.finders() != "volume_anomaly 1" {
		t.Errorf("%+v", got)
	}
}

// TestPlan: claims share worlds that are the same, and every attack has a claim.
func TestPlan(t *testing.T) {
	p := &plan{size: quick}
	for _, c := range claims() {
		c.plan(p)
	}
	keys := map[string]bool{}
	for _, w := range p.worlds {
		if keys[w.key] || len(w.looks) == 0 {
			t.Errorf("%s: planned twice, or nobody looks at it", w.key)
		}
		keys[w.key] = true
	}
	again := p.world("x", cleanSeed, quick.cleanDays, quick.cleanClients, "--attacks", "none")
	if again.name != "a clean month" {
		t.Error("a world that is there already is made again")
	}
}

func TestSplice(t *testing.T) {
	page := "before\n" + beginMark + "old\n" + endMark + "after\n"
	got, err := splice([]byte(page), []byte("new\n"), false)
	if err != nil || string(got) != strings.Replace(page, "old", "new", 1) {
		t.Errorf("%v: %s", err, got)
	}
	for _, bad := range []string{"", beginMark, endMark + beginMark} {
		if _, err := splice([]byte(bad), nil, false); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// TestReport: a missed limit is told, in the terminal and in the page, and what was measured before stays.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	s := &section{Name: "boil", Title: "T", Text: "Of it.", Header: []string{"a", "b"}}
	s.row("1", "2|3")
	s.limit("more", "less", false)
	s.limit("some", "some", true)
	r := &report{Sections: []*section{s}}
	if err := r.save(dir, ""); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{"  MISSED  more: less\n", "  holds   some: some\n", "1 limits hold, 1 are missed.\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if text := string(r.markdown()); !strings.Contains(text, "| 1 | 2\\|3 |\n") || !strings.Contains(text, "| more | less | **missed** |\n") {
		t.Errorf("printed\n%s", text)
	}
	now := &report{Sections: []*section{{Name: "new"}}}
	if err := now.complete(dir); err != nil || len(now.Sections) != 2 || now.Sections[0].Name != "new" || now.Sections[1].Name != "boil" {
		t.Errorf("%v: %+v, want what was there too, in the order of telling", err, now.Sections)
	}
}

// TestSpliceKeeps has only some claims measured: the others' tables stay where they were.
func TestSpliceKeeps(t *testing.T) {
	row := func(verdict string) string { return "\n| x | 1 | " + verdict + " |\n" }
	page := beginMark + "\nOf 3 limits 3 hold.\n\n### A\n" + row("holds") + "\n### B\n" + row("holds") + "\n### C\n" + row("holds") + "\n" + endMark
	now := "\nOf 2 limits 1 hold.\n\n### B\n" + row("**missed**") + "\n### D\n" + row("holds") + "\n"
	got, err := splice([]byte(page), []byte(now), true)
	want := beginMark + "\nOf 4 limits 3 hold.\n\n### A\n" + row("holds") + "\n### B\n" + row("**missed**") + "\n### C\n" + row("holds") +
		"\n### D\n" + row("holds") + "\n" + endMark
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}
