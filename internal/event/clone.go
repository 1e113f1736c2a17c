package event

import (
	"strings"
	"unicode/utf8"
)

// Clone is a copy that shares no memory with the event or the line it came from, every text cut to limit bytes at a rune
// boundary; a limit of 0 or less cuts nothing.
func (e *Event) Clone(limit int) Event {
	c := *e
	for _, f := range texts {
		p := c.text(f.number)
		*p = cloneText(*p, limit)
	}
	c.Origin.Topic = strings.Clone(e.Origin.Topic)
	c.Unmapped = nil
	if len(e.Unmapped) > 0 {
		c.Unmapped = make([]Pair, len(e.Unmapped))
	}
	for i, p := range e.Unmapped {
		c.Unmapped[i] = Pair{Key: cloneText(p.Key, limit), Value: cloneText(p.Value, limit)}
	}
	return c
}

func cloneText(s string, limit int) string { return strings.Clone(cut(s, limit)) }

// cut is s without what exceeds limit bytes; a rune that straddles the limit goes with it. Invalid UTF-8 is cut at the
// limit itself, because nothing better is known.
func cut(s string, limit int) string {
	if limit <= 0 || len(s) <= limit {
		return s
	}
	for end := limit; end > limit-utf8.UTFMax && end >= 0; end-- {
		if utf8.RuneStart(s[end]) {
			return s[:end]
		}
	}
	return s[:limit]
}
