package identity

import (
	"net/netip"
	"strings"
)

// parseHop reads one entry of X-Forwarded-For or of Forwarded (RFC 7239): an address, with or without a port, brackets
// or quotes, alone or as the for parameter among others. "unknown" and obfuscated identifiers are no address.
func parseHop(s string) (netip.Addr, bool) {
	if strings.IndexByte(s, '=') >= 0 {
		s = forParameter(s)
	}
	s = strings.Trim(s, ` "\`) // with the backslashes of a log that escapes quotes
	if s == "" {
		return netip.Addr{}, false
	}
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end < 0 || end+1 < len(s) && !isPort(s[end+1:]) {
			return netip.Addr{}, false
		}
		s = s[1:end]
	} else if i := strings.IndexByte(s, ':'); i >= 0 && strings.IndexByte(s[i+1:], ':') < 0 {
		if !isPort(s[i:]) {
			return netip.Addr{}, false
		}
		s = s[:i]
	}
	s, _, _ = strings.Cut(s, "%") // a zone means something to the host that logged it only
	// An entry that cannot be an address is not given to ParseAddr, whose error allocates.
	if s == "" || !strings.ContainsAny(s, ".:") || !isHex(s[0]) && s[0] != ':' {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil
}

// forParameter is the value of the for parameter of an element of Forwarded, "" when there is none.
func forParameter(s string) string {
	for s != "" {
		var p string
		p, s, _ = strings.Cut(s, ";")
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "for") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// isPort tells whether s is a colon and a port number or, as RFC 7239 allows, an obfuscated port.
func isPort(s string) bool {
	if len(s) < 2 || len(s) > 32 || s[0] != ':' {
		return false
	}
	if s[1] == '_' {
		return true
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) <= 6
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// headerPrefixes are what gateways put before the name of a request header in a field's name.
var headerPrefixes = [...]string{
	"http_", "request_header_", "request_", "req_", "header_", "http.request.header.", "request.headers.", "headers.",
}

// isHeader tells whether a log's field is a request header, in one of the spellings gateways use. A suffix alone must
// not do: a client may send X-CF-Connecting-IP.
func isHeader(field, header string) bool {
	if len(field) > len(header) {
		for _, p := range headerPrefixes {
			if len(field) == len(p)+len(header) && foldEqual(field[:len(p)], p) {
				field = field[len(p):]
				break
			}
		}
	}
	return foldEqual(field, header)
}

// foldEqual compares names of headers: case, and '-' against '_', do not matter.
func foldEqual(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if fold(a[i]) != fold(b[i]) {
			return false
		}
	}
	return true
}

func fold(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A'
	case c == '_':
		return '-'
	default:
		return c
	}
}
