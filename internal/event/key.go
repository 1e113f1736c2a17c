package event

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"
)

// Key identifies an entity in the tables of the fold: 128 bits, so that two entities never share one by chance. An
// address is its own key; anything else is hashed under a secret seed, so that nobody can choose names that collide.
type Key struct{ Hi, Lo uint64 }

// IsZero tells the key of nobody.
func (k Key) IsZero() bool { return k == Key{} }

// Less orders keys, for output that must not depend on a table's order.
func (k Key) Less(o Key) bool {
	if k.Hi != o.Hi {
		return k.Hi < o.Hi
	}
	return k.Lo < o.Lo
}

// Key is the key of the event's entity of one kind under a seed; false when the event does not tell that entity. It
// does not allocate.
func (e *Event) Key(k Kind, seed uint64) (Key, bool) {
	switch k {
	case KindNetwork, KindPrefix:
		return e.networkKey(k, seed)
	case KindPrincipal:
		return hashKey(e.Principal, seed, k)
	case KindCredential:
		return hashKey(e.Credential, seed, k)
	case KindSession:
		return hashKey(e.Session, seed, k)
	case KindFingerprint:
		return hashKey(e.JA4, seed, k)
	case KindASN:
		return Key{Hi: uint64(k), Lo: uint64(e.ASN)}, e.Has(FieldASN) && e.ASN != 0
	case KindEndpoint:
		return e.endpointKey(seed)
	case KindService:
		return hashKey(serviceValue(e), seed, k)
	default:
		return Key{}, false
	}
}

func (e *Event) networkKey(k Kind, seed uint64) (Key, bool) {
	if !e.Client.IsValid() {
		if k == KindPrefix {
			return Key{}, false
		}
		return hashKey(e.ClientHost, seed, k)
	}
	b := e.Client.As16()
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	if hi == 0 && lo>>32 == 0xffff {
		if k == KindPrefix {
			lo &^= 0xff
		}
		return Key{Hi: 0, Lo: lo}, true
	}
	if k == KindPrefix {
		hi &^= 0xffff
	}
	return Key{Hi: hi, Lo: 0}, true
}

func (e *Event) endpointKey(seed uint64) (Key, bool) {
	route := e.Route
	if route == "" {
		route = e.Path
	}
	if route == "" {
		return Key{}, false
	}
	h := xxh3.HashString128Seed(route, seed)
	m := xxh3.HashStringSeed(e.Method, h.Hi)
	n := xxh3.HashStringSeed(e.Host, h.Lo^m)
	return Key{Hi: h.Hi ^ m, Lo: h.Lo ^ n}, true
}

func hashKey(s string, seed uint64, k Kind) (Key, bool) {
	if s == "" {
		return Key{}, false
	}
	h := xxh3.HashString128Seed(s, seed+uint64(k))
	return Key{Hi: h.Hi, Lo: h.Lo}, true
}
