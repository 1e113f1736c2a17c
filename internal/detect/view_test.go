package detect

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

func TestFacets(t *testing.T) {
	request := func(method, path, query string, status int64) event.Event {
		e := event.Event{
			Time: start.UnixNano(), Client: netip.MustParseAddr("192.0.2.7"), Method: method, Host: "shop.example",
			Path: path, Route: path, Query: query,
		}
		e.SetStatus(status)
		return e
	}
	named := request("POST", "/api/login", "", 401)
	named.Principal = "Ann%40Shop.example"
	basic := request("GET", "/report", "", 401)
	basic.Principal = "admin"
	nobody := request("POST", "/api/login", "", 401)
	nobody.Client = netip.Addr{}
	token := request("POST", "/oauth/token", "", 400)
	token.Principal = "app"
	for _, tt := range []struct {
		name string
		in   event.Event
		want []string // ordinal, outcome and key of each
	}{
		{"a page", request("GET", "/", "", 200), nil},
		{"the form", request("GET", "/login", "", 200), nil},
		{"an attempt", request("POST", "/api/login", "", 401), []string{"0 failure endpoint POST shop.example/api/login"}},
		{"one whose end is not known", request("POST", "/login", "", 302), []string{"0 unknown endpoint POST shop.example/login"}},
		{"with an account", named, []string{
			"0 failure endpoint POST shop.example/api/login", "1 failure principal ann@shop.example",
		}},
		{"with an account in the query", request("POST", "/api/login", "user=BOB", 401), []string{
			"0 failure endpoint POST shop.example/api/login", "1 failure principal bob",
		}},
		{"credentials of a request", basic, []string{"0 failure principal admin"}},
		{"a login that is not there", request("POST", "/wp-login.php", "", 404), nil},
		{"a login that is broken", request("POST", "/api/login", "", 502), nil},
		{"a token", request("POST", "/oauth/token", "", 200), nil},
		{"a token that is refused", request("POST", "/oauth/token", "", 400), nil},
		{"a token that is refused to somebody", token, []string{"0 failure principal app"}},
		{"without a client", nobody, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := testEngine(t, testConfig()).first
			login := named
			e.Step(&login, func(*finding.Finding) {}) // what came before must not show
			e.Step(&tt.in, func(*finding.Finding) {})
			var got []string
			e.Facets(func(f *facet.Facet) {
				got = append(got, fmt.Sprintf("%d %s %s", f.Source.Ordinal, f.Outcome, f.Key()))
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Facets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFacetsRememberTheNetwork(t *testing.T) {
	e := testEngine(t, testConfig()).first
	var failed, passed []uint8
	for i := range 300 {
		ev := event.Event{Time: start.UnixNano(), Client: netip.MustParseAddr("192.0.2.7"), Method: "POST", Path: "/api/login"}
		ev.SetStatus(int64(401 - 201*(i%2)))
		e.Step(&ev, func(*finding.Finding) {})
		e.Facets(func(f *facet.Facet) { failed, passed = append(failed, f.Failed), append(passed, f.Passed) })
	}
	if diff := cmp.Diff([]uint8{0, 1, 1, 2, 2, 3}, failed[:6]); diff != "" {
		t.Errorf("failed before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uint8{0, 0, 1, 1, 2, 2}, passed[:6]); diff != "" {
		t.Errorf("passed before (-want +got):\n%s", diff)
	}
	if failed[299] != 150 || passed[299] != 149 {
		t.Errorf("after 299 log-ins: failed %d, passed %d", failed[299], passed[299])
	}
}

// TestFacetsTravel encodes each facet and decodes it again between the stages: the findings stay the same.
func TestFacetsTravel(t *testing.T) {
	events := mixed(t, 12, 40, 2000)
	want := fold(testEngine(t, testConfig()), events)
	e := testEngine(t, testConfig())
	var got []finding.Finding
	emit := func(f *finding.Finding) { got = append(got, snapshotOf(f)) }
	var there facet.Facet
	for i := range events {
		e.first.Step(&events[i], emit)
		e.first.Facets(func(f *facet.Facet) {
			b := f.AppendProto(nil)
			if err := there.UnmarshalProto(b); err != nil {
				t.Fatal(err)
			}
			e.second.Fold(&there, emit)
		})
	}
	brief := func(all []finding.Finding) (out []string) {
		for i := range all {
			b, err := all[i].MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(b))
		}
		return out
	}
	if diff := cmp.Diff(brief(want), brief(got)); diff != "" {
		t.Errorf("(-at once +over the wire):\n%s", diff)
	}
}

func TestFacetsDoNotAllocate(t *testing.T) {
	e := testEngine(t, testConfig())
	events := mixed(t, 13, 40, 2000)
	fold(e, events)
	ev := event.Event{
		Time: events[len(events)-1].Time, Client: netip.MustParseAddr("198.51.100.5"), Method: "POST", Host: "shop.example",
		Path: "/api/login", Route: "/api/login", Principal: "Somebody%40shop.example",
	}
	ev.SetStatus(200)
	emit := func(*finding.Finding) {}
	e.Step(&ev, emit)
	if allocs := testing.AllocsPerRun(100, func() { e.Step(&ev, emit) }); allocs != 0 {
		t.Errorf("a log-in through both stages allocates %v times", allocs)
	}
}

// BenchmarkFacetsOfNone is what an ordinary event pays for the second stage.
func BenchmarkFacetsOfNone(b *testing.B) {
	e := testEngine(b, testConfig()).first
	events := ordinary(b, 1)
	e.Step(&events[0], func(*finding.Finding) {})
	yield := func(*facet.Facet) {}
	for b.Loop() {
		e.Facets(yield)
	}
}

// BenchmarkFold is a log-in in the second stage.
func BenchmarkFold(b *testing.B) {
	e := testEngine(b, testConfig())
	events := mixed(b, 14, 40, 2000)
	var facets []facet.Facet
	for i := range events {
		e.first.Step(&events[i], func(*finding.Finding) {})
		e.first.Facets(func(f *facet.Facet) {
			c := *f
			c.Event = f.Event.Clone(0)
			facets = append(facets, c)
		})
	}
	emit := func(*finding.Finding) {}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		e.second.Fold(&facets[i%len(facets)], emit)
		i++
	}
}
