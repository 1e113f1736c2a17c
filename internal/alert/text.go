package alert

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewatch/internal/event"
)

// The most runes of texts that come from log lines, and the most samples.
const (
	maxText    = 300
	maxPath    = 160
	maxAgent   = 80
	maxSamples = 3
	maxIDs     = 12
)

// Clean makes an attacker's text fit to be read: what does not print (controls, line ends, directions of writing) becomes
// U+FFFD, and what is behind max runes is cut.
func Clean(s string, maxRunes int) string {
	if len(s) <= maxRunes && isPlain(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxRunes {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// sampleLines are some of the requests, one a line.
func sampleLines(events []event.Event) []string {
	lines := make([]string, 0, min(len(events), maxSamples))
	for i := range events[:min(len(events), maxSamples)] {
		lines = append(lines, sampleLine(&events[i]))
	}
	return lines
}

func sampleLine(e *event.Event) string {
	var b strings.Builder
	b.WriteString(e.When().Format("2006-01-02T15:04:05Z "))
	target := e.Path
	if e.Query != "" {
		target += "?" + e.Query
	}
	if e.Method == "" && target == "" {
		target = e.RequestLine
	}
	b.WriteString(Clean(strings.TrimSpace(e.Method+" "+target), maxPath))
	if e.Has(event.FieldStatus) {
		b.WriteString(" → " + strconv.Itoa(int(e.Status)))
	}
	if e.UserAgent != "" {
		b.WriteString(" · " + Clean(e.UserAgent, maxAgent))
	}
	return b.String()
}
