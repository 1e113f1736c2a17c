package identity

// param is one parameter of a query, as positions in the text.
type param struct {
	name, nameEnd int
	value, end    int  // without a '=', the value is the whole parameter
	next          int  // where the next parameter begins
	assigned      bool // there is a '='
	encoded       bool // it was written %3D: the parameter is part of an encoded URL within another one's value
}

// The bytes that part a query.
const (
	other  byte = iota
	assign      // '='
	soft        // ends a value unless the value is a secret: ';' and '?', which may be part of one
	hard        // ends any value: '&', '#', space
)

// class says what the byte at i does, and how many bytes it takes: three when it is percent-encoded.
func class(s string, i int) (kind byte, width int) {
	switch s[i] {
	case '=':
		return assign, 1
	case ';', '?':
		return soft, 1
	case '&', '#', ' ':
		return hard, 1
	case '%':
		if c, ok := unhex(s, i); ok && c != '%' && c != ' ' {
			k, _ := class(string(rune(c)), 0)
			return k, 3
		}
	}
	return other, 1
}

// nextParam reads the parameter that begins at i.
func nextParam(s string, i int) param {
	p := param{name: i, nameEnd: i, value: i}
	for i < len(s) {
		if c := s[i]; c > '=' && c != '?' || c > ';' && c < '=' {
			i++
			continue
		}
		kind, width := class(s, i)
		switch {
		case kind == assign && !p.assigned:
			p.assigned, p.encoded = true, width == 3
			p.nameEnd, p.value = i, i+width
		case kind >= soft:
			p.end, p.next = i, i+width
			return p
		}
		i += width
	}
	p.end, p.next = i, i
	return p
}

// extend moves the end of a secret value to where a careful reader would still see it end: an encoded delimiter is part
// of the value, unless the name was encoded as well.
func (p *param) extend(s string) {
	i := p.end
	for i < len(s) {
		kind, width := class(s, i)
		if kind == hard && (width == 1 || p.encoded) {
			p.end, p.next = i, i+width
			return
		}
		i += width
	}
	p.end, p.next = i, i
}

// unhex decodes the escape %XX at i.
func unhex(s string, i int) (byte, bool) {
	if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
		return 0, false
	}
	return nibble(s[i+1])<<4 | nibble(s[i+2]), true
}

func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func appendDecoded(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			if c, ok := unhex(s, i); ok {
				b = append(b, c)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}
