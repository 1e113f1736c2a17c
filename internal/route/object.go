package route

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"
)

// ObjectKind says what an object id looks like.
type ObjectKind uint8

// The kinds of object id; ObjectNone means that the request names no object.
const (
	ObjectNone ObjectKind = iota
	ObjectInt
	ObjectUUID
	ObjectHex
	ObjectDate
	ObjectEmail
	ObjectBase64
	ObjectOpaque
	ObjectSlug
	objectKinds
)

var objectNames = [objectKinds]string{"none", "int", "uuid", "hex", "date", "email", "base64url", "opaque", "slug"}

// String is the kind's name, which is also its placeholder's in a template.
func (k ObjectKind) String() string {
	if k >= objectKinds {
		return objectNames[ObjectNone]
	}
	return objectNames[k]
}

// Object is the object a request is about: the last variable segment of its path, else an id-like query parameter. It
// has no pointers and may be kept.
type Object struct {
	// Hash identifies the id, under the Config's seed; 0 only with ObjectNone.
	Hash uint64
	// Number is the id itself with ObjectInt, and the digits at the end of an ObjectOpaque ("INV-2024-0042"), so that
	// adjacency can be judged; else 0.
	Number int64
	Kind   ObjectKind
	// Query tells that the id came from the query and not from the path.
	Query bool
}

// Found tells whether the request names an object.
func (o Object) Found() bool { return o.Kind != ObjectNone }

// object is the last variable segment.
func (t *Templater) object(segs []segment) Object {
	for _, s := range slices.Backward(segs) {
		if s.kind != ObjectNone {
			return t.identify(s.text, s.kind)
		}
	}
	return Object{}
}

// routed is the object at the last parameter of a route (":id", "{id}", "<id>", "*"), where route and path have the same
// shape. Of a route that is cut ("/…") or has another shape, it is the later of its last parameter and the last segment
// that is variable by its looks. With the routes of a Templater it finds what the Templater found.
func (t *Templater) routed(route string, segs []segment) Object {
	at, param := 0, -1
	cut := strings.HasSuffix(route, "/…")
	for route != "" {
		part := route
		if i := strings.IndexByte(route, '/'); i >= 0 {
			part, route = route[:i], route[i+1:]
		} else {
			route = ""
		}
		if part == "" {
			continue
		}
		if strings.IndexByte(":{<*$", part[0]) >= 0 && part != otherSegment {
			param = at
		}
		at++
	}
	if cut {
		for i := len(segs) - 1; i > param; i-- {
			if segs[i].kind != ObjectNone {
				return t.identify(segs[i].text, segs[i].kind)
			}
		}
	} else if at != len(segs) {
		return t.object(segs)
	}
	if param < 0 || param >= len(segs) {
		return t.object(segs)
	}
	s := segs[param]
	if s.kind == ObjectNone {
		return t.identify(strings.TrimSuffix(s.text, s.ext), ObjectSlug)
	}
	return t.identify(s.text, s.kind)
}

// identify makes the object of an id. "007" and "7" are the same number and so the same object.
func (t *Templater) identify(id string, kind ObjectKind) Object {
	o := Object{Kind: kind}
	if kind == ObjectInt {
		for i := range len(id) {
			o.Number = o.Number*10 + int64(id[i]-'0')
		}
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(o.Number))
		o.Hash = xxh3.HashSeed(b[:], t.cfg.Seed)
	} else {
		o.Hash = xxh3.HashStringSeed(id, t.cfg.Seed)
		if kind == ObjectOpaque {
			o.Number = numberAtEnd(id)
		}
	}
	o.Hash = max(o.Hash, 1)
	return o
}

// numberAtEnd is the number in the last digits of a numbered id, 0 without.
func numberAtEnd(id string) (n int64) {
	from := len(id)
	for from > 0 && len(id)-from < maxDigits && id[from-1]-'0' <= 9 {
		from--
	}
	for _, c := range []byte(id[from:]) {
		n = n*10 + int64(c-'0')
	}
	return n
}

// maxParams is how many query parameters are looked at.
const maxParams = 32

// queryObject is the first id-like parameter with an id-like value.
func (t *Templater) queryObject(query string) Object {
	for range maxParams {
		if query == "" {
			break
		}
		var name, value string
		name, value, query = cutParam(query)
		if !idName(name) || len(value) > maxDecoded {
			continue
		}
		if strings.IndexByte(value, '%') >= 0 {
			value = view(appendDecoded(t.scratch[:0], value))
		}
		if s := classify(value); s.kind != ObjectNone && value != "" {
			o := t.identify(s.text, s.kind)
			o.Query = true
			return o
		}
	}
	return Object{}
}

// idName tells names of parameters that name an object.
func idName(name string) bool {
	n := len(name)
	if n < 2 || n > 40 {
		return false
	}
	if lower(name[n-2]) == 'i' && lower(name[n-1]) == 'd' {
		// "id", "user_id", "user-id", "userId", "uuid", "guid", "uid", "userid"; not "paid" and "valid"
		return n <= 4 && name != "paid" && name != "said" && name != "void" && name != "grid" || name[n-2] == 'I' ||
			name[n-3] == '_' || name[n-3] == '-' || name[n-3] == '[' || hasSuffixFold(name, "userid") || hasSuffixFold(name, "uuid")
	}
	switch name {
	case "user", "account", "acct", "order", "invoice", "doc", "document", "file", "customer", "client", "profile", "ref",
		"number", "no", "msisdn", "phone", "email", "ticket", "post", "item", "product", "sku", "key", "object", "record":
		return true
	default:
		return false
	}
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
