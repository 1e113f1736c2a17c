package nats

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// leaf is the value that counts: the position, and the state or where its pieces lie.
type leaf struct {
	position uint64
	size     uint64
	sum      uint32
	count    uint32 // of pieces; none when the state is in the leaf
	prefix   string // of the pieces' keys
	state    []byte
}

const (
	leafMagic = "gwb1"
	leafBytes = len(leafMagic) + 8 + 8 + 4 + 4
)

// ErrDamaged tells that what was saved cannot be read.
var ErrDamaged = errors.New("the state is damaged")

func newLeaf(position uint64, state []byte) leaf {
	return leaf{position: position, size: uint64(len(state)), sum: crc32.ChecksumIEEE(state), state: state}
}

func (l *leaf) encode() []byte {
	b := append(make([]byte, 0, leafBytes+len(l.prefix)+min(len(l.state), chunkBytes)), leafMagic...)
	b = binary.LittleEndian.AppendUint64(b, l.position)
	b = binary.LittleEndian.AppendUint64(b, l.size)
	b = binary.LittleEndian.AppendUint32(b, l.count)
	b = binary.LittleEndian.AppendUint32(b, l.sum)
	if l.count > 0 {
		return append(b, l.prefix...)
	}
	return append(b, l.state...)
}

func decodeLeaf(b []byte) (leaf, error) {
	if len(b) < leafBytes || string(b[:len(leafMagic)]) != leafMagic {
		return leaf{}, ErrDamaged
	}
	head, rest := b[len(leafMagic):leafBytes], b[leafBytes:]
	l := leaf{
		position: binary.LittleEndian.Uint64(head), size: binary.LittleEndian.Uint64(head[8:]),
		count: binary.LittleEndian.Uint32(head[16:]), sum: binary.LittleEndian.Uint32(head[20:]),
	}
	if l.count == 0 {
		l.state = rest
	} else {
		l.prefix = string(rest)
	}
	return l, nil
}

// whole tells whether the state is what was saved.
func (l *leaf) whole() bool {
	return uint64(len(l.state)) == l.size && crc32.ChecksumIEEE(l.state) == l.sum
}

// keys are where the pieces lie.
func (l *leaf) keys() []string {
	keys := make([]string, l.count)
	for i := range keys {
		keys[i] = pieceKey(l.prefix, i)
	}
	return keys
}

func pieceKey(prefix string, i int) string { return fmt.Sprintf("%s.%d", prefix, i) }

// of tells whether the pieces are of one writer.
func (l *leaf) of(writer string) bool { return strings.HasPrefix(l.prefix, writer) }
