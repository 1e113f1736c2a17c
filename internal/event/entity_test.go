package event

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

func TestEntities(t *testing.T) {
	v4 := Event{
		Client: netip.MustParseAddr("203.0.113.77"), Principal: "alice", Credential: "c", Session: "s", JA4: "j",
		Method: "GET", Host: "h.example", Path: "/users/7", Route: "/users/{id}",
	}
	v4.SetASN(64496)
	v6 := Event{Client: netip.MustParseAddr("2001:db8:1:2:3::4%eth0")}
	tests := []struct {
		name string
		e    Event
		kind Kind
		want string // "" for none
	}{
		{"address", v4, KindNetwork, "203.0.113.77"},
		{"mapped address", Event{Client: netip.MustParseAddr("::ffff:203.0.113.77")}, KindNetwork, "203.0.113.77"},
		{"IPv6 network", v6, KindNetwork, "2001:db8:1:2::/64"},
		{"host name", Event{ClientHost: "c.example"}, KindNetwork, "c.example"},
		{"prefix", v4, KindPrefix, "203.0.113.0/24"},
		{"IPv6 prefix", v6, KindPrefix, "2001:db8:1::/48"},
		{"host name has no prefix", Event{ClientHost: "c.example"}, KindPrefix, ""},
		{"principal", v4, KindPrincipal, "alice"},
		{"credential", v4, KindCredential, "c"},
		{"session", v4, KindSession, "s"},
		{"fingerprint", v4, KindFingerprint, "j"},
		{"system", v4, KindASN, "AS64496"},
		{"no system", v6, KindASN, ""},
		{"endpoint", v4, KindEndpoint, "GET h.example/users/{id}"},
		{"endpoint without route", Event{Method: "GET", Path: "/a"}, KindEndpoint, "GET /a"},
		{"no endpoint", Event{Method: "GET"}, KindEndpoint, ""},
		{"no such kind", v4, KindUnknown, ""},
		{"beyond the kinds", v4, Kind(Kinds), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.e.Entity(tt.kind)
			if got.Value != tt.want || ok != (tt.want != "") {
				t.Errorf("Entity(%v) = %q, %v, want %q", tt.kind, got.Value, ok, tt.want)
			}
			key, ok := tt.e.Key(tt.kind, 1)
			if ok != (tt.want != "") {
				t.Errorf("Key(%v) = %v, %v, but the entity is %q", tt.kind, key, ok, tt.want)
			}
			if n := testing.AllocsPerRun(10, func() { _, _ = tt.e.Key(tt.kind, 1) }); n != 0 {
				t.Errorf("Key(%v) allocates %v times", tt.kind, n)
			}
		})
	}
}

func TestKeysTellEntitiesApart(t *testing.T) {
	key := func(e Event, k Kind, seed uint64) Key {
		v, _ := e.Key(k, seed)
		return v
	}
	at := func(s string) Event { return Event{Client: netip.MustParseAddr(s)} }
	same := []struct {
		name string
		a, b Key
	}{
		{"mapped address", key(at("203.0.113.7"), KindNetwork, 1), key(at("::ffff:203.0.113.7"), KindNetwork, 1)},
		{"one /64", key(at("2001:db8::1"), KindNetwork, 1), key(at("2001:db8::ffff:1"), KindNetwork, 1)},
		{"one /24", key(at("203.0.113.7"), KindPrefix, 1), key(at("203.0.113.200"), KindPrefix, 1)},
		{"one /48", key(at("2001:db8:1:2::1"), KindPrefix, 1), key(at("2001:db8:1:3::1"), KindPrefix, 1)},
		{"addresses need no seed", key(at("203.0.113.7"), KindNetwork, 1), key(at("203.0.113.7"), KindNetwork, 2)},
	}
	for _, tt := range same {
		if tt.a != tt.b || tt.a.IsZero() {
			t.Errorf("%s: keys %v and %v, want the same", tt.name, tt.a, tt.b)
		}
	}
	name := Event{Principal: "x", Credential: "x", Session: "x", ClientHost: "x"}
	different := []struct {
		name string
		a, b Key
	}{
		{"neighbours", key(at("203.0.113.7"), KindNetwork, 1), key(at("203.0.113.8"), KindNetwork, 1)},
		{"two /64", key(at("2001:db8:0:1::1"), KindNetwork, 1), key(at("2001:db8:0:2::1"), KindNetwork, 1)},
		{"two kinds", key(name, KindPrincipal, 1), key(name, KindCredential, 1)},
		{"two seeds", key(name, KindPrincipal, 1), key(name, KindPrincipal, 2)},
		{"host and path", key(Event{Method: "GET", Host: "a", Path: "/b"}, KindEndpoint, 1), key(Event{Method: "GET", Host: "/b", Path: "a"}, KindEndpoint, 1)},
		{"methods", key(Event{Method: "GET", Path: "/b"}, KindEndpoint, 1), key(Event{Method: "PUT", Path: "/b"}, KindEndpoint, 1)},
	}
	for _, tt := range different {
		if tt.a == tt.b || tt.a.Less(tt.b) == tt.b.Less(tt.a) {
			t.Errorf("%s: keys %v and %v, want two in one order", tt.name, tt.a, tt.b)
		}
	}
}

func TestAppendNetwork(t *testing.T) {
	want := func(a netip.Addr) string {
		if p := Network(a); p.IsSingleIP() {
			return p.Addr().String()
		}
		return Network(a).String()
	}
	check := func(a netip.Addr) {
		t.Helper()
		if got := string(AppendNetwork(nil, a)); got != want(a) {
			t.Errorf("%s: got %s, want %s", a, got, want(a))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		var b [16]byte
		for i := range b {
			b[i] = byte(r.Uint32() & r.Uint32() & r.Uint32())
			if i%2 == 1 && r.IntN(2) == 0 { // groups of zeros
				b[i], b[i-1] = 0, 0
			}
		}
		check(netip.AddrFrom16(b))
		check(netip.AddrFrom4([4]byte(b[:4])))
	}
	for _, a := range []string{"::", "::1", "::ffff:192.0.2.1", "fe80::1%eth0", "2001:db8::", "1:0:0:2::", "ffff:ffff:ffff:ffff::"} {
		check(netip.MustParseAddr(a))
	}
	if got := AppendNetwork(nil, netip.Addr{}); len(got) != 0 {
		t.Errorf("no address: got %s", got)
	}
}
