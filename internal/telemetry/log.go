package telemetry

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Levels are the levels of a log by name, the most talkative first.
func Levels() []string { return []string{"debug", "info", "warn", "error"} }

// ParseLevel reads the name of a level.
func ParseLevel(name string) (slog.Level, error) {
	switch name {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	default:
		return 0, fmt.Errorf("unknown level %q: want one of %s", name, strings.Join(Levels(), ", "))
	}
}

// NewLog makes a log that writes lines of text, as key=value, or of JSON. What attackers wrote may stand in an
// attribute: no character of it reaches a terminal that could move its cursor, colour it, or turn its text around.
func NewLog(w io.Writer, level slog.Leveler, text bool) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level, ReplaceAttr: readable}
	if text {
		return slog.New(slog.NewTextHandler(w, opts)) // it quotes whatever is not printable
	}
	return slog.New(slog.NewJSONHandler(printable{w}, opts))
}

// readable writes a duration as people do, which JSON would have in nanoseconds.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// printable writes JSON with escapes in place of characters that are not printable, such as C1 controls and those that
// turn the direction of writing. JSON allows them inside strings, and slog leaves them there.
type printable struct{ w io.Writer }

// Write takes whole lines, as handlers of slog write them.
func (p printable) Write(line []byte) (int, error) {
	if isPlain(line) {
		return p.w.Write(line)
	}
	var b bytes.Buffer
	b.Grow(len(line) + 64)
	for rest := line; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == '\n' || r < utf8.RuneSelf && r >= ' ' && r != 0x7f || r >= utf8.RuneSelf && unicode.IsPrint(r):
			b.Write(rest[:size])
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	if _, err := p.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(line), nil
}

// isPlain tells a line of printable ASCII, as nearly all are.
func isPlain(line []byte) bool {
	for _, c := range line {
		if c >= 0x7f || c < ' ' && c != '\n' {
			return false
		}
	}
	return true
}
