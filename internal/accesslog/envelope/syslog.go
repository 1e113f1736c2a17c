package envelope

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// isSyslog tells an octet count, a priority, the version of RFC 5424 or the time of RFC 3164 in front. It is cheap, and
// openSyslog decides.
func isSyslog(text []byte) bool {
	return text[0] == '<' && len(text) > 2 && isDigit(text[1]) || stampTime(text) > 0 ||
		bytes.HasPrefix(text, []byte("1 ")) && isoTime(text[2:]) > 0 || isCounted(text)
}

// openSyslog reads, each part where it is there: an octet count, a priority, and the header of RFC 5424 or that of
// RFC 3164, whose time may also be an ISO time (rsyslog's file format, Logstash's plain codec).
func openSyslog(text []byte, in Inside) format.Reason {
	rest := text
	if isCounted(text) {
		rest = text[bytes.IndexByte(text, ' ')+1:]
	}
	rest, priority := cutPriority(rest)
	var ok bool
	if bytes.HasPrefix(rest, []byte("1 ")) {
		rest, ok = cut5424(rest[2:])
	} else {
		rest, ok = cut3164(rest, priority)
	}
	if !ok {
		return format.UnknownFormat
	}
	rest = bytes.TrimPrefix(rest, byteOrderMark)
	rest = bytes.TrimLeft(rest, " ")
	rest = bytes.TrimLeft(bytes.TrimPrefix(rest, []byte("@cee:")), " ")
	if len(rest) == 0 {
		return format.SkipLine
	}
	in.Line(rest, Context{})
	return format.ReasonNone
}

// isCounted tells the octet counting of RFC 6587: "123 <34>1 …".
func isCounted(text []byte) bool {
	i := 0
	for i < len(text) && i < 8 && isDigit(text[i]) {
		i++
	}
	return i > 0 && i+2 < len(text) && text[i] == ' ' && text[i+1] == '<' && isDigit(text[i+2])
}

// cutPriority takes <0> to <999> off.
func cutPriority(b []byte) ([]byte, bool) {
	if len(b) < 3 || b[0] != '<' {
		return b, false
	}
	for i := 1; i < min(len(b), 5); i++ {
		if b[i] == '>' {
			return b[i+1:], i > 1
		}
		if !isDigit(b[i]) {
			break
		}
	}
	return b, false
}

// cut5424 takes the header behind "1 " off: time, host, application, process, message id, structured data.
func cut5424(b []byte) ([]byte, bool) {
	var time []byte
	time, b = cutWord(b)
	if string(time) != "-" && isoTime(time) != len(time) {
		return nil, false
	}
	var word []byte
	for range 4 {
		if word, b = cutWord(b); len(word) == 0 {
			return nil, false
		}
	}
	switch {
	case len(b) == 0:
		return nil, false
	case b[0] == '-' && (len(b) == 1 || b[1] == ' '):
		return b[1:], true
	case b[0] != '[' && string(word) == "-": // Heroku's drains leave the structured data out
		return b, true
	}
	return cutStructured(b)
}

// cutStructured takes [id name="value" …][…] off. A quote, a backslash and a bracket are escaped inside a value.
func cutStructured(b []byte) ([]byte, bool) {
	if b[0] != '[' {
		return nil, false
	}
	quoted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			if i+1 == len(b) || b[i+1] != '[' {
				return b[i+1:], true
			}
		}
	}
	return nil, false
}

// cut3164 takes "Oct 11 22:14:15 host tag[pid]: " off. Behind a priority the time may be missing, and without a host a
// tag must be there; behind an ISO time the tag may be missing.
func cut3164(b []byte, priority bool) ([]byte, bool) {
	iso := isoTime(b)
	stamp := stampTime(b)
	switch {
	case iso > 0 && iso < len(b):
		b = b[iso+1:]
	case stamp > 0 && stamp < len(b):
		b = b[stamp+1:]
	case !priority:
		return nil, false
	}
	if rest, ok := cutHostObject(b); ok && iso > 0 {
		return rest, true
	}
	word, rest := cutWord(b)
	if isTag(word) {
		return rest, true
	}
	if len(word) == 0 || iso == 0 && stamp == 0 || !lex.Host(word) && !isAddr(word) {
		return nil, false
	}
	tag, message := cutWord(rest)
	if isTag(tag) {
		return message, true
	}
	// Some writers leave a tag without its colon out of the rule; Logstash writes none at all.
	return rest, iso > 0 || bytes.HasPrefix(rest, []byte("{"))
}

