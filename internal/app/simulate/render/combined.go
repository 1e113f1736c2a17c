package render

import (
	"strconv"

	"gatewatch/internal/app/simulate/site"
)

// combined is what nginx and Apache httpd write by default.
type combined struct{ clock clock }

// Append implements Format.
func (f *combined) Append(b []byte, q *site.Request) []byte {
	b = q.From.Addr.AppendTo(b)
	b = append(b, " - "...)
	b = orDash(b, q.User)
	b = append(b, " ["...)
	b = f.clock.append(b, q.At)
	b = append(b, `] "`...)
	b = append(b, q.Method...)
	b = append(b, ' ')
	b = quoted(b, q.Path)
	if len(q.Query) > 0 {
		b = append(b, '?')
		b = quoted(b, q.Query)
	}
	b = append(b, ' ')
	b = append(b, q.From.Agent.HTTP...)
	b = append(b, `" `...)
	b = strconv.AppendInt(b, int64(q.Status), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, q.Out, 10)
	b = append(b, ` "`...)
	b = orDash(b, q.Referer)
	b = append(b, `" "`...)
	b = orDash(b, q.From.Agent.Name)
	return append(b, '"')
}

func orDash(b []byte, text string) []byte {
	if text == "" {
		return append(b, '-')
	}
	return quoted(b, text)
}

// quoted appends a text as nginx does by default: what could end it, and what is no plain character, as \xXX.
func quoted[T string | []byte](b []byte, text T) []byte {
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' && c < 0x7f {
			continue
		}
		b = append(b, text[start:i]...)
		start = i + 1
		b = append(b, '\\', 'x', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
	}
	return append(b, text[start:]...)
}
