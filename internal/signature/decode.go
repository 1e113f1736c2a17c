package signature

import "strings"

// maxRounds is how often a text is decoded: proxies and frameworks decode once or twice, probes hide behind one more.
const maxRounds = 3

// entities are the HTML character references that probes use.
var entities = []struct {
	name string
	char byte
}{
	{"lt;", '<'},
	{"gt;", '>'},
	{"quot;", '"'},
	{"apos;", '\''},
	{"amp;", '&'},
	{"colon;", ':'},
	{"tab;", '\t'},
	{"newline;", '\n'},
	{"lpar;", '('},
	{"rpar;", ')'},
	{"sol;", '/'},
	{"grave;", '`'},
}

// decodeRound appends s decoded once: percent escapes (%27, %u0027), plus signs if asked, character references (&#39;
// &lt;) and backslash escapes (\u0027, \x27). It tells whether anything changed.
func decodeRound(dst []byte, s string, plus bool) ([]byte, bool) {
	changed := false
	for i := 0; i < len(s); {
		c, n := s[i], 1
		switch c {
		case '+':
			if plus {
				c = ' '
			}
		case '%':
			c, n = percent(s[i:])
		case '&':
			c, n = reference(s[i:])
		case '\\':
			c, n = backslash(s[i:])
		}
		changed = changed || n > 1
		dst = append(dst, c)
		i += n
	}
	return dst, changed
}

// percent reads an escape at the start of s and tells its length; a broken one is a percent sign.
func percent(s string) (c byte, n int) {
	if b, ok := hexPair(s, 1); ok {
		return b, 3
	}
	if len(s) >= 6 && (s[1] == 'u' || s[1] == 'U') {
		if b, ok := unicodeByte(s[2:6]); ok {
			return b, 6
		}
	}
	return '%', 1
}

func backslash(s string) (c byte, n int) {
	if len(s) >= 6 && s[1] == 'u' {
		if b, ok := unicodeByte(s[2:6]); ok {
			return b, 6
		}
	}
	if len(s) >= 4 && s[1] == 'x' {
		if b, ok := hexPair(s, 2); ok {
			return b, 4
		}
	}
	return '\\', 1
}

// unicodeByte is the ASCII character of four hex digits, or of a full-width form; others are no matter to us.
func unicodeByte(digits string) (byte, bool) {
	hi, ok1 := hexPair(digits, 0)
	lo, ok2 := hexPair(digits, 2)
	switch {
	case !ok1 || !ok2:
		return 0, false
	case hi == 0 && lo < 0x80:
		return lo, true
	case hi == 0xff && lo >= 1 && lo <= 0x5e:
		return lo + 0x20, true
	case hi == 0x22 && lo == 0x15, hi == 0x20 && lo == 0x44: // division and fraction slash
		return '/', true
	default:
		return '?', true
	}
}

func reference(s string) (c byte, n int) {
	if len(s) < 4 {
		return '&', 1
	}
	if s[1] == '#' {
		return numeric(s)
	}
	for _, e := range entities {
		if len(s) > len(e.name) && strings.EqualFold(s[1:1+len(e.name)], e.name) {
			return e.char, 1 + len(e.name)
		}
	}
	return '&', 1
}

// numeric reads &#39; and &#x27; with any number of zeros and with or without the semicolon, as browsers do.
func numeric(s string) (c byte, n int) {
	i, base := 2, 10
	if s[i] == 'x' || s[i] == 'X' {
		i, base = 3, 16
	}
	value, digits := 0, 0
	for ; i < len(s) && digits < 10 && value < 0x80; i++ {
		d := int(hexTable[s[i]]) - 1
		if d < 0 || d >= base {
			break
		}
		value = value*base + d
		digits++
	}
	if digits == 0 || value == 0 || value >= 0x80 {
		return '&', 1
	}
	if i < len(s) && s[i] == ';' {
		i++
	}
	return byte(value), i
}

// foldUTF8 rewrites overlong forms (c0 ae for a dot) and full-width forms of ASCII in place, and tells whether there were
// overlong ones: no honest program makes them.
func foldUTF8(b []byte) (out []byte, overlong bool) {
	out = b[:0]
	for i := 0; i < len(b); {
		c, n, over := foldRune(b[i:])
		overlong = overlong || over
		out = append(out, c)
		i += n
	}
	return out, overlong
}

func foldRune(b []byte) (c byte, n int, overlong bool) {
	switch {
	case b[0] < 0xc0 || len(b) < 2:
	case b[0] == 0xc0 || b[0] == 0xc1:
		// Windows took any second byte, so %c0%2e and %c1%1c count as well.
		return b[0]&1<<6 | b[1]&0x3f, 2, true
	case len(b) >= 3 && b[0] == 0xe0 && b[1] >= 0x80 && b[1] <= 0x81:
		return b[1]&1<<6 | b[2]&0x3f, 3, true
	case len(b) >= 3 && b[0] == 0xef && b[1] == 0xbc:
		return b[2] - 0x80 + 0x20, 3, false
	case len(b) >= 3 && b[0] == 0xef && b[1] == 0xbd && b[2] < 0x9f:
		return b[2] - 0x80 + 0x60, 3, false
	case len(b) >= 3 && b[0] == 0xe2 && b[1] == 0x88 && b[2] == 0x95: // division slash
		return '/', 3, false
	}
	return b[0], 1, false
}

// squeeze appends s as signs are compared with it: lower case, white space and SQL comments one space, no space beside an
// equals sign, no NUL bytes.
func squeeze(dst []byte, s string) []byte {
	last := strings.LastIndex(s, "*/") // without it, each unfinished comment would search to the end
	for i := 0; i < len(s); i++ {
		c := lowerTable[s[i]]
		switch {
		case c == 0:
			continue
		case c == '/' && i+1 < len(s) && s[i+1] == '*':
			i = comment(s, i, last)
			c = ' '
		case c == '*' && i+1 < len(s) && s[i+1] == '/': // the end of a conditional comment
			i++
			c = ' '
		case c <= ' ' || c == 0xa0:
			c = ' '
		}
		n := len(dst)
		switch {
		case c == ' ' && n > 0 && (dst[n-1] == ' ' || dst[n-1] == '='):
			continue
		case c == '=' && n > 0 && dst[n-1] == ' ':
			dst[n-1] = c
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// comment is the index of the last byte of a comment that starts at i; no comment ends behind last. Of a conditional one (/*!50000union*/) only the
// start goes: MySQL runs the rest.
func comment(s string, i, last int) int {
	if i+2 < len(s) && s[i+2] == '!' {
		i += 2
		for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
			i++
		}
		return i
	}
	if last < i+2 {
		return i + 1
	}
	return i + 2 + strings.Index(s[i+2:], "*/") + 1
}
