package playback

import (
	"regexp"
	"strconv"
	"time"
)

// stamp is one way in which the recordings' gateways write a time: the first group of the pattern.
type stamp struct {
	pattern *regexp.Regexp
	layout  string // "" for seconds since the Unix epoch
}

var stamps = []stamp{
	{regexp.MustCompile(`\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d)`), "02/Jan/2006:15:04:05"},
	{regexp.MustCompile(`^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)`), time.Stamp},
	{regexp.MustCompile(`"time_iso8601":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)`), "2006-01-02T15:04:05"},
	{regexp.MustCompile(`"ts":(\d{10})`), ""},
}

// move rewrites a time that the pattern found in its own layout.
func (s stamp) move(found string, by time.Duration) string {
	if s.layout == "" {
		seconds, err := strconv.ParseInt(found, 10, 64)
		if err != nil {
			return found
		}
		return strconv.FormatInt(seconds+int64(by/time.Second), 10)
	}
	t, err := time.Parse(s.layout, found)
	if err != nil {
		return found
	}
	return t.Add(by).Format(s.layout)
}

// Moved is the line with its times moved by whole seconds; what is smaller is kept, so that order is.
func (l *Line) Moved(by time.Duration) []byte {
	by = by.Truncate(time.Second)
	text := l.Text
	for _, s := range stamps {
		at := s.pattern.FindSubmatchIndex(text)
		if at == nil {
			continue
		}
		moved := append(append([]byte{}, text[:at[2]]...), s.move(string(text[at[2]:at[3]]), by)...)
		text = append(moved, text[at[3]:]...)
	}
	return text
}

// Stamped is a line with its first time replaced by another, in whole seconds.
func Stamped(text []byte, at time.Time) []byte {
	for _, s := range stamps {
		found := s.pattern.FindSubmatchIndex(text)
		if found == nil || s.layout == "" {
			continue
		}
		stamped := append(append([]byte{}, text[:found[2]]...), at.UTC().Format(s.layout)...)
		return append(stamped, text[found[3]:]...)
	}
	return text
}

// Move moves all lines.
func Move(lines []Line, by time.Duration) []Line {
	by = by.Truncate(time.Second)
	moved := make([]Line, len(lines))
	for i := range lines {
		l := &lines[i]
		moved[i] = Line{Log: l.Log, Service: l.Service, At: l.At.Add(by), Text: l.Moved(by)}
	}
	return moved
}
