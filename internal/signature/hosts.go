package signature

import (
	"net/netip"
	"strings"
)

// hosts looks at the hosts of the URLs in a parameter's value.
func (p *Probe) hosts(s string) {
	for rest := s; ; {
		i := strings.Index(rest, "//")
		if i < 0 {
			return
		}
		atStart := len(rest) == len(s) && i == 0
		scheme := i > 0 && rest[i-1] == ':'
		rest = rest[i+2:]
		if scheme || atStart {
			p.host(hostOf(rest))
		}
	}
}

// hostOf cuts the host out of what follows "//": no user, no port.
func hostOf(s string) string {
	if i := strings.IndexAny(s, "/?#\\ "); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	if strings.HasPrefix(s, "[") {
		if i := strings.IndexByte(s, ']'); i >= 0 {
			return s[1:i]
		}
		return s[1:]
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		s = s[:i]
	}
	return s
}

// host judges where a URL points: metadata services, private and local addresses, and addresses written so that a filter
// does not know them.
func (p *Probe) host(h string) {
	if h == "" || len(h) > 64 {
		return
	}
	if h == "localhost" || strings.HasSuffix(h, ".localhost") || strings.HasSuffix(h, ".internal") || h == "0" {
		p.count(signPrivateHost)
		return
	}
	if c := h[len(h)-1]; hexTable[c] == 0 && c != ':' && c != '.' {
		return // a name
	}
	a, disguised, ok := address(h)
	if !ok {
		return
	}
	a = a.Unmap()
	switch {
	case a.IsLinkLocalUnicast():
		p.count(signMetadataHost)
	case disguised:
		p.count(signDisguisedHost)
	case a.IsLoopback() || a.IsPrivate() || a.IsUnspecified():
		p.count(signPrivateHost)
	default:
		p.count(signAddressHost)
	}
}

// address reads an address as inet_aton does: one to four numbers, decimal, octal or hexadecimal. It is disguised unless
// it is written as everybody writes addresses.
func address(h string) (a netip.Addr, disguised, ok bool) {
	if a, err := netip.ParseAddr(h); err == nil {
		return a, a.Is4In6(), true
	}
	var parts [4]uint64
	n := 0
	for part := range strings.SplitSeq(strings.TrimSuffix(h, "."), ".") {
		v, fine := number(part)
		if n == len(parts) || !fine {
			return netip.Addr{}, false, false
		}
		parts[n] = v
		n++
	}
	value := uint64(0)
	for i := range n - 1 {
		if parts[i] > 0xff {
			return netip.Addr{}, false, false
		}
		value |= parts[i] << (24 - 8*i)
	}
	last := parts[n-1]
	if last >= 1<<(8*(5-n)) {
		return netip.Addr{}, false, false
	}
	value |= last
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true, true
}

// number reads a part of an address: 0x for hexadecimal, a leading 0 for octal.
func number(s string) (uint64, bool) {
	base := uint64(10)
	switch {
	case strings.HasPrefix(s, "0x"):
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, s = 8, s[1:]
	}
	if s == "" || len(s) > 16 {
		return 0, false
	}
	v := uint64(0)
	for i := range len(s) {
		d := uint64(hexTable[s[i]]) - 1
		if d >= base || v > 1<<32 {
			return 0, false
		}
		v = v*base + d
	}
	return v, true
}
