package jsonwalk

import "gatewatch/internal/accesslog/lex"

// Kind is what a JSON value is.
type Kind uint8

// The kinds of value. None is no value: an absent member, or text that is no JSON.
const (
	None Kind = iota
	String
	Escaped // a string that contains a backslash escape: Unescape it before use
	Number
	True
	False
	Null
	Array
	Object
)

// Value is one JSON value inside the text it came from, which it aliases. The zero Value is an absent one.
type Value struct {
	// Raw is the content of a string between its quotes, escapes unresolved; for any other kind it is the text itself, with
	// the brackets of an array or object.
	Raw  []byte
	Kind Kind
}

// IsString tells a string, with or without escapes.
func (v Value) IsString() bool { return v.Kind == String || v.Kind == Escaped }

// Text is the value as text: a string with its escapes resolved, anything else as it is written, null as nothing. It
// aliases the value's text or, where there was an escape, the scratch.
func (v Value) Text(s *lex.Scratch) string {
	switch v.Kind {
	case Escaped:
		text, _ := s.UnescapeJSON(v.Raw) // the scan has checked the escapes
		return text
	case None, Null:
		return ""
	default:
		return lex.String(v.Raw)
	}
}

// Span is a value's place in its text, small and free of pointers so that many can be kept: the bytes [Start, End) are
// what Value.Raw would be.
type Span struct {
	Start, End uint32
	Kind       Kind
}

// Value is the value at the span of b.
func (s Span) Value(b []byte) Value { return Value{Raw: b[s.Start:s.End], Kind: s.Kind} }

// Next is the index after the value's last byte, a string's closing quote included.
func (s Span) Next() int {
	if s.Kind == String || s.Kind == Escaped {
		return int(s.End) + 1
	}
	return int(s.End)
}
