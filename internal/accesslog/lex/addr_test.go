package lex

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddr(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"v4", "192.0.2.1", "192.0.2.1"},
		{"v4 widest", "255.255.255.255", "255.255.255.255"},
		{"v4 leading zero", "192.0.02.1", ""},
		{"v4 octet over 255", "192.0.2.256", ""},
		{"v4 three octets", "192.0.2", ""},
		{"v4 five octets", "1.2.3.4.5", ""},
		{"v4 trailing dot", "192.0.2.1.", ""},
		{"v6", "2001:db8::1", "2001:db8::1"},
		{"v6 full", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"},
		{"v6 any", "::", "::"},
		{"v6 gap at end", "2001:db8::", "2001:db8::"},
		{"v6 upper case", "2001:DB8::A", "2001:db8::a"},
		{"v6 brackets", "[2001:db8::1]", "2001:db8::1"},
		{"v6 zone", "fe80::1%eth0", "fe80::1"},
		{"v6 empty zone", "fe80::1%", ""},
		{"v6 dotted tail", "64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
		{"v4 mapped", "::ffff:192.0.2.1", "192.0.2.1"},
		{"v6 two gaps", "1::2::3", ""},
		{"v6 gap of nothing", "1:2:3:4:5:6:7::8", ""},
		{"v6 nine groups", "1:2:3:4:5:6:7:8:9", ""},
		{"v6 seven groups", "1:2:3:4:5:6:7", ""},
		{"v6 one colon at end", "1:2:3:4:5:6:7:", ""},
		{"v6 one colon at start", ":1:2:3:4:5:6:7", ""},
		{"v6 three colons", ":::", ""},
		{"v6 long group", "12345::", ""},
		{"v6 dotted in front", "192.0.2.1::", ""},
		{"dash", "-", ""},
		{"empty", "", ""},
		{"name", "localhost", ""},
		{"half a bracket", "[::1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Addr([]byte(tt.in))
			checkAddr(t, tt.in, tt.want, got, ok)
		})
	}
}

func TestAddrPort(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"v4", "192.0.2.1:80", "192.0.2.1"},
		{"v4 bare", "192.0.2.1", "192.0.2.1"},
		{"v6", "[2001:db8::1]:80", "2001:db8::1"},
		{"v6 bare", "2001:db8::1", "2001:db8::1"},
		{"v6 unbracketed, no group", "2001:db8::1:54321", "2001:db8::1"},
		{"port too big", "192.0.2.1:65536", ""},
		{"port empty", "192.0.2.1:", ""},
		{"name", "localhost:80", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := AddrPort([]byte(tt.in))
			checkAddr(t, tt.in, tt.want, got, ok)
		})
	}
}

func TestAddrWithPort(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"v4", "192.0.2.1:80", "192.0.2.1"},
		{"v6 ambiguous", "2001:db8::1:443", "2001:db8::1"},
		{"v6 brackets", "[2001:db8::1]:443", "2001:db8::1"},
		{"no port", "192.0.2.1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := AddrWithPort([]byte(tt.in))
			checkAddr(t, tt.in, tt.want, got, ok)
		})
	}
}

func checkAddr(t *testing.T, in, want string, got netip.Addr, ok bool) {
	t.Helper()
	if ok != (want != "") || ok && got.String() != want {
		t.Errorf("reading %q = %v, %v; want %q", in, got, ok, want)
	}
}

func FuzzAddr(f *testing.F) {
	for _, s := range []string{"192.0.2.1", "2001:db8::1", "fe80::1%eth0", "::ffff:192.0.2.1", "1:2:3:4:5:6:7::", "[::1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Addr([]byte(s))
		if a, n, okPrefix := AddrPrefix([]byte(s + " x")); !strings.Contains(s, " ") && (a != got || n != len(s) || ok != okPrefix) {
			t.Errorf("AddrPrefix(%q) = %v, %d, %v; Addr has %v, %v", s, a, n, okPrefix, got, ok)
		}
		bare := s
		if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' {
			bare = s[1 : len(s)-1]
			if !strings.Contains(bare, ":") {
				return // netip has no opinion on [192.0.2.1]
			}
		}
		want, err := netip.ParseAddr(bare)
		want = want.WithZone("").Unmap()
		if ok != (err == nil) && !strings.HasPrefix(bare, "::ffff:") || ok && got != want {
			t.Errorf("Addr(%q) = %v, %v; netip has %v, %v", s, got, ok, want, err)
		}
	})
}

func TestHost(t *testing.T) {
	tests := []struct {
		name, in string
		want     bool
	}{
		{"name", "www.example.com", true},
		{"single label", "localhost", true},
		{"underscore", "my_service", true},
		{"trailing dot", "example.com.", true},
		{"digits in front", "1and1.example", true},
		{"number", "404", false},
		{"broken address", "192.0.2.300", false},
		{"empty label", "a..b", false},
		{"hyphen in front", "-a", false},
		{"dash", "-", false},
		{"empty", "", false},
		{"space", "a b", false},
		{"label of 63", strings.Repeat("a", 63), true},
		{"label of 64", strings.Repeat("a", 64), false},
		{"253 bytes", strings.Repeat("a.", 126) + "a", true},
		{"255 bytes", strings.Repeat("a.", 127) + "a", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Host([]byte(tt.in)); got != tt.want {
				t.Errorf("Host(%q) = %v, want %v", tt.in, got, tt.want)
			}
		})
	}
}
