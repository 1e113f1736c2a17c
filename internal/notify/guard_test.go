package notify

import (
	"net/netip"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for _, a := range []string{
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0",
		"fc00::1", "fd12::1", "fec0::1", "ff02::1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1::1", "100::1",
	} {
		if isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s counts as public", a)
		}
	}
	for _, a := range []string{
		"1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "198.17.255.255",
		"2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "2a00:1450::1",
	} {
		if !isPublic(netip.MustParseAddr(a)) {
			t.Errorf("%s does not count as public", a)
		}
	}
	for _, a := range []string{"", "nonsense", "127.0.0.1:80", "[::1]:443"} {
		if guard("tcp", a, nil) == nil {
			t.Errorf("the guard lets %q pass", a)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"üüüü", 3, "üü…"}, {"", 3, ""}, {"ab", 3, "ab"}} {
		if got := Cut(tt.in, tt.limit); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

func TestReasonsHaveWords(t *testing.T) {
	seen := map[string]bool{}
	for r := range reasons {
		if r.String() == "" || seen[r.String()] || sentences[r] == "" {
			t.Errorf("reason %d is named %q: %q", r, r, sentences[r])
		}
		seen[r.String()] = true
	}
}
