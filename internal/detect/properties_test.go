package detect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// smallConfig makes eviction and shedding happen in short streams.
func smallConfig() Config {
	cfg := testConfig()
	cfg.MaxEntities, cfg.MaxStates, cfg.MaxEpisodes = 60, 24, 12
	return cfg
}

// say folds events and appends what was said, as JSON Lines.
func say(t testing.TB, b *bytes.Buffer, e *stages, events []event.Event) {
	t.Helper()
	emit := func(f *finding.Finding) {
		line, err := f.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	for i := range events {
		e.Step(&events[i], emit)
	}
}

// snapshots are those of both stages.
type snapshots struct{ first, second []byte }

func (s snapshots) equal(o snapshots) bool {
	return bytes.Equal(s.first, o.first) && bytes.Equal(s.second, o.second)
}

func snapshot(t testing.TB, s *stages) snapshots {
	t.Helper()
	first, err1 := s.first.Snapshot(nil)
	second, err2 := s.second.Snapshot(nil)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return snapshots{first, second}
}

func restore(t testing.TB, cfg Config, s snapshots) *stages {
	t.Helper()
	restored, dropped := restoreStages(t, cfg, s)
	if len(dropped) > 0 {
		t.Fatalf("restoring: dropped %v", dropped)
	}
	return restored
}

func restoreStages(t testing.TB, cfg Config, s snapshots) (*stages, []string) {
	t.Helper()
	events, facets := Split(Catalog())
	first, dropped1, err1 := Restore(cfg, events, s.first)
	second, dropped2, err2 := Restore(cfg, facets, s.second)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &stages{first, second}, append(dropped1, dropped2...)
}

func TestTrafficMakesEveryDetectorSpeak(t *testing.T) {
	e := testEngine(t, testConfig())
	got := map[string]bool{}
	for _, f := range fold(e, mixed(t, 1, 40, 2000)) {
		got[f.Detector+" "+f.Entity.Value] = true
	}
	for _, d := range Catalog() {
		if want := d.Spec().Name + " " + attackers[d.Spec().Name]; !got[want] {
			t.Errorf("%s was not found", want)
		}
	}
}

// TestCutAnywhere stops a stream, saves, restores and goes on: nobody can tell.
func TestCutAnywhere(t *testing.T) {
	for _, tt := range []struct {
		name         string
		cfg          Config
		size, people int
		cuts         int // at random, 0 for every one
	}{
		{"every offset of a short stream", testConfig(), 5, 350, 0},
		{"every offset of a short stream with little room", smallConfig(), 5, 350, 0},
		{"a longer stream", testConfig(), 40, 2000, 20},
		{"a longer stream with little room", smallConfig(), 40, 2000, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			traffic := shortly // whose every offset can be tried
			if tt.cuts > 0 {
				traffic = mixed
			}
			events := traffic(t, 2, tt.size, tt.people)
			var want bytes.Buffer
			whole := testEngine(t, tt.cfg)
			say(t, &want, whole, events)
			end := snapshot(t, whole)
			if want.Len() == 0 {
				t.Fatal("the stream gives no finding")
			}
			cuts, step := len(events), 1
			if testing.Short() {
				cuts, step = cuts/20, 20 // under the race detector this is the slowest test of all
			}
			if tt.cuts > 0 {
				cuts = tt.cuts
			}
			rng := rand.New(rand.NewPCG(3, 3))
			first := testEngine(t, tt.cfg)
			var before bytes.Buffer
			at := 0
			for i := range cuts {
				next := i * step
				if tt.cuts > 0 {
					next = min(at+rng.IntN(2*len(events)/cuts), len(events))
				}
				say(t, &before, first, events[at:next])
				at = next
				second := restore(t, tt.cfg, snapshot(t, first))
				got := *bytes.NewBuffer(slices.Clone(before.Bytes()))
				say(t, &got, second, events[at:])
				if !bytes.Equal(want.Bytes(), got.Bytes()) {
					t.Fatalf("cut at %d of %d: findings differ:\n%s", at, len(events), cmp.Diff(lines(want.String()), lines(got.String())))
				}
				if !end.equal(snapshot(t, second)) {
					t.Fatalf("cut at %d of %d: snapshots differ at the end", at, len(events))
				}
			}
		})
	}
}

