package detect

import (
	"bytes"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

// scan is a client that asks for what no honest one does, once a second from start.
func scan() []event.Event {
	var all []event.Event
	for i := range 40 {
		e := event.Event{
			Time: start.Add(time.Duration(i) * time.Second).UnixNano(), Client: netip.MustParseAddr("192.0.2.7"),
			Method: "GET", Host: "shop.example", Path: fmt.Sprintf("/nothing/%d.bak", i), UserAgent: "Mozilla/5.0",
		}
		e.Origin.Topic, e.Origin.Offset = "log", int64(i)
		e.SetStatus(404)
		all = append(all, e)
	}
	return all
}

// TestTickCloses: an episode closes when enough time has passed without an event, told by ticks, and never before.
func TestTickCloses(t *testing.T) {
	e := testEngine(t, testConfig())
	var out bytes.Buffer
	say(t, &out, e, scan())
	said := func(at time.Time) (all []string) {
		e.first.Tick(at.UnixNano(), func(f *finding.Finding) { all = append(all, f.Detector+" "+f.Activity.String()) })
		return all
	}
	last := start.Add(39 * time.Second)
	quiet := 15 * time.Minute // of path_scan
	for at := last; at.Before(last.Add(quiet + time.Minute)); at = at.Add(10 * time.Second) {
		if got := said(at); got != nil {
			t.Fatalf("%s after the last event: %v", at.Sub(last), got)
		}
	}
	var got []string
	for i := range 6 {
		got = append(got, said(last.Add(quiet+time.Minute+time.Duration(i+1)*10*time.Second))...)
	}
	if diff := cmp.Diff([]string{"path_scan close"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s\nbefore: %s", diff, out.String())
	}
	e.first.Facets(func(f *facet.Facet) {
		if !f.IsTally() {
			t.Errorf("a tick gave a facet of %s", f.Kind)
		}
	})
}

// TestTickTells: what a service comes to is told while nobody asks for anything: nothing.
func TestTickTells(t *testing.T) {
	e := testEngine(t, testConfig()).first
	for _, ev := range scan() {
		e.Step(&ev, func(*finding.Finding) {})
	}
	var got []uint64
	for minute := range 4 {
		e.Tick(start.Add(time.Duration(minute+1)*time.Minute).UnixNano(), func(*finding.Finding) {})
		e.Facets(func(f *facet.Facet) {
			if f.Kind == event.KindService {
				got = append(got, f.Tally.Requests)
			}
		})
	}
	if len(got) != 4 || got[0] == 0 || got[1]+got[2]+got[3] != 0 {
		t.Errorf("the service had %d requests in four minutes, want some and then none, each minute told", got)
	}
}

// TestTicksOfThePast: ticks that tell nothing new change nothing, wherever they come, so that several may tell the time, and
// twice.
func TestTicksOfThePast(t *testing.T) {
	events := mixed(t, 4, 8, 300)
	var want, got bytes.Buffer
	plain, ticked := testEngine(t, testConfig()), testEngine(t, testConfig())
	say(t, &want, plain, events)
	newest := int64(0)
	for i := range events {
		say(t, &got, ticked, events[i:i+1])
		newest = max(newest, events[i].Time)
		ticked.first.Tick(newest-int64(i%90)*1e9, func(f *finding.Finding) { t.Errorf("a tick of the past found %s", f.Detector) })
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Error("ticks of the past changed what is found")
	}
	if !snapshot(t, plain).equal(snapshot(t, ticked)) {
		t.Error("ticks of the past changed the state")
	}
}

func TestTicksAndTheClock(t *testing.T) {
	const second, day = int64(1e9), 24 * int64(3600e9)
	now := start.UnixNano()
	type step struct {
		tick bool
		at   int64
	}
	ev := func(at int64) step { return step{false, at} }
	tick := func(at int64) step { return step{true, at} }
	for _, tt := range []struct {
		name  string
		steps []step
		want  int64
	}{
		{"a tick goes on", []step{ev(now), ev(now + second), tick(now + 11*second)}, now + 11*second},
		{"one jump ahead is not believed", []step{ev(now), ev(now), tick(now + day)}, now},
		{"a second one is", []step{ev(now), ev(now), tick(now + day), tick(now + day + 10*second)}, now + day + 10*second},
		{"an event confirms it", []step{ev(now), ev(now), tick(now + day), ev(now + day)}, now + day},
		{"a tick takes back what one event claimed", []step{ev(now), ev(now), ev(now + day), tick(now + second), ev(now + day)}, now + second},
		{"ticks do not move a clock that is ahead", []step{ev(now), ev(now), ev(now + day), ev(now + day), tick(now), tick(now + second)}, now + day},
		{"a first event that was wrong", []step{ev(now + day), tick(now)}, now},
		{"an older log after ticks alone", []step{tick(now), tick(now + second), ev(now - day), ev(now - day + second)}, now - day + second},
		{"and with ticks between", []step{tick(now), ev(now - day), tick(now + second), ev(now - day + second), ev(now - day + 2*second)}, now - day + 2*second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := testEngine(t, testConfig()).first
			for _, s := range tt.steps {
				if s.tick {
					e.Tick(s.at, func(*finding.Finding) {})
				} else {
					e.Step(&event.Event{Time: s.at, Client: netip.MustParseAddr("192.0.2.7")}, func(*finding.Finding) {})
				}
			}
			if e.clock.high != tt.want {
				t.Errorf("the clock is %s off", time.Duration(e.clock.high-tt.want))
			}
		})
	}
}

func TestTime(t *testing.T) {
	e := testEngine(t, testConfig()).first
	now := start.UnixNano()
	for i, s := range []struct {
		tick bool
		at   int64
		want int64
	}{
		{true, now, 0}, {true, now, 0}, {false, now, now}, {true, now + 5, now + 5}, {false, now + 1, now + 5}, {true, now + 10, now + 10}, {false, now, now + 10},
	} {
		if s.tick {
			e.Tick(s.at, func(*finding.Finding) {})
		} else {
			e.Step(&event.Event{Time: s.at, Client: netip.MustParseAddr("192.0.2.7")}, func(*finding.Finding) {})
		}
		if got := e.Time(); got != s.want {
			t.Errorf("step %d: time %d, want %d", i, got-now, s.want-now)
		}
	}
}
