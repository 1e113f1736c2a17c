package simulate

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/app/simulate/attack"
	"gatewatch/internal/event"
	"gatewatch/internal/label"
)

// short is a simulation that takes a moment: two days, the second of them under attack.
func short() Config {
	cfg := DefaultConfig()
	cfg.Start, cfg.Days, cfg.Clients, cfg.Quiet, cfg.Intensity = "2026-03-03", 2, 150, 1, .1
	return cfg
}

// memory is a sink that keeps everything.
type memory struct{ bytes.Buffer }

func (m *memory) Line(line []byte) error {
	m.Write(line)
	return m.WriteByte('\n')
}

func simulate(t testing.TB, cfg Config) ([]byte, []label.Label) {
	t.Helper()
	var m memory
	s, err := New(cfg, &m)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return m.Bytes(), s.Labels()
}

// events are the events of a log, all of whose lines must be good.
type events struct {
	t   *testing.T
	all []event.Event
}

func (s *events) Event(e *event.Event) { s.all = append(s.all, e.Clone(1<<10)) }
func (s *events) Reject(reason format.Reason, line []byte) {
	s.t.Errorf("rejected for %v: %s", reason, line)
}

func read(t *testing.T, log []byte) []event.Event {
	t.Helper()
	d, err := accesslog.New(accesslog.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s := &events{t: t}
	for line := range bytes.Lines(log) {
		d.Decode(bytes.TrimSuffix(line, []byte("\n")), s)
		if t.Failed() {
			t.FailNow()
		}
	}
	return s.all
}

func TestLinesAreReadInOrder(t *testing.T) {
	for _, name := range []string{"nginx-json", "combined"} {
		t.Run(name, func(t *testing.T) {
			cfg := short()
			cfg.Format = name
			log, _ := simulate(t, cfg)
			all := read(t, log)
			if lines := bytes.Count(log, []byte("\n")); len(all) != lines || lines < 10_000 {
				t.Fatalf("%d events of %d lines, want as many, and more than 10 000", len(all), lines)
			}
			if name == "nginx-json" {
				checkFields(t, all)
			}
			if !slices.IsSortedFunc(all, func(a, b event.Event) int { return int(a.Time - b.Time) }) {
				t.Error("events are not in the order of time")
			}
			zone, err := time.LoadLocation(cfg.Zone)
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Date(2026, 3, 3, 0, 0, 0, 0, zone)
			first, last := all[0].When(), all[len(all)-1].When()
			if first.Before(begin) || first.Sub(begin) > time.Minute || !last.Before(begin.AddDate(0, 0, 2)) {
				t.Errorf("from %s to %s, want two days from %s on", first, last, begin)
			}
		})
	}
}

// checkFields looks for what only the rich format tells.
func checkFields(t *testing.T, all []event.Event) {
	t.Helper()
	var principal, credential, session, fingerprint, service, upstream int
	for _, e := range all {
		count := func(n *int, there bool) {
			if there {
				*n++
			}
		}
		count(&principal, e.Principal != "")
		count(&credential, e.Credential != "")
		count(&session, e.Session != "")
		count(&fingerprint, e.JA4 != "")
		count(&service, e.Service != "")
		count(&upstream, e.UpstreamUS > 0)
		if !e.Has(event.FieldStatus|event.FieldBytesIn|event.FieldBodyBytesOut) || e.ASN == 0 || e.Country == "" {
			t.Fatalf("a field is missing: %+v", e)
		}
	}
	for name, n := range map[string]int{
		"principal": principal, "credential": credential, "session": session, "fingerprint": fingerprint, "service": service, "upstream": upstream,
	} {
		if n < 100 {
			t.Errorf("%d events have a %s, want some", n, name)
		}
	}
}

func TestSeedRepeatsAndDiffers(t *testing.T) {
	cfg := short()
	a, labels := simulate(t, cfg)
	b, again := simulate(t, cfg)
	if !bytes.Equal(a, b) {
		t.Error("the same seed gave other bytes")
	}
	if diff := cmp.Diff(labels, again); diff != "" {
		t.Errorf("the same seed gave other labels (-first +second):\n%s", diff)
	}
	cfg.Seed = 2
	if c, _ := simulate(t, cfg); bytes.Equal(a, c) {
		t.Error("another seed gave the same bytes")
	}
}

// TestLabelsAreTrue looks for everybody a label names among those who made requests in its time.
func TestLabelsAreTrue(t *testing.T) {
	cfg := short()
	log, labels := simulate(t, cfg)
	all := read(t, log)
	made := map[string]int{}
	for _, l := range labels {
		if err := l.Validate(); err != nil {
			t.Errorf("%s: %v", l.ID, err)
		}
		if l.Attack {
			made[l.ID]++
			checkEntities(t, &l, all)
		}
	}
	for _, a := range attack.All() {
		if made[a.Name+"-1"] != 1 {
			t.Errorf("%s has %d labels, want 1", a.Name, made[a.Name+"-1"])
		}
	}
	for _, benign := range []string{"deploy-1", "newsletter-1"} {
		if !slices.ContainsFunc(labels, func(l label.Label) bool { return l.ID == benign && !l.Attack }) {
			t.Errorf("%s is not labelled", benign)
		}
	}
}

func checkEntities(t *testing.T, l *label.Label, all []event.Event) {
	t.Helper()
	seen := map[label.Entity]bool{}
	var byNetwork int64
	for i := range all {
		e := &all[i]
		if e.When().Before(l.Begin.Truncate(time.Second)) || e.When().After(l.End) {
			continue
		}
		network, _ := e.Entity(event.KindNetwork)
		for _, kind := range []event.Kind{event.KindNetwork, event.KindPrefix, event.KindPrincipal, event.KindEndpoint, event.KindFingerprint} {
			if entity, ok := e.Entity(kind); ok {
				seen[label.Entity{Type: kind.String(), Value: entity.Value}] = true
			}
		}
		seen[label.Entity{Type: "service", Value: e.Service}] = true
		if slices.Contains(l.Entities, label.Entity{Type: "network", Value: network.Value}) {
			byNetwork++
		}
	}
	for _, entity := range l.Entities {
		if !seen[entity] && l.Technique != "silence" && l.Technique != "drop" {
			t.Errorf("%s: %s %s made no request from %s to %s", l.ID, entity.Type, entity.Value, l.Begin, l.End)
		}
	}
	if byNetwork > 0 && l.Requests > byNetwork {
		t.Errorf("%s: %d requests, but its networks made %d", l.ID, l.Requests, byNetwork)
	}
}

// TestAttackersChangeNobodyElse holds the lines of the innocent against those of a run without attacks.
func TestAttackersChangeNobodyElse(t *testing.T) {
	cfg := short()
	cfg.Attacks = []string{"none"}
	want, _ := simulate(t, cfg)
	cfg.Attacks = []string{"flood", "distributed_stuffing", "path_scan_spread", "takeover", "stolen_token"}
	got, labels := simulate(t, cfg)
	hostile := map[string]bool{}
	for _, l := range labels {
		for _, e := range l.Entities {
			if e.Type == "network" {
				hostile[e.Value] = true
			}
		}
	}
	var innocent []byte
	for line := range bytes.Lines(got) {
		_, rest, _ := strings.Cut(string(line), `"remote_addr":"`)
		addr, _, _ := strings.Cut(rest, `"`)
		if !hostile[addr] {
			innocent = append(innocent, line...)
		}
	}
	if !bytes.Equal(innocent, want) {
		t.Errorf("%d bytes of the innocent, want %d, the same", len(innocent), len(want))
	}
}

func TestSilenceIsSilent(t *testing.T) {
	cfg := short()
	cfg.Clients, cfg.Attacks = 300, []string{"silence"}
	log, labels := simulate(t, cfg)
	i := slices.IndexFunc(labels, func(l label.Label) bool { return l.Technique == "silence" })
	if i < 0 {
		t.Fatal("there is no silence")
	}
	l := labels[i]
	during, around := 0, 0
	for _, e := range read(t, log) {
		if e.Service != l.Entities[0].Value {
			continue
		}
		switch at := e.When(); {
		case !at.Before(l.Begin) && at.Before(l.End):
			during++
		case !at.Before(l.Begin.Add(-time.Hour)) && at.Before(l.End.Add(time.Hour)):
			around++
		}
	}
	if during != 0 || around < 10 {
		t.Errorf("%d requests during, %d in the hours around: want none and some", during, around)
	}
}

// TestStealthIsSlower tells that the same attack takes longer, and no longer names its tool.
func TestStealthIsSlower(t *testing.T) {
	cfg := short()
	cfg.Attacks, cfg.Intensity = []string{"brute_force"}, .1
	span := func(stealth float64) (time.Duration, bool) {
		cfg.Stealth = stealth
		log, labels := simulate(t, cfg)
		i := slices.IndexFunc(labels, func(l label.Label) bool { return l.Attack })
		from := labels[i].Entities[1].Value
		if _, err := netip.ParseAddr(from); err != nil {
			t.Fatal(err)
		}
		loud := false
		for line := range bytes.Lines(log) {
			loud = loud || bytes.Contains(line, []byte(`"`+from+`"`)) && bytes.Contains(line, []byte("python-requests"))
		}
		return labels[i].End.Sub(labels[i].Begin), loud
	}
	open, named := span(0)
	hidden, namedToo := span(1)
	if hidden < 4*open || !named || namedToo {
		t.Errorf("open: %s, named as a tool: %v; hidden: %s, named: %v", open, named, hidden, namedToo)
	}
}

func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var m memory
	s, err := New(short(), &m)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ctx); err != nil || m.Len() != 0 || len(s.Labels()) != 0 {
		t.Errorf("%v, %d bytes and %d labels, want nothing of any", err, m.Len(), len(s.Labels()))
	}
}

