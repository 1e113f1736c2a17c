package lex

const (
	maxHost  = 253 // RFC 1035, in presentation form
	maxLabel = 63
)

// Host tells whether b is plausibly a host name: labels of letters, digits, hyphens and underscores, at least one letter
// among them, so that a number or a broken address is none. One dot at the end is accepted.
func Host(b []byte) bool {
	if n := len(b); n > 1 && b[n-1] == '.' {
		b = b[:n-1]
	}
	if len(b) == 0 || len(b) > maxHost {
		return false
	}
	label, letter := 0, false
	for _, c := range b {
		switch {
		case c|0x20-'a' < 26, c == '_':
			letter, label = true, label+1
		case c-'0' <= 9, c == '-' && label > 0:
			label++
		case c == '.' && label > 0:
			label = 0
		default:
			return false
		}
		if label > maxLabel {
			return false
		}
	}
	return letter && label > 0
}