func lines(s string) []string { return strings.Split(s, "\n") }

func TestSameInputSameFindings(t *testing.T) {
	events := mixed(t, 4, 40, 2000)
	var a, b bytes.Buffer
	x, y := testEngine(t, testConfig()), testEngine(t, testConfig())
	say(t, &a, x, events)
	say(t, &b, y, events)
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("findings differ")
	}
	if !snapshot(t, x).equal(snapshot(t, y)) {
		t.Error("snapshots differ")
	}
}

// TestBounded floods the engine with keys that come once, and with keys that make a state each.
func TestBounded(t *testing.T) {
	keys := 1_000_000
	if testing.Short() {
		keys = 100_000
	}
	cfg := testConfig()
	cfg.MaxEntities, cfg.MaxStates, cfg.MaxEpisodes = 4096, 1024, 64
	e := testEngine(t, cfg)
	attack := mixed(t, 5, 40, 0)
	found := map[string]bool{}
	emit := func(f *finding.Finding) { found[f.Detector+" "+f.Entity.Value] = true }
	each := keys / len(attack)
	ev := event.Event{Method: "GET", Host: "shop.example", Path: "/", Route: "/", UserAgent: browserAgent}
	ev.SetStatus(200)
	n := uint32(0)
	for i := range attack {
		e.Step(&attack[i], emit)
		for range each {
			n++
			ev.Client = netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
			ev.Time = attack[i].Time
			ev.Path = "/"
			ev.Method, ev.Query, ev.Host = "GET", "", "shop.example"
			ev.SetStatus(200)
			switch {
			case n%8 == 0:
				ev.Path = "/.env" // each of these makes a state and an episode
			case n%32 == 1: // and each of these an endpoint, some an account
				ev.Method, ev.Path, ev.Host = "POST", "/login", fmt.Sprintf("h%d.example", n)
				ev.SetStatus(401)
				if n%256 == 1 {
					ev.Query = fmt.Sprintf("user=u%d", n)
				}
			}
			e.Step(&ev, emit)
		}
	}
	for _, n := range []int{
		e.first.Entities(event.KindNetwork), e.second.Entities(event.KindEndpoint), e.second.Entities(event.KindPrincipal),
	} {
		if n > cfg.MaxEntities || n == 0 {
			t.Errorf("%d entities, limit %d", n, cfg.MaxEntities)
		}
	}
	for name, states := range e.States() {
		if states > cfg.MaxStates {
			t.Errorf("%s: %d states, limit %d", name, states, cfg.MaxStates)
		}
	}
	if c := e.first.Counts(); c.Evicted == 0 || c.Shed == 0 {
		t.Errorf("nothing was evicted or shed: %+v", c)
	}
	if c := e.second.Counts(); c.Evicted+c.Lost == 0 {
		t.Errorf("nothing was evicted or lost in the second stage: %+v", c)
	}
	for detector, client := range attackers {
		if !found[detector+" "+client] {
			t.Errorf("%s did not find %s in the crowd", detector, client)
		}
	}
}

// yesterday is a catalog as it may have been: one detector was not there, one was there that is gone, one had another
// version.
func yesterday() []Definition {
	all, facets := Split(Catalog())
	facets[1].spec.Version += 3
	gone, older := all[2], all[3]
	gone.spec.Name = "gone"
	gone.start = renamed(gone.start)
	older.spec.Version += 7
	return append([]Definition{all[0], all[1], gone, older, all[5], all[6], all[7]}, facets...)
}

func renamed(start func(*Config) runner) func(*Config) runner { return start }

