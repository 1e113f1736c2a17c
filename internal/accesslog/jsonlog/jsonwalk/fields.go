package jsonwalk

import (
	"strings"

	"gatewatch/internal/accesslog/format"
)

// Fields fetches the members of an object named by dotted keys, nested or written with dots, into out, which must be as
// long as keys; a member that is not there is left as the zero Value. Of duplicate keys the last wins. The whole object
// is checked. Unless a key is escaped it allocates nothing.
func Fields(object []byte, keys []string, out []Value) format.Reason {
	clear(out)
	c := Open(object)
	if c.end == ']' {
		return format.BadSyntax
	}
	for c.Next() {
		for k, key := range keys {
			if v := under(c.name(), c.Value(), key); v.Kind != None {
				out[k] = v
			}
		}
	}
	return c.Reason()
}

// under is the value that the dotted key names in a member with the given name and value: the member's own, or one
// inside it. It recurses as deep as the key has dots.
func under(name string, v Value, key string) Value {
	rest, ok := strings.CutPrefix(key, name)
	if ok && rest == "" {
		return v
	}
	rest, dotted := strings.CutPrefix(rest, ".")
	if !ok || !dotted || v.Kind != Object {
		return Value{}
	}
	var found Value
	for c := Open(v.Raw); c.Next(); {
		if in := under(c.name(), c.Value(), rest); in.Kind != None {
			found = in
		}
	}
	return found
}
