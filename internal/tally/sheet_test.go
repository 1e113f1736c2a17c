package tally

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
)

const start = int64(1_780_300_020e9) // a whole minute

// request is one to a service at a second after start.
type request struct {
	at      int
	service string
	route   string
	status  int
}

// told are the tallies of a stream, one line each, as "second service route requests refused failed".
func told(s *Sheet, all []request) (lines []string) {
	for _, r := range all {
		s.Clock(start + int64(r.at)*1e9)
		if r.service != "" {
			e := event.Event{Service: r.service, Method: "GET", Host: "x.example", Route: r.route}
			e.SetStatus(int64(r.status))
			e.SetDuration(1000)
			s.Add(&e, hashOf(r.service), hashOf(r.route), 0)
		}
		s.Due(func(f *facet.Facet) {
			lines = append(lines, fmt.Sprintf("%d–%d %s %s%s %d %d %d", (f.Tally.From-start)/1e9, (f.Event.Time-start)/1e9,
				f.Kind, f.Event.Service, f.Event.Route, f.Tally.Requests, f.Tally.Refused, f.Tally.Failed))
		})
	}
	return lines
}

// hashOf is a hash that a test can tell.
func hashOf(name string) uint64 {
	h := uint64(0)
	for _, c := range name {
		h = h*1_000_003 + uint64(c)
	}
	return h
}

func many(n, at int, service, route string, status int) []request {
	return slices.Repeat([]request{{at, service, route, status}}, n)
}

func TestSheetTellsSpans(t *testing.T) {
	var all []request
	all = append(all, many(25, 1, "shop", "/a", 200)...) // 20 of them let it in
	all = append(all, many(4, 5, "shop", "/b", 404)...)  // too few for an endpoint
	all = append(all, many(3, 12, "shop", "/a", 503)...)
	all = append(all, request{at: 35})                   // nothing in between
	all = append(all, many(2, 61, "shop", "/a", 200)...) // the minute is over
	all = append(all, request{at: 200})
	got := told(New(), all)
	want := []string{
		"0–10 service shop 9 4 0",
		"10–30 service shop 3 0 3",
		"30–60 service shop 0 0 0",
		"0–60 endpoint shop/a 8 0 3",
		"60–200 service shop 2 0 0",
		"60–200 endpoint shop/a 2 0 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSheetNamesWhatHasNoName(t *testing.T) {
	s := New()
	s.Clock(start)
	for range admission + 1 {
		s.Add(&event.Event{}, 1, 0, 0)
	}
	s.Clock(start + 10e9)
	n := 0
	s.Due(func(f *facet.Facet) {
		n++
		if ent, ok := f.Event.Entity(f.Kind); !ok || ent.Value != Unnamed {
			t.Errorf("told of %v", ent)
		}
	})
	if n != 1 {
		t.Errorf("told %d times", n)
	}
}

// TestSheetIsBounded has somebody make up services and endpoints: those that are really asked for stay.
func TestSheetIsBounded(t *testing.T) {
	s := New()
	s.Clock(start)
	real := event.Event{Service: "real", Route: "/real"}
	for range 500 {
		s.Add(&real, hashOf("real"), hashOf("/real"), 0)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		e := event.Event{Service: strings.Repeat("x", 1000) + fmt.Sprint(i), Route: fmt.Sprint("/x", i)}
		for range admission + 5 {
			s.Add(&e, rng.Uint64(), rng.Uint64(), 0) // names that come once
			s.Add(&e, hashOf(e.Service), hashOf(e.Route), 0)
		}
	}
	if len(s.lines) > maxServices+maxEndpoints {
		t.Errorf("%d lines, want at most %d", len(s.lines), maxServices+maxEndpoints)
	}
	if s.find(hashOf("real"), event.KindService) == nil || s.find(hashOf("/real"), event.KindEndpoint) == nil {
		t.Error("what is asked for often made room for what is not")
	}
	if size := len(s.AppendTo(nil)); size > 1<<20 {
		t.Errorf("%d bytes", size)
	}
}

// TestSheetSurvivesAWrongClock has the first event come from the next century.
func TestSheetSurvivesAWrongClock(t *testing.T) {
	s := New()
	s.Clock(start + int64(100*365*24*time.Hour))
	e := event.Event{Service: "shop"}
	for range admission + 10 {
		s.Add(&e, 1, 0, 0)
	}
	s.Clock(start + 5e9)
	s.Due(func(*facet.Facet) { t.Error("told while the clock went back") })
	s.Clock(start + 11e9)
	n := 0
	s.Due(func(f *facet.Facet) {
		n++
		if f.Tally.From != start || f.Event.Time != start+10e9 {
			t.Errorf("a span from %d to %d", f.Tally.From-start, f.Event.Time-start)
		}
	})
	if n != 1 {
		t.Errorf("told %d times", n)
	}
}

// TestSheetForgets a service that nobody asks for any more.
func TestSheetForgets(t *testing.T) {
	s := New()
	told(s, many(30, 1, "shop", "/a", 200))
	told(s, []request{{at: 9 * 24 * 3600}})
	if len(s.places) != 0 || s.used != [event.Kinds]int{} {
		t.Errorf("%d places, %v used", len(s.places), s.used)
	}
	told(s, many(30, 9*24*3600, "other", "/b", 200))
	if len(s.lines) != 2 {
		t.Errorf("%d lines: what was forgotten made no room", len(s.lines))
	}
}

// TestSheetIsSaved cuts a stream anywhere.
func TestSheetIsSaved(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var all []request
	for at := 0; at < 600; at += rng.IntN(9) {
		all = append(all, many(1+rng.IntN(9), at, fmt.Sprint("s", rng.IntN(3)), fmt.Sprint("/", rng.IntN(5)), 200+100*rng.IntN(4))...)
	}
	whole := New()
	want := told(whole, all)
	for cut := 0; cut < len(all); cut += 37 {
		s := New()
		got := told(s, all[:cut])
		saved, restored := s.AppendTo(nil), New()
		if err := restored.ReadFrom(saved); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(restored.AppendTo(nil), saved) {
			t.Fatalf("cut at %d: saved twice it differs", cut)
		}
		if got = append(got, told(restored, all[cut:])...); !slices.Equal(got, want) {
			t.Fatalf("cut at %d: other tallies", cut)
		}
		if !bytes.Equal(restored.AppendTo(nil), whole.AppendTo(nil)) {
			t.Fatalf("cut at %d: another end", cut)
		}
	}
}

func FuzzSheetReadFrom(f *testing.F) {
	s := New()
	told(s, append(many(60, 1, "shop", "/a", 200), many(40, 3, "other", "/b", 200)...))
	f.Add(s.AppendTo(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := New()
		if err := s.ReadFrom(b); err != nil {
			return
		}
		told(s, append(many(60, 1, "shop", "/a", 200), request{at: 700}))
		again := New()
		if err := again.ReadFrom(s.AppendTo(nil)); err != nil {
			t.Error(err)
		}
	})
}