func TestYesterdaysCatalog(t *testing.T) {
	events := mixed(t, 6, 40, 500)
	cut := len(events) / 2
	old := newStages(t, testConfig(), yesterday())
	fold(old, events[:cut])
	e, dropped := restoreStages(t, testConfig(), snapshot(t, old))
	want := []string{"gone: not in the catalog", "credential_stuffing: version 9, now 2", "account_attack: version 4, now 1"}
	if diff := cmp.Diff(want, dropped); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	if old, now := old.first.Entities(event.KindNetwork), e.first.Entities(event.KindNetwork); old != now {
		t.Errorf("%d networks, want %d", now, old)
	}
	for _, name := range []string{"path_scan", "scanner_agent", "injection_probe", "distributed_stuffing"} {
		if e.States()[name] != old.States()[name] {
			t.Errorf("%s: %d states, want %d", name, e.States()[name], old.States()[name])
		}
	}
	said := append(fold(e, events[cut:]), flush(e)...)
	closed := map[string]int{}
	for i := range said {
		if said[i].Activity == finding.Close {
			closed[said[i].Detector]++
		}
	}
	for _, name := range []string{"path_scan", "object_walk", "login_bruteforce", "distributed_stuffing", "account_attack"} {
		if closed[name] == 0 {
			t.Errorf("%s closed nothing", name)
		}
	}
	// What is restored into today's catalog is a whole state again.
	restore(t, testConfig(), snapshot(t, e))
}

// TestOrderWithinLateness shuffles events by less than the allowed lateness: who is found stays the same.
func TestOrderWithinLateness(t *testing.T) {
	events := mixed(t, 7, 40, 1000)
	who := func(events []event.Event) []string {
		var all []string
		for _, f := range fold(testEngine(t, testConfig()), events) {
			all = append(all, f.Detector+" "+f.Entity.Value)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	want := who(events)
	rng := rand.New(rand.NewPCG(8, 8))
	for range 5 {
		type arrival struct {
			at int64
			e  event.Event
		}
		order := make([]arrival, len(events))
		for i := range events {
			order[i] = arrival{events[i].Time + rng.Int64N(int64(55*time.Second)), events[i]}
		}
		slices.SortFunc(order, func(a, b arrival) int { return int(a.at - b.at) })
		late := make([]event.Event, 0, len(events))
		for i := range order {
			late = append(late, order[i].e)
		}
		if diff := cmp.Diff(want, who(late)); diff != "" {
			t.Errorf("(-in order +shuffled):\n%s", diff)
		}
	}
}

// TestStrayTimes puts single events with times of another age between the others: they change nothing for these.
func TestStrayTimes(t *testing.T) {
	events := mixed(t, 9, 40, 1000)
	var want, got bytes.Buffer
	e := testEngine(t, testConfig())
	say(t, &want, e, events)
	for _, at := range []int64{0, 1, start.AddDate(-20, 0, 0).UnixNano(), start.AddDate(5, 0, 0).UnixNano(), start.AddDate(200, 0, 0).UnixNano(), -1 << 60} {
		t.Run(time.Unix(0, at).UTC().Format(time.RFC3339), func(t *testing.T) {
			got.Reset()
			e := testEngine(t, testConfig())
			stray := event.Event{Time: at, Client: netip.MustParseAddr("192.0.2.200"), Method: "GET", Host: "other.example", Path: "/", Route: "/"}
			stray.SetStatus(200)
			say(t, &got, e, []event.Event{stray})
			for i := range events {
				say(t, &got, e, events[i:i+1])
				if i%37 == 0 {
					say(t, &got, e, []event.Event{stray})
				}
			}
			if diff := cmp.Diff(brief(t, want.String()), brief(t, got.String())); diff != "" {
				t.Errorf("(-without +with):\n%s", diff)
			}
		})
	}
}

// brief is findings without what depends on the peers' minute, which a stray event may end early.
func brief(t *testing.T, s string) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(s) {
		var f struct {
			ID, Activity, Detector, Severity string
			Count                            int
			LastSeen                         string `json:"last_seen"`
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(f))
	}
	return out
}
