package site

import (
	"strconv"

	"gatewatch/internal/app/simulate/dice"
)

// Products, Categories and Articles are how many there are of each.
const (
	Products   = 18000
	Categories = 140
	Articles   = 420
)

var (
	adjectives = [...]string{"oak", "small", "folding", "linen", "blue", "classic", "steel", "soft", "round", "compact", "nordic", "bright", "heavy", "garden", "kids", "travel"}
	nouns      = [...]string{"chair", "lamp", "desk", "kettle", "rug", "shelf", "mug", "blanket", "clock", "basket", "mirror", "stool", "vase", "pillow", "backpack", "bench"}
)

const digits = "0123456789abcdef"

// appendHex appends the 16 hexadecimal digits of a number.
func appendHex(b []byte, x uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[x>>shift&15])
	}
	return b
}

// appendPath appends the path of a route to a thing with a number.
func (r *Route) appendPath(b []byte, id uint64) []byte {
	b = append(b, r.head...)
	switch r.slot {
	case 'd':
		b = strconv.AppendUint(b, id, 10)
	case 'u':
		b = appendUUID(b, id)
	case 's':
		x := dice.Mix(id)
		b = append(b, adjectives[x%16]...)
		b = append(b, '-')
		b = append(b, nouns[x>>8%16]...)
		b = append(b, '-')
		b = strconv.AppendUint(b, id, 10)
	case 'h':
		b = appendHex(b, dice.Mix(id))[:len(b)+10]
	}
	return append(b, r.tail...)
}

func appendUUID(b []byte, id uint64) []byte {
	var text [32]byte
	hex := appendHex(appendHex(text[:0], dice.Mix(id)), dice.Mix(^id))
	hex[12], hex[16] = '4', "89ab"[id&3]
	for i, c := range hex {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b = append(b, '-')
		}
		b = append(b, c)
	}
	return b
}

// appendQuery appends the query of a route; page takes the place of a number, words and names are made of id.
func (r *Route) appendQuery(b []byte, id, page uint64) []byte {
	q := r.Query
	for i := 0; i < len(q); i++ {
		if q[i] != '%' {
			b = append(b, q[i])
			continue
		}
		i++
		switch q[i] {
		case 'd':
			b = strconv.AppendUint(b, page, 10)
		case 'q':
			x := dice.Mix(id)
			b = append(b, adjectives[x%16]...)
			if x&0x300 != 0 {
				b = append(b, '+')
				b = append(b, nouns[x>>10%16]...)
			}
		case 'e':
			b = AppendUser(b, id)
		}
	}
	return b
}
