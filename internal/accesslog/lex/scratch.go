package lex

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// keepScratch is how much memory a Scratch keeps for the next line: one giant line must not be paid for ever after.
const keepScratch = 64 << 10

// Scratch holds the strings of one line that could not alias it, because they were escaped. The zero value is ready; one
// goroutine owns a Scratch. Its strings hold until Reset.
type Scratch struct {
	buf []byte
}

// Reset forgets all strings: those given out before are no longer valid.
func (s *Scratch) Reset() {
	if cap(s.buf) > keepScratch {
		s.buf = nil
	}
	s.buf = s.buf[:0]
}

// Unescape resolves the escapes of text access logs: \" \\ \b \f \n \r \t \v and \xHH, as nginx and Apache write them. A
// backslash before anything else stands for itself. Without a backslash the result aliases b.
func (s *Scratch) Unescape(b []byte) string { return String(s.UnescapeBytes(b)) }

// UnescapeBytes is Unescape for what is parsed further. The result must not be written to.
func (s *Scratch) UnescapeBytes(b []byte) []byte {
	i := bytes.IndexByte(b, '\\')
	if i < 0 {
		return b
	}
	start := s.begin(b[:i])
	for ; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			s.buf = append(s.buf, b[i])
			continue
		}
		if c, ok := hexByte(b[i+1:]); ok {
			s.buf = append(s.buf, c)
			i += 3
			continue
		}
		if c := plain[b[i+1]]; c != 0 {
			s.buf = append(s.buf, c)
			i++
			continue
		}
		s.buf = append(s.buf, '\\')
	}
	return s.buf[start:]
}

// UnescapePercent resolves %HH, and + as a space where plus is set. A percent sign before anything else stands for
// itself. Without one the result aliases b.
func (s *Scratch) UnescapePercent(b []byte, plus bool) string {
	i := bytes.IndexByte(b, '%')
	if p := bytes.IndexByte(b, '+'); plus && p >= 0 && (i < 0 || p < i) {
		i = p
	}
	if i < 0 {
		return String(b)
	}
	start := s.begin(b[:i])
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '%' && i+2 < len(b) && hexDigit[b[i+1]] >= 0 && hexDigit[b[i+2]] >= 0:
			c = byte(hexDigit[b[i+1]])<<4 | byte(hexDigit[b[i+2]])
			i += 2
		case c == '+' && plus:
			c = ' '
		}
		s.buf = append(s.buf, c)
	}
	return String(s.buf[start:])
}

// UnescapeJSON resolves the escapes of a JSON string's inside (RFC 8259); false where an escape is malformed. Half a
// surrogate pair becomes U+FFFD. Without a backslash the result aliases b.
func (s *Scratch) UnescapeJSON(b []byte) (string, bool) {
	i := bytes.IndexByte(b, '\\')
	if i < 0 {
		return String(b), true
	}
	start := s.begin(b[:i])
	for b = b[i:]; len(b) > 0; {
		if b[0] != '\\' {
			n := bytes.IndexByte(b, '\\')
			if n < 0 {
				n = len(b)
			}
			s.buf, b = append(s.buf, b[:n]...), b[n:]
			continue
		}
		n, ok := s.escapeJSON(b)
		if !ok {
			return "", false
		}
		b = b[n:]
	}
	return String(s.buf[start:]), true
}

// Concat joins two strings with one byte between them.
func (s *Scratch) Concat(a string, sep byte, b string) string {
	start := len(s.buf)
	s.buf = append(append(append(s.buf, a...), sep), b...)
	return String(s.buf[start:])
}

// begin starts a string. Growth moves the buffer; strings given out before keep the old one alive.
func (s *Scratch) begin(b []byte) int {
	start := len(s.buf)
	s.buf = append(s.buf, b...)
	return start
}

// escapeJSON resolves the escape at the beginning of b and tells its length.
func (s *Scratch) escapeJSON(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, false
	}
	if b[1] != 'u' {
		c := plainJSON[b[1]]
		s.buf = append(s.buf, c)
		return 2, c != 0
	}
	r, ok := hexRune(b)
	if !ok {
		return 0, false
	}
	n := 6
	if utf16.IsSurrogate(r) {
		low, ok := hexRune(b[n:])
		r = utf16.DecodeRune(r, low)
		if ok && r != utf8.RuneError {
			n += 6
		}
	}
	s.buf = utf8.AppendRune(s.buf, r)
	return n, true
}

// hexRune reads \uXXXX.
func hexRune(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	v, ok := hexGroup(b[2:6])
	return rune(v), ok
}

// hexByte reads the xHH of \xHH.
func hexByte(b []byte) (byte, bool) {
	if len(b) < 3 || b[0] != 'x' || hexDigit[b[1]] < 0 || hexDigit[b[2]] < 0 {
		return 0, false
	}
	return byte(hexDigit[b[1]])<<4 | byte(hexDigit[b[2]]), true
}

// plain and plainJSON are what a letter behind a backslash stands for; 0 where it is no escape.
var (
	plain     = [256]byte{'"': '"', '\\': '\\', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}
	plainJSON = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
)
