package event

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/zeebo/xxh3"
)

// ID identifies an event everywhere: a hash of where it came from, so that reading a record again gives the same ID.
type ID struct{ Hi, Lo uint64 }

// idSeed separates event IDs from every other use of the hash.
const idSeed = 0x67772d6576656e74

// ID is the identity of the event that came from here.
func (o Origin) ID() ID {
	topic := xxh3.HashString128Seed(o.Topic, idSeed)
	var b [32]byte
	binary.BigEndian.PutUint64(b[0:], topic.Hi)
	binary.BigEndian.PutUint64(b[8:], topic.Lo)
	binary.BigEndian.PutUint64(b[16:], uint64(o.Offset))
	binary.BigEndian.PutUint32(b[24:], uint32(o.Partition))
	binary.BigEndian.PutUint32(b[28:], uint32(o.Ordinal))
	h := xxh3.Hash128Seed(b[:], idSeed)
	return ID{Hi: h.Hi, Lo: h.Lo}
}

// Append appends the ID as 32 hexadecimal digits.
func (id ID) Append(b []byte) []byte {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], id.Hi)
	binary.BigEndian.PutUint64(raw[8:], id.Lo)
	return hex.AppendEncode(b, raw[:])
}

// String is the ID as 32 hexadecimal digits.
func (id ID) String() string { return string(id.Append(nil)) }
