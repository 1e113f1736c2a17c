package facet

import (
	"net/netip"
	"strings"
	"testing"

	"gatewatch/internal/event"
)

func TestKey(t *testing.T) {
	e := event.Event{
		Client: netip.MustParseAddr("192.0.2.1"), Method: "POST", Host: "shop.example", Path: "/login", Route: "/login",
		Principal: "user@shop.example",
	}
	for _, tt := range []struct {
		kind event.Kind
		want string
	}{
		{event.KindEndpoint, "endpoint POST shop.example/login"},
		{event.KindPrincipal, "principal user@shop.example"},
		{event.KindSession, ""},
		{event.KindUnknown, ""},
	} {
		f := Facet{Kind: tt.kind, Event: e}
		if got := f.Key(); got != tt.want {
			t.Errorf("Key() of kind %s = %q, want %q", tt.kind, got, tt.want)
		}
	}
}

// TestKeyOfTallies has the tallies of a service's endpoints go where its own go.
func TestKeyOfTallies(t *testing.T) {
	for _, tt := range []struct {
		name  string
		kind  event.Kind
		event event.Event
		want  string
	}{
		{"service", event.KindService, event.Event{Service: "shop", Host: "shop.example"}, "service shop"},
		{"its endpoint", event.KindEndpoint, event.Event{Service: "shop", Host: "shop.example", Route: "/cart"}, "service shop"},
		{"endpoint of a host", event.KindEndpoint, event.Event{Host: "shop.example", Route: "/cart"}, "service shop.example"},
		{"endpoint of nobody", event.KindEndpoint, event.Event{Route: "/cart"}, "service " + Unnamed},
	} {
		f := Facet{Kind: tt.kind, Event: tt.event, Tally: Tally{From: 1}}
		if got := f.Key(); got != tt.want {
			t.Errorf("%s: Key() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestOfKeepsWhatMatters also holds what a facet must not carry on: what is of no use to the second stage, and long texts.
func TestOfKeepsWhatMatters(t *testing.T) {
	e := full().Event
	e.Query, e.Referrer, e.Credential, e.Session, e.RequestID = "user=a", "https://x.example/", "k", "s", "r"
	e.Unmapped = []event.Pair{{Key: "a", Value: "b"}}
	e.SetDuration(5)
	e.Path = strings.Repeat("é", 400)
	var f Facet
	f.Of(&e)
	if f.Event.Query+f.Event.Referrer+f.Event.Credential+f.Event.Session+f.Event.RequestID != "" || len(f.Event.Unmapped) > 0 ||
		f.Event.Has(event.FieldDuration) {
		t.Errorf("a facet of %+v has too much: %+v", e, f.Event)
	}
	if got := f.Event.Path; got != strings.Repeat("é", 256) {
		t.Errorf("the path was cut to %d bytes, want 512 at most and whole runes", len(got))
	}
	e.Path = strings.Repeat("x", 511) + "é"
	f.Of(&e)
	if len(f.Event.Path) != 511 {
		t.Errorf("the path was cut to %d bytes, want 511: the next rune does not fit", len(f.Event.Path))
	}
	want := full().Event
	want.Path = f.Event.Path
	if f.Event.Time != want.Time || f.Event.Client != want.Client || f.Event.Principal != want.Principal ||
		f.Event.Status != want.Status || f.Event.JA4 != want.JA4 || f.Event.ASN != want.ASN || f.Event.Origin != want.Origin {
		t.Errorf("a facet lacks something: %+v", f.Event)
	}
}
