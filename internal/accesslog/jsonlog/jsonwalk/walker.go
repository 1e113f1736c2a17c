// Package jsonwalk reads JSON text in place: no reflection, no copies, no recursion, nothing allocated once its buffers
// have grown. It is strict (what it accepts, encoding/json accepts, and the other way round within MaxDepth), except
// that it keeps invalid UTF-8 as it is.
//
//   - Walker visits every leaf of an object under its flattened key: {"http":{"request":{"method":"GET"}}} and
//     {"http.request.method":"GET"} both give http.request.method. An array is one leaf.
//   - Cursor goes through the members of one object, or the elements of one array, and looks at nothing deeper.
//   - Fields fetches a few members by their dotted keys.
//   - Value.Text resolves the escapes of a string into the caller's lex.Scratch.
//
// It decides nothing about what a value means; package jsonlog does.
package jsonwalk

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
)

// Walker visits the leaves of one JSON object after the other. The zero value is ready; Reset begins a text. One
// goroutine owns a Walker.
type Walker struct {
	b      []byte
	i      int
	depth  int
	base   [MaxDepth + 1]uint32 // the length of the path of each open object
	path   []byte
	names  lex.Scratch // the keys that were escaped
	value  Span
	start  bool // nothing read yet in the innermost object
	opened bool
	reason format.Reason
}

// Reset begins to walk line, which must be one JSON object with nothing but space around it.
func (w *Walker) Reset(line []byte) {
	w.b, w.i, w.depth, w.opened, w.reason = line, 0, 0, false, format.ReasonNone
	w.path = w.path[:0]
	w.names.Reset()
}

// Next goes to the next leaf; false at the end of the object or at the first fault: see Reason.
func (w *Walker) Next() bool {
	if !w.opened && !w.openRoot() {
		return false
	}
	for w.depth > 0 {
		w.i = spaceEnd(w.b, w.i)
		if w.i < len(w.b) && w.b[w.i] == '}' {
			w.i++
			w.depth--
			w.start = false
			continue
		}
		if !w.key() {
			return false
		}
		if w.i < len(w.b) && w.b[w.i] == '{' {
			if !w.open() {
				return false
			}
			continue
		}
		w.value, w.reason = Scan(w.b, w.i, w.depth)
		if w.reason != format.ReasonNone {
			return false
		}
		w.i = w.value.Next()
		return true
	}
	if w.i = spaceEnd(w.b, w.i); w.i < len(w.b) && w.reason == format.ReasonNone {
		w.reason = format.BadSyntax
	}
	return false
}

// Depth is how many objects are open around the leaf.
func (w *Walker) Depth() int { return w.depth }

// Key is the flattened key of the leaf, unescaped; valid until the next call.
func (w *Walker) Key() []byte { return w.path }

// Span is the place of the leaf's value in the line.
func (w *Walker) Span() Span { return w.value }

// Value is the leaf's value.
func (w *Walker) Value() Value { return w.value.Value(w.b) }

// Reason is ReasonNone when Next has gone through a well-formed object.
func (w *Walker) Reason() format.Reason { return w.reason }

func (w *Walker) openRoot() bool {
	w.opened = true
	w.i = spaceEnd(w.b, 0)
	switch {
	case w.i >= len(w.b):
		w.reason = format.Empty
	case len(w.b) > MaxLen:
		w.reason = format.TooLong
	case w.b[w.i] != '{':
		w.reason = format.BadSyntax
	default:
		return w.open()
	}
	return false
}

// open enters the object at the current byte; its path is the path as it stands.
func (w *Walker) open() bool {
	if w.depth == MaxDepth {
		w.reason = format.TooDeep
		return false
	}
	w.depth++
	w.base[w.depth] = uint32(len(w.path))
	w.start = true
	w.i++
	return true
}

// key reads the comma before a member if there must be one, the member's key and its colon.
func (w *Walker) key() bool {
	if !w.start {
		if w.i >= len(w.b) || w.b[w.i] != ',' {
			w.reason = fault(w.b, w.i)
			return false
		}
		w.i = spaceEnd(w.b, w.i+1)
	}
	w.start = false
	key, next, reason := scanKey(w.b, w.i)
	w.i, w.reason = next, reason
	if reason != format.ReasonNone {
		return false
	}
	w.path = w.path[:w.base[w.depth]]
	if w.depth > 1 {
		w.path = append(w.path, '.')
	}
	w.path = append(w.path, key.Value(w.b).Text(&w.names)...)
	return true
}
