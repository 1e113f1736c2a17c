package jsonwalk

import (
	"encoding/binary"
	"math/bits"

	"gatewatch/internal/accesslog/format"
)

// MaxDepth is how deep objects and arrays may nest. No access log nests deeper than six; a limit keeps the walk's stack
// in a register and refuses a bracket bomb after 33 bytes.
const MaxDepth = 32

// MaxLen is the longest text that is read: offsets are kept in 32 bits.
const MaxLen = 1 << 30

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// StringEnd finds the end of the string whose content begins at b[i]: the index of the closing quote and String or
// Escaped; or None and the index of the byte that may not be there, which is len(b) when the text ends too early.
// Bytes above 0x7f are not looked at: invalid UTF-8 is kept as it is.
func StringEnd(b []byte, i int) (int, Kind) {
	for i+16 <= len(b) {
		w := (*[16]byte)(b[i:])
		m, n := special(binary.LittleEndian.Uint64(w[:8])), special(binary.LittleEndian.Uint64(w[8:]))
		if m|n == 0 {
			i += 16
			continue
		}
		if m == 0 {
			m = n
			i += 8
		}
		i += bits.TrailingZeros64(m) >> 3
		if b[i] == '"' {
			return i, String
		}
		return escapedEnd(b, i)
	}
	i = plainEnd(b, i)
	if i < len(b) && b[i] == '"' {
		return i, String
	}
	return escapedEnd(b, i)
}

// special marks the high bit of every byte of x that ends a run of plain string content: a quote, a backslash, a
// control character. Bits above the lowest mark may be false (a borrow), the lowest never is. Flipping bit 1 makes the
// quote 0x20, just above the control characters, so that one comparison finds both.
func special(x uint64) uint64 {
	return ((x ^ ones*'\\' - ones) | (x ^ ones*0x02 - ones*0x21)) &^ x & highs
}

func plainTail(b []byte, i int) int {
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= 0x20 {
		i++
	}
	return i
}

// plainEnd is the index of the first byte from b[i] on that is not plain string content, or len(b).
func plainEnd(b []byte, i int) int {
	for i+8 <= len(b) {
		if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
		i += 8
	}
	return plainTail(b, i)
}

// escapedEnd continues StringEnd at the first byte that is not plain.
func escapedEnd(b []byte, i int) (int, Kind) {
	for i < len(b) {
		switch b[i] {
		case '"':
			return i, Escaped
		case '\\':
			next, ok := escapeEnd(b, i)
			if !ok {
				return next, None
			}
			i = plainEnd(b, next)
		default:
			return i, None
		}
	}
	return len(b), None
}

// escapeEnd is the index after the escape at b[i], or the index of its first wrong byte and false.
func escapeEnd(b []byte, i int) (int, bool) {
	if i+1 >= len(b) {
		return len(b), false
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, true
	case 'u':
		for j := i + 2; j < i+6; j++ {
			if j >= len(b) || !isHex(b[j]) {
				return min(j, len(b)), false
			}
		}
		return i + 6, true
	default:
		return i + 1, false
	}
}

func isHex(c byte) bool { return c-'0' <= 9 || c|0x20-'a' <= 5 }

// NumberEnd finds the end of the number that begins at b[i]: the index after it and true, or the index of its first
// wrong byte and false.
func NumberEnd(b []byte, i int) (int, bool) {
	if i < len(b) && b[i] == '-' {
		i++
	}
	start := i
	i = digitsEnd(b, i)
	if i == start {
		return i, false
	}
	if b[start] == '0' {
		i = start + 1
	}
	if i < len(b) && b[i] == '.' {
		start = i + 1
		if i = digitsEnd(b, start); i == start {
			return i, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start = i
		if i = digitsEnd(b, start); i == start {
			return i, false
		}
	}
	return i, true
}

func digitsEnd(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

// wordEnd finds the end of the literal w at b[i].
func wordEnd(b []byte, i int, w string) (int, bool) {
	for k := range len(w) {
		if i+k >= len(b) || b[i+k] != w[k] {
			return i + k, false
		}
	}
	return i + len(w), true
}

func spaceEnd(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// fault is the reason for a wrong byte at b[i].
func fault(b []byte, i int) format.Reason {
	if i >= len(b) {
		return format.Truncated
	}
	return format.BadSyntax
}

// Scan reads the value that begins at b[i], inside depth containers, and checks all of it.
func Scan(b []byte, i, depth int) (Span, format.Reason) {
	if i >= len(b) {
		return Span{}, format.Truncated
	}
	if c := b[i]; c == '{' || c == '[' {
		return scanContainer(b, i, depth)
	}
	return scanScalar(b, i)
}

func scanScalar(b []byte, i int) (Span, format.Reason) {
	if i >= len(b) {
		return Span{}, format.Truncated
	}
	var (
		kind Kind
		ok   bool
	)
	start := i
	switch c := b[i]; c {
	case '"':
		start++
		i, kind = StringEnd(b, start)
		ok = kind != None
	case 't':
		kind = True
		i, ok = wordEnd(b, i, "true")
	case 'f':
		kind = False
		i, ok = wordEnd(b, i, "false")
	case 'n':
		kind = Null
		i, ok = wordEnd(b, i, "null")
	case 'N', 'I':
		// NaN and Infinity are what careless writers make of a number; no JSON reader takes them.
		return Span{}, format.BadNumber
	default:
		kind = Number
		if i, ok = NumberEnd(b, i); !ok && i < len(b) && i > start && b[i] == 'I' {
			return Span{}, format.BadNumber
		}
	}
	if !ok {
		return Span{}, fault(b, i)
	}
	return Span{Start: uint32(start), End: uint32(i), Kind: kind}, format.ReasonNone
}
