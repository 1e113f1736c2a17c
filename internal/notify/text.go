package notify

import (
	"strings"

	"gatewatch/internal/alert"
)

// Cut shortens a text to so many runes.
func Cut(s string, maxRunes int) string {
	n := 0
	for i := range s {
		if n++; n == maxRunes {
			if rest := []rune(s[i:]); len(rest) > 1 {
				return s[:i] + "…"
			}
			return s
		}
	}
	return s
}

// Headline is a notification as one line.
func Headline(n *alert.Notification) string {
	if n.Status == alert.Resolved {
		return "Resolved: " + n.Title
	}
	return strings.ToUpper(n.Severity.String()) + ": " + n.Title
}
