package identity

import (
	"net/netip"
	"strings"
	"testing"

	"gatewatch/internal/event"
)

func newResolver(t testing.TB, cfg ProxyConfig) *Resolver {
	t.Helper()
	r, err := NewResolver(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func addr(s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	return netip.MustParseAddr(s)
}

// proxy is a trusted peer.
const proxy = "10.0.0.1"

var resolveTests = []struct {
	name   string
	peer   string
	client string // as the gateway logged it
	xff    string
	want   string
}{
	{"no proxy, no header", "203.0.113.9", "", "", "203.0.113.9"},
	{"header of an untrusted peer is its own word", "203.0.113.9", "", "198.51.100.1", "203.0.113.9"},
	{"client of an untrusted peer is its own word", "203.0.113.9", "198.51.100.1", "", "203.0.113.9"},
	{"one hop", proxy, "", "203.0.113.9", "203.0.113.9"},
	{"leftmost is forged", proxy, "", "198.51.100.1, 203.0.113.9", "203.0.113.9"},
	{"leftmost is forged as trusted", proxy, "", "10.9.9.9, 203.0.113.9", "203.0.113.9"},
	{"trusted hops are passed", proxy, "", "203.0.113.9, 10.0.0.3,10.0.0.2", "203.0.113.9"},
	{"all trusted", proxy, "", "10.0.0.4, 10.0.0.3, 10.0.0.2", "10.0.0.4"},
	{"unparsable entry ends the walk", proxy, "", "203.0.113.9, nonsense, 10.0.0.2", "10.0.0.2"},
	{"unparsable entry at the right", proxy, "", "203.0.113.9, unknown", proxy},
	{"duplicate header joined", proxy, "", "198.51.100.1,203.0.113.9", "203.0.113.9"},
	{"empty entries", proxy, "", "203.0.113.9, , ,", "203.0.113.9"},
	{"only commas", proxy, "", ",,,,", proxy},
	{"dash is absent", proxy, "198.51.100.1", "-", "198.51.100.1"},
	{"gateway's client without header", proxy, "198.51.100.1", "", "198.51.100.1"},
	{"port", proxy, "", "203.0.113.9:4711", "203.0.113.9"},
	{"port that is none", proxy, "", "203.0.113.9:x", proxy},
	{"port of six digits", proxy, "", "203.0.113.9:655360", proxy},
	{"IPv6", proxy, "", "2001:db8::9", "2001:db8::9"},
	{"IPv6 with brackets", proxy, "", "[2001:db8::9]", "2001:db8::9"},
	{"IPv6 with port", proxy, "", "[2001:db8::9]:443", "2001:db8::9"},
	{"IPv6 with zone", proxy, "", "fe80::1%eth0", "fe80::1"},
	{"IPv6 unclosed", proxy, "", "[2001:db8::9", proxy},
	{"IPv6 with rubbish", proxy, "", "[2001:db8::9]x", proxy},
	{"mapped address is the IPv4 one", proxy, "", "::ffff:203.0.113.9", "203.0.113.9"},
	{"mapped peer is the IPv4 one", "::ffff:10.0.0.1", "", "203.0.113.9", "203.0.113.9"},
	{"trusted IPv6 peer", "2001:db8:1::1", "", "203.0.113.9", "203.0.113.9"},
	{"leading zeros are no address", proxy, "", "203.0.113.09", proxy},
	{"Forwarded", proxy, "", `for=203.0.113.9;proto=https;by=10.0.0.1`, "203.0.113.9"},
	{"Forwarded with quotes and port", proxy, "", `For="[2001:db8::9]:4711"`, "2001:db8::9"},
	{"Forwarded as a log escapes it", proxy, "", `for=\"[2001:db8::9]:4711\"`, "2001:db8::9"},
	{"Forwarded with several hops", proxy, "", `for=198.51.100.1, for=203.0.113.9;host="a,b", for=10.0.0.2`, "203.0.113.9"},
	{"Forwarded with obfuscated port", proxy, "", `for="203.0.113.9:_x7"`, "203.0.113.9"},
	{"Forwarded unknown", proxy, "", `for=203.0.113.9, for=unknown`, proxy},
	{"Forwarded obfuscated", proxy, "", `for=203.0.113.9, for=_hidden`, proxy},
	{"Forwarded without for", proxy, "", `proto=https`, proxy},
	{"Forwarded by comes first", proxy, "", `by=198.51.100.7;for=203.0.113.9`, "203.0.113.9"},
	{"an open quote does not reach the proxy's entry", proxy, "", `for=", for=203.0.113.9`, "203.0.113.9"},
	{"a thousand forged hops", proxy, "", strings.Repeat("10.1.2.3, ", 1000) + "203.0.113.9", "203.0.113.9"},
	{"a thousand trusted hops are cut off", proxy, "", "203.0.113.9" + strings.Repeat(", 10.1.2.3", 1000), "10.1.2.3"},
	{"no peer", "", "203.0.113.9", "", "203.0.113.9"},
	{"no peer, trusted client", "", proxy, "203.0.113.9", "203.0.113.9"},
	{"nobody", "", "", "203.0.113.9", ""},
}

func TestResolve(t *testing.T) {
	r := newResolver(t, ProxyConfig{Trusted: []string{"10.0.0.0/8", "2001:db8:1::/48"}})
	for _, tt := range resolveTests {
		t.Run(tt.name, func(t *testing.T) {
			e := event.Event{Peer: addr(tt.peer), Client: addr(tt.client), XFF: tt.xff}
			r.Resolve(&e)
			if e.Client != addr(tt.want) {
				t.Errorf("peer %q, xff %.60q: client = %v, want %q", tt.peer, tt.xff, e.Client, tt.want)
			}
		})
	}
}

func TestResolveHeader(t *testing.T) {
	tests := []struct {
		name  string
		peer  string
		pairs []event.Pair
		want  string
	}{
		{"as sent", "10.0.0.1", []event.Pair{{Key: "CF-Connecting-IP", Value: "203.0.113.9"}}, "203.0.113.9"},
		{"as nginx names it", "10.0.0.1", []event.Pair{{Key: "http_cf_connecting_ip", Value: "203.0.113.9"}}, "203.0.113.9"},
		{"as Traefik names it", "10.0.0.1", []event.Pair{{Key: "request_Cf-Connecting-Ip", Value: "2001:db8::9"}}, "2001:db8::9"},
		{"of an untrusted peer", "192.0.2.1", []event.Pair{{Key: "CF-Connecting-IP", Value: "203.0.113.9"}}, "192.0.2.1"},
		{"a longer name is another header", "10.0.0.1", []event.Pair{{Key: "x-cf-connecting-ip", Value: "203.0.113.9"}}, "198.51.100.7"},
		{"no address", "10.0.0.1", []event.Pair{{Key: "cf-connecting-ip", Value: "nobody"}}, "198.51.100.7"},
		{
			"two that differ", "10.0.0.1",
			[]event.Pair{{Key: "cf-connecting-ip", Value: "203.0.113.9"}, {Key: "cf-connecting-ip", Value: "203.0.113.8"}},
			"198.51.100.7",
		},
		{
			"two that agree", "10.0.0.1",
			[]event.Pair{{Key: "cf-connecting-ip", Value: "203.0.113.9"}, {Key: "http_cf_connecting_ip", Value: "203.0.113.9"}},
			"203.0.113.9",
		},
	}
	r := newResolver(t, ProxyConfig{Trusted: []string{"private"}, Header: "CF-Connecting-IP"})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := event.Event{Peer: addr(tt.peer), XFF: "198.51.100.7", Unmapped: tt.pairs}
			r.Resolve(&e)
			if e.Client != addr(tt.want) {
				t.Errorf("client = %v, want %s", e.Client, tt.want)
			}
		})
	}
}

