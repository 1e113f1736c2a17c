// Package frame takes LZ4 frames apart into their blocks, as Kafka's producers make them. It decompresses nothing.
package frame

import (
	"encoding/binary"
	"errors"
)

// ErrForeign says that a frame uses what is left to the client's decompressor.
var ErrForeign = errors.New("an lz4 frame of an unusual kind")

// ErrDamaged says that a frame is damaged. The batch's CRC was right, so it was damaged when it was made.
var ErrDamaged = errors.New("damaged lz4 frame")

// Frame is an LZ4 frame being read; see the LZ4 frame format, version 1.6.
type Frame struct {
	// Size is that of the content, 0 when the frame does not say.
	Size int

	rest      []byte
	largest   int // block
	linked    bool
	checksums bool // of blocks
}

// Block is one block of a frame.
type Block struct {
	Data []byte
	// Plain is of a block that is not compressed, Linked of one that refers to the blocks before it.
	Plain, Linked bool
	// Largest is what it comes to at most.
	Largest int
}

const magic = 0x184D2204

// Read reads a frame's header. What the header says of the size counts up to a limit.
func Read(src []byte, limit int) (Frame, error) {
	if len(src) < 7 || binary.LittleEndian.Uint32(src) != magic {
		return Frame{}, ErrForeign
	}
	flags, sizes := src[4], src[5]
	if flags>>6 != 1 || flags&1 != 0 { // another version, or a dictionary
		return Frame{}, ErrForeign
	}
	class := sizes >> 4 & 7
	if class < 4 {
		return Frame{}, ErrForeign
	}
	f := Frame{largest: 1 << (8 + 2*class), linked: flags&0x20 == 0, checksums: flags&0x10 != 0}
	at := 6
	if flags&0x08 != 0 {
		if len(src) < at+8+1 {
			return Frame{}, ErrDamaged
		}
		if n := binary.LittleEndian.Uint64(src[at:]); n <= uint64(min(limit, 255*len(src))) {
			f.Size = int(n) //nolint:gosec // bounded
		}
		at += 8
	}
	f.rest = src[at+1:] // after the header's checksum: the batch has a better one
	return f, nil
}

// Next is the next block; false at the end.
func (f *Frame) Next() (b Block, more bool, err error) {
	if len(f.rest) < 4 {
		return b, false, ErrDamaged
	}
	size := binary.LittleEndian.Uint32(f.rest)
	f.rest = f.rest[4:]
	if size == 0 {
		return b, false, nil
	}
	n := int(size &^ (1 << 31))
	end := n
	if f.checksums {
		end += 4
	}
	if n > f.largest || end > len(f.rest) {
		return b, false, ErrDamaged
	}
	b = Block{Data: f.rest[:n], Plain: size>>31 == 1, Linked: f.linked, Largest: f.largest}
	f.rest = f.rest[end:]
	return b, true, nil
}
