package document

import (
	"fmt"
	"strings"
)

// expand replaces ${NAME} and ${NAME:-default} by the environment's value, and $$ by $. Another dollar sign stays, because
// log formats are full of them. It works on a value, after the file has been parsed, so that no value can become YAML.
func expand(s string, lookup func(string) (string, bool)) (string, error) {
	if !strings.Contains(s, "$") {
		return s, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "$")
		b.WriteString(before)
		switch {
		case !found:
			return b.String(), nil
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			s = rest[1:]
		case !strings.HasPrefix(rest, "{"):
			b.WriteByte('$')
			s = rest
		default:
			inside, after, closed := strings.Cut(rest[1:], "}")
			if !closed {
				return "", fmt.Errorf("${%s has no closing brace; write $$ for a dollar sign", inside)
			}
			value, err := variable(inside, lookup)
			if err != nil {
				return "", err
			}
			b.WriteString(value)
			s = after
		}
	}
}

func variable(inside string, lookup func(string) (string, bool)) (string, error) {
	name, fallback, hasFallback := strings.Cut(inside, ":-")
	if !isName(name) {
		return "", fmt.Errorf("${%s} names no variable: want letters, digits and underscores; write $$ for a dollar sign", inside)
	}
	value, ok := lookup(name)
	switch {
	case ok && (value != "" || !hasFallback):
		return value, nil
	case hasFallback:
		return fallback, nil
	default:
		return "", fmt.Errorf("the environment has no variable %s: set it, or give a default with ${%s:-…}", name, name)
	}
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
