// Package scan takes a line of a text access log apart, field by field, and puts the fields into an event: the hand that
// the parsers of package text and of custom formats share. It knows fields, not formats.
package scan

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// Scanner walks one line, field by field. Its first fault sticks and empties the line, so that a parser can read all its
// fields in a row and ask once, at the end, whether that went well. One goroutine owns a Scanner.
type Scanner struct {
	Clock   lex.Clock
	Scratch lex.Scratch
	Rest    []byte // what is left of the line
	Escaped bool   // the line has backslashes, and they mean something
	Fault   format.Reason
}

// Begin starts a line of a format that escapes quotes and control characters by backslashes.
func (s *Scanner) Begin(line []byte) {
	s.BeginPlain(line)
	s.Escaped = bytes.IndexByte(line, '\\') >= 0
}

// BeginPlain starts a line of a format in which a backslash is a character like any other.
func (s *Scanner) BeginPlain(line []byte) {
	for n := len(line); n > 0 && (line[n-1] == '\r' || line[n-1] == '\n'); n-- {
		line = line[:n-1]
	}
	s.Rest, s.Fault, s.Escaped = line, format.ReasonNone, false
	s.Scratch.Reset()
}

// Fail sets the fault of the line, unless it has one, and empties it.
func (s *Scanner) Fail(r format.Reason) {
	if s.Fault == format.ReasonNone {
		s.Fault = r
	}
	s.Rest = nil
}

// Result is the outcome of the line, whatever is left of it.
func (s *Scanner) Result() error {
	if s.Fault != format.ReasonNone {
		return s.Fault
	}
	return nil
}

// End is the outcome of a line that must be read to its end.
func (s *Scanner) End() error {
	if len(s.Rest) > 0 {
		s.Fail(format.BadSyntax)
	}
	return s.Result()
}

// EndWithRest is the outcome of a line that may go on with fields that its format did not have when this was written.
func (s *Scanner) EndWithRest(e *event.Event) error {
	if len(s.Rest) > 0 {
		s.Unmapped(e, "rest", s.Rest)
	}
	return s.Result()
}

// Word reads up to the next space, which it swallows.
func (s *Scanner) Word() []byte {
	b := s.Rest
	i := bytes.IndexByte(b, ' ')
	if i < 0 {
		if len(b) == 0 {
			s.Fail(format.Truncated)
		}
		s.Rest = nil
		return b
	}
	if i == 0 {
		s.Fail(format.BadSyntax)
		return nil
	}
	s.Rest = b[i+1:]
	return b[:i]
}

// List reads a word of which nginx made a list, one part per upstream tried: "a, b : c".
func (s *Scanner) List() []byte {
	whole := s.Rest
	n := len(s.Word())
	for n > 0 && n+1 < len(whole) && (whole[n-1] == ',' || whole[n-1] == ':' || whole[n+1] == ':') {
		n += 1 + len(s.Word())
	}
	return whole[:n]
}

// Literal swallows text that must stand here.
func (s *Scanner) Literal(text string) {
	if len(s.Rest) >= len(text) && string(s.Rest[:len(text)]) == text {
		s.Rest = s.Rest[len(text):]
		return
	}
	if bytes.HasPrefix([]byte(text), s.Rest) {
		s.Fail(format.Truncated)
		return
	}
	s.Fail(format.BadSyntax)
}

// Bracketed reads [what stands here] and the space behind it.
func (s *Scanner) Bracketed() []byte {
	s.Literal("[")
	i := bytes.IndexByte(s.Rest, ']')
	if i < 0 {
		s.Fail(format.Truncated)
		return nil
	}
	b := s.Rest[:i]
	s.Rest = s.Rest[i+1:]
	s.Space()
	return b
}

// Quoted reads a quoted field and the space behind it, and returns its inside as it was logged.
func (s *Scanner) Quoted() []byte {
	b := s.Rest
	if len(b) == 0 || b[0] != '"' {
		s.Literal(`"`)
		return nil
	}
	if len(b) > 3 && string(b[1:4]) == `-" ` { // what most of them are
		s.Rest = b[4:]
		return b[1:2]
	}
	b = b[1:]
	i := bytes.IndexByte(b, '"')
	if i >= 0 && !s.Escaped && i+1 < len(b) && b[i+1] == ' ' {
		s.Rest = b[i+2:]
		return b[:i]
	}
	if i = s.Closing(b); i < 0 {
		s.Fail(format.Truncated)
		return nil
	}
	s.Rest = b[i+1:]
	s.Space()
	return b[:i]
}

// Value reads a quoted field or a word, for gateways that quote only what is there.
func (s *Scanner) Value() []byte {
	if len(s.Rest) > 0 && s.Rest[0] == '"' {
		return s.Quoted()
	}
	return s.Word()
}

// Space swallows the space between two fields; at the end of the line there is none.
func (s *Scanner) Space() {
	if len(s.Rest) == 0 {
		return
	}
	if s.Rest[0] != ' ' {
		s.Fail(format.BadSyntax)
		return
	}
	s.Rest = s.Rest[1:]
}

// Closing finds the quote that closes a field: it is not escaped, and a space or the line's end is behind it. The second
// condition reads lines of servers that do not escape quotes, as far as they can be read. If every quote there is
// escaped, the backslash was the field's own.
func (s *Scanner) Closing(b []byte) int {
	fallback := -1
	for i := bytes.IndexByte(b, '"'); i >= 0; {
		if i+1 == len(b) || b[i+1] == ' ' {
			if !s.Escaped || !EscapedAt(b, i) {
				return i
			}
			fallback = i
		}
		next := bytes.IndexByte(b[i+1:], '"')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return fallback
}

// EscapedAt tells whether an odd number of backslashes stands before b[i].
func EscapedAt(b []byte, i int) bool {
	odd := false
	for i--; i >= 0 && b[i] == '\\'; i-- {
		odd = !odd
	}
	return odd
}
