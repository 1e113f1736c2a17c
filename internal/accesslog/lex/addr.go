package lex

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

const (
	minAddr4 = len("0.0.0.0")
	maxAddr4 = len("255.255.255.255")
	groups   = 8 // 16-bit groups of an IPv6 address
)

// Addr parses an IPv4 or IPv6 address. Brackets around it are accepted, a zone is dropped and an IPv4-mapped address
// becomes the IPv4 address, so that one client has one address however its gateway writes it.
func Addr(b []byte) (netip.Addr, bool) {
	if v, ok := addr4(b); ok {
		return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), true
	}
	if len(b) > 2 && b[0] == '[' && b[len(b)-1] == ']' {
		b = b[1 : len(b)-1]
	}
	return addr6(b)
}

// AddrPort parses an address with or without a port behind it: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80.
// A bare IPv6 address with a port is ambiguous and is read as an address where it can be; see AddrWithPort.
func AddrPort(b []byte) (netip.Addr, bool) {
	if a, ok := Addr(b); ok {
		return a, true
	}
	return AddrWithPort(b)
}

// AddrWithPort parses an address that always has a port behind its last colon, as HAProxy writes it, also for an IPv6
// address without brackets.
func AddrWithPort(b []byte) (netip.Addr, bool) {
	i := bytes.LastIndexByte(b, ':')
	if i < 0 || !isPort(b[i+1:]) {
		return netip.Addr{}, false
	}
	return Addr(b[:i])
}

func isPort(b []byte) bool {
	v, ok := Int(b)
	return ok && v <= 65535
}

// addr4 refuses leading zeros, as netip does: some systems read them as octal.
func addr4(b []byte) (uint32, bool) {
	if len(b) < minAddr4 || len(b) > maxAddr4 {
		return 0, false
	}
	var out, octet uint32
	digits, dots := 0, 0
	for _, c := range b {
		if d := uint32(c - '0'); d <= 9 {
			octet, digits = octet*10+d, digits+1
			if octet > 255 || digits > 1 && octet < 10 {
				return 0, false
			}
			continue
		}
		if c != '.' || digits == 0 || dots == 3 {
			return 0, false
		}
		out, octet, digits, dots = out<<8|octet, 0, 0, dots+1
	}
	return out<<8 | octet, dots == 3 && digits > 0
}

// AddrPrefix parses the address at the beginning of b, up to the first space, and tells where that is.
func AddrPrefix(b []byte) (a netip.Addr, n int, ok bool) {
	var out, octet uint32
	digits, dots := 0, 0
	for i, c := range b {
		if d := uint32(c - '0'); d <= 9 {
			octet, digits = octet*10+d, digits+1
			if octet > 255 || digits > 1 && octet < 10 {
				break
			}
			continue
		}
		if c == ' ' && dots == 3 && digits > 0 {
			out = out<<8 | octet
			return netip.AddrFrom4([4]byte{byte(out >> 24), byte(out >> 16), byte(out >> 8), byte(out)}), i, true
		}
		if c != '.' || digits == 0 || dots == 3 {
			break
		}
		out, octet, digits, dots = out<<8|octet, 0, 0, dots+1
	}
	if n = bytes.IndexByte(b, ' '); n < 0 {
		n = len(b)
	}
	a, ok = Addr(b[:n])
	return a, n, ok
}

func addr6(b []byte) (netip.Addr, bool) {
	if i := bytes.IndexByte(b, '%'); i >= 0 {
		if i == len(b)-1 { // an empty zone
			return netip.Addr{}, false
		}
		b = b[:i]
	}
	w := words{gap: -1}
	if !w.parse(b) {
		return netip.Addr{}, false
	}
	return netip.AddrFrom16(w.bytes()).Unmap(), true
}

// words are the groups of an IPv6 address on their way from text.
type words struct {
	group [groups]uint16
	n     int // groups read
	gap   int // the groups before "::", or -1
}

func (w *words) parse(b []byte) bool {
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		w.gap, b = 0, b[2:]
	}
	for len(b) > 0 && w.n < groups {
		v, i := hexPrefix(b)
		if i < len(b) && b[i] == '.' {
			return w.dotted(b) && w.full()
		}
		if i == 0 || i > 4 {
			return false
		}
		w.push(uint16(v))
		if b = b[i:]; len(b) == 0 {
			return w.full()
		}
		if b = w.separator(b); b == nil {
			return false
		}
	}
	return len(b) == 0 && w.gap >= 0 && w.full()
}

// separator reads the colon behind a group, and the one that makes it "::". One colon must have a group behind it.
func (w *words) separator(b []byte) []byte {
	switch {
	case b[0] != ':' || len(b) == 1:
		return nil
	case b[1] != ':':
		return b[1:]
	case w.gap >= 0:
		return nil
	default:
		w.gap = w.n
		return b[2:]
	}
}

// full tells whether the groups make an address: "::" stands for at least one.
func (w *words) full() bool {
	if w.gap < 0 {
		return w.n == groups
	}
	return w.n < groups
}

// dotted reads the IPv4 address that may take the place of the last two groups.
func (w *words) dotted(b []byte) bool {
	v, ok := addr4(b)
	if !ok || w.n > groups-2 {
		return false
	}
	w.push(uint16(v >> 16))
	w.push(uint16(v))
	return true
}

func (w *words) push(v uint16) {
	w.group[w.n] = v
	w.n++
}

func (w *words) bytes() (out [16]byte) {
	shift := groups - w.n
	for i := range w.n {
		at := i
		if w.gap >= 0 && i >= w.gap {
			at += shift
		}
		binary.BigEndian.PutUint16(out[2*at:], w.group[i])
	}
	return out
}

// hexPrefix reads the hexadecimal digits at the beginning of b, five at most, which is one more than a group may have.
func hexPrefix(b []byte) (v uint32, n int) {
	for n < len(b) && n < 5 {
		d := hexDigit[b[n]]
		if d < 0 {
			break
		}
		v = v<<4 | uint32(d)
		n++
	}
	return v, n
}

func hexGroup(b []byte) (uint16, bool) {
	v, n := hexPrefix(b)
	return uint16(v), n == len(b) && n > 0 && n < 5
}