func TestResolveUnixSocket(t *testing.T) {
	for _, tt := range []struct {
		name    string
		trusted string
		xff     string
		want    event.Event
	}{
		{"trusted", "private", "198.51.100.1, 203.0.113.9", event.Event{Client: addr("203.0.113.9")}},
		{"not trusted", "192.0.2.0/24", "203.0.113.9", event.Event{ClientHost: "unix:"}},
		{"nothing forwarded", "private", "", event.Event{ClientHost: "unix:"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := event.Event{ClientHost: "unix:", XFF: tt.xff}
			newResolver(t, ProxyConfig{Trusted: []string{tt.trusted}}).Resolve(&e)
			if e.Client != tt.want.Client || e.ClientHost != tt.want.ClientHost {
				t.Errorf("client = %v %q, want %v %q", e.Client, e.ClientHost, tt.want.Client, tt.want.ClientHost)
			}
		})
	}
}

func TestNewResolver(t *testing.T) {
	r := newResolver(t, ProxyConfig{Trusted: []string{"192.0.2.7", "2001:db8::/32", "::ffff:198.51.100.0/120", "private"}})
	for s, want := range map[string]bool{
		"192.0.2.7": true, "192.0.2.8": false, "2001:db8:ffff::1": true, "2001:db9::1": false, "198.51.100.77": true,
		"127.0.0.1": true, "::1": true, "172.31.0.1": true, "172.32.0.1": false, "fd00::1": true, "::ffff:10.0.0.1": true,
	} {
		if got := r.Trusts(addr(s)); got != want {
			t.Errorf("Trusts(%s) = %v, want %v", s, got, want)
		}
	}
	_, err := NewResolver(ProxyConfig{Trusted: []string{"proxy.example", "10.0.0.0/33", "::ffff:0.0.0.0/8", "192.0.2.1"}})
	if err == nil {
		t.Fatal("NewResolver accepted names and impossible networks")
	}
	for _, bad := range []string{"proxy.example", "10.0.0.0/33", "::ffff:0.0.0.0/8"} {
		if !strings.Contains(err.Error(), bad) {
			t.Errorf("error %q does not name %s", err, bad)
		}
	}
}