// cutHostObject takes off what Logstash's plain codec makes of a host that is an object, {name=gw1}, or missing, %{host}.
func cutHostObject(b []byte) ([]byte, bool) {
	if rest, ok := bytes.CutPrefix(b, []byte("%{host} ")); ok {
		return rest, true
	}
	if len(b) < 2 || b[0] != '{' || b[1] == '"' || b[1] == '}' || b[1] == ' ' {
		return nil, false
	}
	head, rest, ok := bytes.Cut(b, []byte("} "))
	return rest, ok && bytes.IndexByte(head, '=') > 0 && bytes.IndexByte(head, '"') < 0
}

func isAddr(b []byte) bool {
	_, ok := lex.Addr(b)
	return ok
}

// isTag tells "nginx:" and "haproxy[12]:". An IPv6 address that ends with colons is none.
func isTag(b []byte) bool {
	n := len(b) - 1
	if n < 1 || n > 64 || b[n] != ':' || bytes.IndexByte(b[:n], ':') >= 0 || bytes.IndexByte([]byte(`[{"#`), b[0]) >= 0 {
		return false
	}
	return b[n-1] == ']' || bytes.IndexByte(b[:n], '[') < 0
}

// stampTime is the length of "Oct 11 22:14:15" in front, with a year behind the day where there is one; 0 for none.
func stampTime(b []byte) int {
	const day = len("Oct 11 ")
	if len(b) < day+len("22:14:15") || b[3] != ' ' || b[6] != ' ' || !isMonth(b) || !isDigit(b[5]) ||
		b[4] != ' ' && !isDigit(b[4]) {
		return 0
	}
	n := day
	if isDigit(b[n+2]) && len(b) > n+5 && b[n+4] == ' ' {
		n += len("2006 ")
	}
	end := clockTime(b[n:])
	if end == 0 {
		return 0
	}
	return n + end
}

func isMonth(b []byte) bool {
	switch string(b[:3]) {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return true
	default:
		return false
	}
}

// clockTime is the length of 22:14:15 in front, with a fraction where there is one.
func clockTime(b []byte) int {
	const n = len("22:14:15")
	if len(b) < n || b[2] != ':' || b[5] != ':' {
		return 0
	}
	for _, i := range [...]int{0, 1, 3, 4, 6, 7} {
		if !isDigit(b[i]) {
			return 0
		}
	}
	return fractionEnd(b, n)
}

func fractionEnd(b []byte, n int) int {
	if n+1 < len(b) && (b[n] == '.' || b[n] == ',') && isDigit(b[n+1]) {
		for n++; n < len(b) && isDigit(b[n]); n++ {
		}
	}
	return n
}

// isoTime is the length of 2003-10-11T22:14:15.003Z in front, up to a space or the end; 0 for none.
func isoTime(b []byte) int {
	const date = len("2003-10-11T")
	if len(b) < date+len("22:14:15") || b[4] != '-' || b[7] != '-' || b[10] != 'T' || !isDigit(b[0]) {
		return 0
	}
	n := clockTime(b[date:])
	if n == 0 {
		return 0
	}
	n += date
	switch {
	case n < len(b) && b[n] == 'Z':
		n++
	case n < len(b) && (b[n] == '+' || b[n] == '-'):
		for n++; n < len(b) && (isDigit(b[n]) || b[n] == ':'); n++ {
		}
	}
	if n < len(b) && b[n] != ' ' {
		return 0
	}
	return n
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// cutWord takes what stands before the next space off, and the space.
func cutWord(b []byte) (word, rest []byte) {
	word, rest, _ = bytes.Cut(b, []byte{' '})
	return word, rest
}
