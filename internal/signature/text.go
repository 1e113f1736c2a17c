package signature

import "unsafe"

var lowerTable = func() (t [256]byte) {
	for c := range 256 {
		t[c] = byte(c)
		if c >= 'A' && c <= 'Z' {
			t[c] += 'a' - 'A'
		}
	}
	return t
}()

// hexTable is the value of a hex digit plus one, 0 for anything else.
var hexTable = func() (t [256]byte) {
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i) + 1
	}
	for i, c := range []byte("ABCDEF") {
		t[c] = byte(i) + 11
	}
	return t
}()

// hexPair is the byte that two hex digits at s[i] make.
func hexPair(s string, i int) (byte, bool) {
	if i+1 >= len(s) {
		return 0, false
	}
	hi, lo := hexTable[s[i]], hexTable[s[i+1]]
	return (hi-1)<<4 | (lo - 1), hi > 0 && lo > 0
}

// decodePercent appends s with its percent escapes decoded once; a broken escape stays as sent.
func decodePercent(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if b, ok := hexPair(s, i+1); ok {
				c = b
				i += 2
			}
		}
		dst = append(dst, c)
	}
	return dst
}

// view is b as a string without a copy, for scratch memory that is not written again while the string is in use.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
