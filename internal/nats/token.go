package nats

import "strings"

// Token makes a name fit to be one token of a subject or the name of a consumer: what is no letter, digit, hyphen or
// underscore becomes an underscore.
func Token(name string) string {
	if name == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		default:
			return '_'
		}
	}, name)
}
