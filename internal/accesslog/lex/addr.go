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

func addr6(b []byte) (netip.Addr, bool) {
	if i := bytes.IndexByte(b, '%'); i >= 0 {
		if i == len(b)-1 { // an empty zone
			return netip.Addr{}, false
		}
		b = b[:i]
	}
	var w words
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
	w.gap = -1
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		w.gap, b = 0, b[2:]
	}
	for len(b) > 0 {
		if w.n == groups {
			return false
		}
		var ok bool
		if b, ok = w.next(b); !ok {
			return false
		}
	}
	if w.gap < 0 {
		return w.n == groups
	}
	return w.n < groups // "::" stands for at least one group
}

// next reads one group, or the dotted IPv4 tail, and the separator behind it.
func (w *words) next(b []byte) ([]byte, bool) {
	end := bytes.IndexByte(b, ':')
	if end < 0 {
		return nil, w.last(b)
	}
	v, ok := hexGroup(b[:end])
	if !ok || end == len(b)-1 { // nothing may follow but "::"
		return nil, false
	}
	w.push(v)
	b = b[end+1:]
	if b[0] != ':' {
		return b, true
	}
	if w.gap >= 0 {
		return nil, false
	}
	w.gap = w.n
	return b[1:], true
}

func (w *words) last(b []byte) bool {
	if v, ok := hexGroup(b); ok {
		w.push(v)
		return true
	}
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

func hexGroup(b []byte) (uint16, bool) {
	if len(b) == 0 || len(b) > 4 {
		return 0, false
	}
	var v uint16
	for _, c := range b {
		d := hexDigit[c]
		if d < 0 {
			return 0, false
		}
		v = v<<4 | uint16(d)
	}
	return v, true
}
