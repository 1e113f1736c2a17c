package evaluate

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
	"gatewatch/internal/terminal/report"
)

func net(value string) label.Entity { return label.Entity{Type: "network", Value: value} }

// scene is four attacks, a deploy, and findings of every verdict, over two days.
func scene() ([]label.Label, *Episodes, Config) {
	deploy := attack("deploy", "", net("192.0.2.9"))
	deploy.Attack = false
	labels := []label.Label{
		attack("scan", "reconnaissance", net("192.0.2.1")), attack("guess", "credential_attack", net("192.0.2.2")),
		attack("walk", "enumeration", net("192.0.2.3")), attack("flood", "volume", net("192.0.2.4")), deploy,
	}
	found := &Episodes{all: map[string]*Episode{}}
	add := func(detector, value string, severity finding.Severity, score float64, opened float64) {
		e := episode(detector, event.KindNetwork, value)
		e.Severity, e.Score, e.Opened = severity, score, minutes(opened)
		found.all[e.ID] = e
	}
	add("path_scan", "192.0.2.1", finding.High, 80, 12)         // true, of scan, after 12 minutes
	add("sensitive_path", "192.0.2.1", finding.Medium, 40, 14)  // true, of scan, later
	add("scanner_agent", "192.0.2.2", finding.Low, 20, 20)      // true, of guess, by the mapping
	add("path_scan", "192.0.2.4", finding.Medium, 50, 15)       // aside: the flood is of another family
	add("path_scan", "192.0.2.9", finding.Medium, 60, 16)       // benign
	add("request_flood", "192.0.2.50", finding.Medium, 70, 17)  // false
	add("request_flood", "192.0.2.51", finding.Info, 10, 24*60) // false, on the second day
	cfg := DefaultConfig()
	cfg.From, cfg.To = noon.Add(-12*time.Hour), noon.Add(36*time.Hour)
	cfg.Detectors = []string{"object_walk"}
	return labels, found, cfg
}

