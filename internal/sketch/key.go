package sketch

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// KeySize is the size of a Key in bytes.
const KeySize = 16

// Key is the secret under which values are hashed: SipHash-2-4, a pseudo-random function of values of any length
// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", Indocrypt 2012). Whoever does not know the key cannot find
// values with hashes of a chosen form. It prints as <secret>.
type Key [KeySize]byte

// Sum is the hash of bytes.
func (k Key) Sum(b []byte) uint64 {
	s := k.state()
	tail := uint64(len(b)) << 56
	for len(b) >= 8 {
		s.block(binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return s.finish(tail)
}

// SumString is the hash of a string's bytes.
func (k Key) SumString(s string) uint64 { return k.Sum(unsafe.Slice(unsafe.StringData(s), len(s))) }

// SumNumber is the hash of a number, as of its eight bytes in little-endian order.
func (k Key) SumNumber(v uint64) uint64 {
	s := k.state()
	s.block(v)
	return s.finish(8 << 56)
}

// Fingerprint tells keys apart without giving them away: a sketch is not continued or merged under another key.
func (k Key) Fingerprint() uint64 { return k.SumString("gatewatch sketch key") }

// String hides the key.
func (k Key) String() string { return "<secret>" }

// GoString hides the key.
func (k Key) GoString() string { return "<secret>" }

// sip is SipHash's state.
type sip struct{ v0, v1, v2, v3 uint64 }

func (k Key) state() sip {
	k0, k1 := binary.LittleEndian.Uint64(k[:8]), binary.LittleEndian.Uint64(k[8:])
	return sip{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
}

func (s *sip) block(m uint64) {
	s.v3 ^= m
	s.round()
	s.round()
	s.v0 ^= m
}

func (s *sip) finish(tail uint64) uint64 {
	s.block(tail)
	s.v2 ^= 0xff
	for range 4 {
		s.round()
	}
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3
}

func (s *sip) round() {
	s.v0 += s.v1
	s.v1 = bits.RotateLeft64(s.v1, 13) ^ s.v0
	s.v0 = bits.RotateLeft64(s.v0, 32)
	s.v2 += s.v3
	s.v3 = bits.RotateLeft64(s.v3, 16) ^ s.v2
	s.v0 += s.v3
	s.v3 = bits.RotateLeft64(s.v3, 21) ^ s.v0
	s.v2 += s.v1
	s.v1 = bits.RotateLeft64(s.v1, 17) ^ s.v2
	s.v2 = bits.RotateLeft64(s.v2, 32)
}
