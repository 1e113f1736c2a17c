package migration

import "strings"

// statements splits a file of SQL at the semicolons that end a statement: those in strings, in quoted names and in
// comments do not. Statements of nothing but comments are left out.
func statements(sql string) []string {
	var (
		all   []string
		start int
		some  bool // the statement has more than space and comments
	)
	for i := 0; i < len(sql); {
		n := skip(sql[i:])
		switch {
		case n < 0: // a comment
			i -= n
		case sql[i] == ';':
			if some {
				all = append(all, strings.TrimSpace(sql[start:i]))
			}
			i++
			start, some = i, false
		default:
			some = some || n > 1 || !isSpace(sql[i])
			i += n
		}
	}
	if some {
		all = append(all, strings.TrimSpace(sql[start:]))
	}
	return all
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skip is the length of what stands at the beginning of a text and is one piece: something in quotes, a comment, whose
// length is negative, or one byte.
func skip(s string) int {
	switch {
	case s[0] == '\'', s[0] == '"', s[0] == '`':
		return quoted(s)
	case strings.HasPrefix(s, "--"), strings.HasPrefix(s, "#!"), strings.HasPrefix(s, "# "):
		return -until(s, "\n")
	case strings.HasPrefix(s, "/*"):
		return -(2 + until(s[2:], "*/"))
	case s[0] == '$':
		return heredoc(s)
	default:
		return 1
	}
}

// quoted is the length of a string or name in quotes: a backslash takes the next byte with it, and a quote that is
// doubled begins the next piece, which does no harm.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}

// until is the length of a text to the end of a mark, all of it without one.
func until(s, mark string) int {
	i := strings.Index(s, mark)
	if i < 0 {
		return len(s)
	}
	return i + len(mark)
}

// heredoc is the length of $tag$ … $tag$, 1 when it is not one.
func heredoc(s string) int {
	end := strings.IndexByte(s[1:], '$')
	if end < 0 {
		return 1
	}
	tag := s[:end+2]
	for _, c := range []byte(tag[1 : len(tag)-1]) {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return 1
		}
	}
	if !strings.Contains(s[len(tag):], tag) {
		return 1
	}
	return len(tag) + until(s[len(tag):], tag)
}
