package jsonwalk

import "gatewatch/internal/accesslog/format"

// container checks one array or object without recursion: the nesting is a bit per level, set for an object.
type container struct {
	b      []byte
	i      int
	levels int // open containers, this one's own included
	outer  int // containers around it
	kinds  uint64
	reason format.Reason
}

func scanContainer(b []byte, i, depth int) (Span, format.Reason) {
	c := container{b: b, i: i, outer: depth}
	for c.value() {
	}
	if c.reason != format.ReasonNone {
		return Span{}, c.reason
	}
	kind := Array
	if b[i] == '{' {
		kind = Object
	}
	return Span{Start: uint32(i), End: uint32(c.i), Kind: kind}, format.ReasonNone
}

// value reads one value, or the opening of a container, and everything up to the next value; false at the end.
func (c *container) value() bool {
	if c.i >= len(c.b) {
		return c.fail()
	}
	switch c.b[c.i] {
	case '{':
		return c.open('}', 1)
	case '[':
		return c.open(']', 0)
	}
	s, reason := scanScalar(c.b, c.i)
	if reason != format.ReasonNone {
		c.reason = reason
		return false
	}
	c.i = s.Next()
	return c.after()
}

func (c *container) open(end byte, object uint64) bool {
	c.levels++
	if c.levels+c.outer > MaxDepth {
		c.reason = format.TooDeep
		return false
	}
	c.kinds = c.kinds<<1 | object
	c.i = spaceEnd(c.b, c.i+1)
	if c.i < len(c.b) && c.b[c.i] == end {
		return c.after()
	}
	return c.member()
}

// after reads from the end of a value to the next value. It may stand on a closing bracket already.
func (c *container) after() bool {
	for {
		c.i = spaceEnd(c.b, c.i)
		if c.i >= len(c.b) {
			return c.fail()
		}
		end := byte(']')
		if c.kinds&1 == 1 {
			end = '}'
		}
		switch c.b[c.i] {
		case ',':
			c.i = spaceEnd(c.b, c.i+1)
			return c.member()
		case end:
			c.i++
			c.levels--
			c.kinds >>= 1
			if c.levels == 0 {
				return false
			}
		default:
			return c.fail()
		}
	}
}

// member reads a key and its colon inside an object, nothing inside an array.
func (c *container) member() bool {
	if c.kinds&1 == 0 {
		return true
	}
	_, next, reason := scanKey(c.b, c.i)
	c.i, c.reason = next, reason
	return reason == format.ReasonNone
}

func (c *container) fail() bool {
	c.reason = fault(c.b, c.i)
	return false
}

// scanKey reads the key at b[i], its colon and the space up to the value, whose index is the second result.
func scanKey(b []byte, i int) (Span, int, format.Reason) {
	if i >= len(b) || b[i] != '"' {
		return Span{}, i, fault(b, i)
	}
	end, kind := StringEnd(b, i+1)
	if kind == None {
		return Span{}, end, fault(b, end)
	}
	key := Span{Start: uint32(i + 1), End: uint32(end), Kind: kind}
	i = spaceEnd(b, end+1)
	if i >= len(b) || b[i] != ':' {
		return Span{}, i, fault(b, i)
	}
	return key, spaceEnd(b, i+1), format.ReasonNone
}