func evaluated(t *testing.T) *Result {
	t.Helper()
	labels, found, cfg := scene()
	r, err := Evaluate(labels, found, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEvaluate(t *testing.T) {
	r := evaluated(t)
	if r.Attacks != 4 || r.Benign != 1 || r.Days != 2 || r.Inferred {
		t.Errorf("%d attacks, %d benign campaigns, %v days, inferred %v", r.Attacks, r.Benign, r.Days, r.Inferred)
	}
	type row struct {
		Findings    Tally
		Found, Of   int
		Precision   float64
		Median, P90 float64
		Alerts      int
	}
	got := map[string]row{}
	note := func(prefix string, g *Group) {
		d := g.Detection
		got[prefix+g.Name] = row{g.Findings, g.Recall.Hits, g.Recall.Of, g.Precision.Value, d.Median.Value, math.Round(d.P90.Value), g.Alerts.Count}
	}
	note("all", &r.All)
	for prefix, groups := range map[string][]Group{"family ": r.Families, "technique ": r.Techniques, "detector ": r.Detectors} {
		for i := range groups {
			note(prefix, &groups[i])
		}
	}
	never := math.Inf(1)
	want := map[string]row{
		// Scan after 720 s, guess after 1200, and two never. Two attacks told of beside three false findings.
		"all": {Tally{3, 1, 1, 2}, 2, 4, 2.0 / 5, never, never, 2},
		// Its findings told of two attacks, one of them of another family.
		"family reconnaissance":    {Tally{3, 1, 1, 0}, 1, 1, 2.0 / 3, 720, 720, 1},
		"family credential_attack": {Tally{}, 1, 1, 0, 1200, 1200, 0},
		"family enumeration":       {Tally{}, 0, 1, 0, never, never, 0},
		"family volume":            {Tally{0, 0, 0, 2}, 0, 1, 0, never, never, 1},
		"technique scan":           {Tally{True: 2}, 1, 1, 1, 720, 720, 0},
		"technique guess":          {Tally{True: 1}, 1, 1, 1, 1200, 1200, 0},
		"technique walk":           {Tally{}, 0, 1, 0, never, never, 0},
		"technique flood":          {Tally{}, 0, 1, 0, never, never, 0},
		"detector path_scan":       {Tally{1, 1, 1, 0}, 1, 1, 1.0 / 2, 720, 720, 1},
		"detector sensitive_path":  {Tally{True: 1}, 1, 1, 1, 840, 840, 0},
		// Reconnaissance, credential attacks and enumeration are what it may tell of.
		"detector scanner_agent": {Tally{True: 1}, 1, 3, 1, never, never, 0},
		"detector request_flood": {Tally{False: 2}, 0, 1, 0, never, never, 1},
		"detector object_walk":   {Tally{}, 0, 1, 0, never, never, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestFalseAlerts(t *testing.T) {
	r := evaluated(t)
	medium, all := r.AlertsOf(finding.Medium), r.AlertsOf(finding.Info)
	if medium.Rate.Count != 2 || medium.Rate.PerDay != 1 || medium.Benign != 1 {
		t.Errorf("of medium severity: %+v, want 2 in 2 days, 1 of them benign", medium)
	}
	if all.Rate.Count != 3 || all.Rate.PerDay != 1.5 || all.Benign != 1 {
		t.Errorf("of any severity: %+v, want 3 in 2 days, 1 of them benign", all)
	}
	var wrong []string
	for _, f := range r.False {
		wrong = append(wrong, f.Verdict+" "+f.Detector+" "+f.Entity.Value)
	}
	if diff := cmp.Diff([]string{"benign path_scan 192.0.2.9", "false request_flood 192.0.2.50", "false request_flood 192.0.2.51"}, wrong); diff != "" {
		t.Errorf("false alerts one by one (-want +got)\n%s", diff)
	}
	if n := r.All.Any.Count; n != 3 {
		t.Errorf("%d of any severity in the group of all, want 3", n)
	}
	want := []Day{{"2026-03-04", 2, 2, 1}, {"2026-03-05", 1, 0, 0}}
	if diff := cmp.Diff(want, r.ByDay); diff != "" {
		t.Errorf("days (-want +got)\n%s", diff)
	}
}

func TestLookalikes(t *testing.T) {
	r := evaluated(t)
	if len(r.Lookalikes) != 1 {
		t.Fatalf("%+v, want one", r.Lookalikes)
	}
	// The deploy lasts an hour and has ten minutes of slack, in which both of medium severity opened.
	l, days := r.Lookalikes[0], 70.0/60/24
	if l.Technique != "deploy" || l.While.Count != 2 || math.Abs(l.While.Days-days) > 1e-9 || l.Else.Count != 0 || math.Abs(l.Else.Days-(2-days)) > 1e-9 {
		t.Errorf("%+v", l)
	}
}

func TestMerged(t *testing.T) {
	s := func(from, to float64) stretch { return stretch{minutes(from), minutes(to)} }
	got := merged([]stretch{s(50, 60), s(0, 10), s(5, 20), s(6, 7), s(20, 30)})
	if len(got) != 2 || got[0] != s(0, 30) || got[1] != s(50, 60) {
		t.Errorf("got %v", got)
	}
}

func TestCurve(t *testing.T) {
	r := evaluated(t)
	type point struct{ found, alerts int }
	got := map[float64]point{}
	for _, p := range r.Curve {
		got[p.Score] = point{p.Recall.Hits, p.Alerts.Count}
	}
	for score, want := range map[float64]point{0: {2, 3}, 10: {2, 3}, 11: {2, 2}, 21: {1, 2}, 61: {1, 1}, 71: {1, 0}, 80: {1, 0}, 81: {0, 0}, 100: {0, 0}} {
		if got[score] != want {
			t.Errorf("score %v: %+v, want %+v", score, got[score], want)
		}
	}
	for i := 1; i < len(r.Curve); i++ {
		if r.Curve[i].Recall.Hits > r.Curve[i-1].Recall.Hits || r.Curve[i].Alerts.Count > r.Curve[i-1].Alerts.Count {
			t.Errorf("the curve rises at %v", r.Curve[i].Score)
		}
	}
}

// TestSeveralCampaigns: a finding about two attacks tells of both, and of an attack before it is benign.
func TestSeveralCampaigns(t *testing.T) {
	deploy := attack("deploy", "", net("192.0.2.1"))
	deploy.Attack = false
	labels := []label.Label{
		deploy, attack("one", "reconnaissance", net("192.0.2.1")), attack("two", "reconnaissance", net("192.0.2.1")),
	}
	e := episode("path_scan", event.KindNetwork, "192.0.2.1")
	r, err := Evaluate(labels, &Episodes{all: map[string]*Episode{"a": e}}, DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	if r.All.Recall.Hits != 2 || r.All.Findings != (Tally{True: 1}) {
		t.Errorf("%d found, findings %+v; want both, by one", r.All.Recall.Hits, r.All.Findings)
	}
}

func TestOutside(t *testing.T) {
	labels, found, cfg := scene()
	cfg.From, cfg.To = noon.Add(20*time.Hour), noon.Add(36*time.Hour)
	r, err := Evaluate(labels, found, cfg)
	if err != nil {
		t.Fatal(err)
	}
	// All were on the first day, the last finding's first evidence too.
	if r.Outside != (Outside{5, 7}) || r.Attacks != 0 {
		t.Errorf("outside %+v, %d attacks; want everything outside", r.Outside, r.Attacks)
	}
}

func TestNothing(t *testing.T) {
	r, err := Evaluate(nil, &Episodes{}, DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.Write(&b, report.Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "0 of 0 found") {
		t.Errorf("printed %s", b.String())
	}
}

func TestRefused(t *testing.T) {
	good := attack("a", "volume", net("192.0.2.1"))
	far := good
	far.ID, far.Begin = "far", time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)
	lone := good
	lone.ID, lone.Entities = "lone", nil
	for _, tt := range []struct {
		name   string
		labels []label.Label
		cfg    Config
		want   string
	}{
		{"two of one id", []label.Label{good, good}, DefaultConfig(), "there are two"},
		{"an attack of nobody", []label.Label{lone}, DefaultConfig(), "without a family or entities"},
		{"two thousand years", []label.Label{far}, DefaultConfig(), "at most 20 years"},
		{"slack below 0", nil, Config{Slack: -1}, "slack"},
		{"a span that ends first", nil, Config{From: noon, To: noon}, "in this order"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Evaluate(tt.labels, &Episodes{}, tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestWrite(t *testing.T) {
	labels, found, cfg := scene()
	labels[0].Technique = "esc\x1b[31m"
	r, err := Evaluate(labels, found, cfg)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.Write(&b, report.Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`esc\x1b[31m  reconnaissance     1/1    100% [21–100]  12m             12m`,
		"path_scan       1     1      1       0      50% [9–91]     1/1    100%    0.50 [0.01–2.79]  0.50",
		" detection   never in half of the attacks [12m–never], never in nine of ten",
		" attacks     2 of 4 found: recall 50% [15–85]",
		" findings    3 true, 1 aside, 1 benign, 2 false: precision 40% [12–77]",
		" false       1.00 [0.12–3.61] alerts a day of medium severity or above (2, of them 1 on benign\n             campaigns)",
		" missed      walk (walk), flood (flood)",
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("no line %q in\n%s", want, b.String())
		}
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestDuration(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.0s", 0.44: "0.4s", 9.96: "10s", 59.4: "59s", 59.6: "1m", 190: "3m10s", 3600: "1h", 19_200: "5h20m", 360_000: "4d4h",
	} {
		if got := Duration(v); got != want {
			t.Errorf("Duration(%v) = %s, want %s", v, got, want)
		}
	}
}

func TestGates(t *testing.T) {
	r := evaluated(t)
	for _, tt := range []struct {
		name, gates string
		want        []string
	}{
		{"none", "", nil},
		{"all hold", "recall=0.5, precision=0.4,false-alerts=1,detection:scan=12m,recall:scan=1,recall:reconnaissance=1", nil},
		{"none holds", "recall=0.51,precision=0.51,false-alerts=0.9,detection=15m59s,detection:scan=11m", []string{
			"recall=0.51: 0.5", "precision=0.51: 0.4", "false-alerts=0.9: 1 a day", "detection=15m59s: half of the attacks were not found",
			"detection:scan=11m: half of the attacks took 12m or more",
		}},
		{"of one technique", "recall:walk=0.1,detection:walk=1h,recall:scna=1", []string{
			"recall:walk=0.1: 0", "detection:walk=1h: nothing was found", "recall:scna=1: the labels have no such technique or family",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gates, err := ParseGates(tt.gates)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, r.Failures(gates)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
	empty, err := Evaluate(nil, &Episodes{}, DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	gates, err := ParseGates("recall=0,false-alerts=10")
	if err != nil {
		t.Fatal(err)
	}
	if got := empty.Failures(gates); len(got) != 2 {
		t.Errorf("of nothing, %v: what cannot be measured must not pass", got)
	}
}

func TestGateFaults(t *testing.T) {
	for _, bad := range []string{"recall", "recall=", "recall=2", "recall=-1", "recall=NaN", "detection=5", "speed=1", "false-alerts:x=1"} {
		if _, err := ParseGates(bad); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestOrderDoesNotMatter: findings and labels in any order, revisions of a finding too, give the same to the byte, but for
// the order in which attacks are listed.
func TestOrderDoesNotMatter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	labels, _, cfg := scene()
	var findings []finding.Finding
	for i := range 300 {
		f := finding.Finding{
			ID: string(rune('a' + i/3)), Revision: i%3 + 1, Detector: []string{"path_scan", "request_flood", "object_walk"}[i%2],
			Severity: finding.Severity(1 + i%5), Score: float64(i % 100),
			Entity:    event.Entity{Kind: event.KindNetwork, Value: "192.0.2." + strconv.Itoa(i%9)},
			FirstSeen: minutes(float64(i)).UnixNano(), LastSeen: minutes(float64(i + 5)).UnixNano(),
		}
		findings = append(findings, f)
	}
	var want []byte
	for range 20 {
		var found Episodes
		for i := range findings {
			found.Add(&findings[i])
		}
		r, err := Evaluate(labels, &found, cfg)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(r.Each, func(a, b Campaign) int { return strings.Compare(a.ID, b.ID) })
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("-first +now\n%s", diff)
		}
		rnd.Shuffle(len(findings), func(i, j int) { findings[i], findings[j] = findings[j], findings[i] })
		rnd.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	}
}

// BenchmarkEvaluate holds a hundred thousand findings against a thousand campaigns of a hundred networks each.
func BenchmarkEvaluate(b *testing.B) {
	var labels []label.Label
	for i := range 1000 {
		l := attack("a"+strconv.Itoa(i), "reconnaissance")
		l.Technique = "t" + strconv.Itoa(i%40)
		for k := range 100 {
			l.Entities = append(l.Entities, net(netip.AddrFrom4([4]byte{10, byte(i >> 2), byte(i), byte(k)}).String()))
		}
		labels = append(labels, l)
	}
	found := &Episodes{all: map[string]*Episode{}}
	for i := range 100_000 {
		e := episode("path_scan", event.KindNetwork, netip.AddrFrom4([4]byte{10, byte(i >> 9), byte(i >> 7), byte(i)}).String())
		e.ID = strconv.Itoa(i)
		found.all[e.ID] = e
	}
	for b.Loop() {
		if _, err := Evaluate(labels, found, DefaultConfig()); err != nil {
			b.Fatal(err)
		}
	}
}
