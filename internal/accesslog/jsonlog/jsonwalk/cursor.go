package jsonwalk

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
)

// Cursor goes through the members of one object or the elements of one array, each checked whole but not entered. Make
// one with Open.
type Cursor struct {
	b      []byte
	i      int
	key    Span
	value  Span
	end    byte
	begun  bool
	done   bool
	reason format.Reason
}

// Open makes a cursor over text, which must be one object or array with nothing but space around it (a Value's Raw is).
func Open(text []byte) Cursor {
	c := Cursor{b: text, i: spaceEnd(text, 0)}
	switch {
	case c.i >= len(text):
		c.reason = format.Empty
	case len(text) > MaxLen:
		c.reason = format.TooLong
	case text[c.i] == '{':
		c.end = '}'
	case text[c.i] == '[':
		c.end = ']'
	default:
		c.reason = format.BadSyntax
	}
	c.i++
	return c
}

// Next goes to the next member or element; false at the end or at the first fault: see Reason.
func (c *Cursor) Next() bool {
	if c.done || c.reason != format.ReasonNone {
		return false
	}
	c.i = spaceEnd(c.b, c.i)
	if c.i < len(c.b) && c.b[c.i] == c.end {
		c.done = true
		if c.i = spaceEnd(c.b, c.i+1); c.i < len(c.b) {
			c.reason = format.BadSyntax
		}
		return false
	}
	if c.begun {
		if c.i >= len(c.b) || c.b[c.i] != ',' {
			c.reason = fault(c.b, c.i)
			return false
		}
		c.i = spaceEnd(c.b, c.i+1)
	}
	c.begun = true
	if c.end == '}' {
		if c.key, c.i, c.reason = scanKey(c.b, c.i); c.reason != format.ReasonNone {
			return false
		}
	}
	if c.value, c.reason = Scan(c.b, c.i, 1); c.reason != format.ReasonNone {
		return false
	}
	c.i = c.value.Next()
	return true
}

// Key is the member's key as a string value; in an array it is absent.
func (c *Cursor) Key() Value {
	if c.key.Kind == None {
		return Value{}
	}
	return c.key.Value(c.b)
}

// KeyIs tells whether the member's key, unescaped, is name.
func (c *Cursor) KeyIs(name string) bool { return c.name() == name }

// name is the member's key, unescaped.
func (c *Cursor) name() string {
	if c.key.Kind == Escaped {
		return unescaped(c.Key())
	}
	return lex.String(c.Key().Raw)
}

// unescaped allocates. A key with escapes is so rare that a cursor does without memory of its own.
func unescaped(v Value) string {
	var s lex.Scratch
	return v.Text(&s)
}

// Value is the member's or element's value.
func (c *Cursor) Value() Value { return c.value.Value(c.b) }

// Reason is ReasonNone when Next has gone through a well-formed object or array.
func (c *Cursor) Reason() format.Reason { return c.reason }