func BenchmarkSimulate(b *testing.B) {
	cfg := DefaultConfig()
	cfg.Days = 2
	lines := int64(0)
	for b.Loop() {
		f := To(discard{})
		s, err := New(cfg, f)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		lines += s.Progress().Lines
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// TestIntensityIsHowMuch tells that twice the intensity is twice the requests, in no more time.
func TestIntensityIsHowMuch(t *testing.T) {
	cfg := short()
	cfg.Clients, cfg.Attacks, cfg.Scenarios = 10, []string{"brute_force"}, []string{"none"}
	at := func(intensity float64) label.Label {
		cfg.Intensity = intensity
		_, labels := simulate(t, cfg)
		if len(labels) != 1 {
			t.Fatalf("%d labels, want 1", len(labels))
		}
		return labels[0]
	}
	usual, twice := at(1), at(2)
	if twice.Requests != 2*usual.Requests || twice.End.Sub(twice.Begin) > usual.End.Sub(usual.Begin)*11/10 {
		t.Errorf("%d requests in %s, and %d in %s: want twice as many in the same time",
			usual.Requests, usual.End.Sub(usual.Begin), twice.Requests, twice.End.Sub(twice.Begin))
	}
}

// TestSmallest simulates hardly anybody: nothing may divide by the number of those who are not there.
func TestSmallest(t *testing.T) {
	for clients := range 4 {
		cfg := short()
		cfg.Days, cfg.Quiet, cfg.Clients, cfg.Intensity = 1, 0, clients+1, .001
		if log, labels := simulate(t, cfg); len(log) == 0 || len(labels) == 0 {
			t.Errorf("%d clients: %d bytes, %d labels", cfg.Clients, len(log), len(labels))
		}
	}
}