func TestResolveDoesNotAllocate(t *testing.T) {
	r := newResolver(t, ProxyConfig{Trusted: []string{"private"}, Header: "True-Client-IP"})
	for _, xff := range []string{
		"198.51.100.1, 203.0.113.9, 10.0.0.2", `for="[2001:db8::9]:4711", for=10.0.0.2`, "unknown", "_hidden", "x", "",
	} {
		e := event.Event{XFF: xff, Unmapped: []event.Pair{{Key: "http_host", Value: "h"}}}
		peer := addr("10.0.0.1")
		if n := testing.AllocsPerRun(100, func() { e.Peer = peer; r.Resolve(&e) }); n != 0 {
			t.Errorf("xff %q: Resolve allocates %v times", xff, n)
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("198.51.100.1, 203.0.113.9", "203.0.113.77")
	f.Add(`for="[2001:db8::9]:4711";by=_x, for=unknown`, "2001:db8::77")
	f.Add(`for="`, "203.0.113.77")
	f.Add(strings.Repeat(`"\`, 100), "203.0.113.77")
	r := newResolver(f, ProxyConfig{Trusted: []string{"private"}})
	f.Fuzz(func(t *testing.T, forged, client string) {
		a, err := netip.ParseAddr(client)
		if err != nil || r.Trusts(a) || a.Zone() != "" {
			return
		}
		// Whatever a client sends, the entry that the proxy appends decides.
		for _, entry := range []string{client, `for="[` + client + `]:1";proto=http`} {
			e := event.Event{Peer: addr("10.0.0.1"), XFF: forged + ", " + entry}
			r.Resolve(&e)
			if e.Client != a.Unmap() {
				t.Fatalf("xff %q: client = %v, want %v", e.XFF, e.Client, a)
			}
		}
	})
}
