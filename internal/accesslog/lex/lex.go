// Package lex reads the values that occur in access logs: addresses, numbers, times, escaped strings. It works on bytes,
// takes what it reads for hostile, allocates nothing, and knows no log format. What it accepts, the standard library's
// parsers accept with the same value, apart from the liberties that each function names.
package lex

import "unsafe"

// String is b as a string without a copy. It shares b's memory: it is valid only as long as b is not written to, and
// who keeps it longer must clone it.
func String(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Bytes is s as bytes without a copy. They must not be written to.
func Bytes(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// hexDigit is the value of a hexadecimal digit, or -1.
var hexDigit = func() (t [256]int8) {
	for i := range t {
		c := byte(i)
		switch {
		case c-'0' <= 9:
			t[i] = int8(c - '0')
		case c-'a' <= 5:
			t[i] = int8(c - 'a' + 10)
		case c-'A' <= 5:
			t[i] = int8(c - 'A' + 10)
		default:
			t[i] = -1
		}
	}
	return t
}()
