package kafka

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/klauspost/compress/s2"
	"github.com/pierrec/lz4/v4"
	"github.com/twmb/franz-go/pkg/kgo"
)

// maxBatch is the largest batch that is decompressed, in bytes: far more than a broker takes of what compresses well.
const maxBatch = 256 << 20

// decompressor decompresses batches into memory that is used again. LZ4 and raw Snappy are decoded block by block; the
// client's own decompressor does the rest. Any goroutine may use it.
type decompressor struct {
	memory *memory
	others kgo.Decompressor
	// ratio is how many times larger batches were lately than they came, in sixteenths.
	ratio atomic.Int64
}

var _ kgo.Decompressor = (*decompressor)(nil)

func newDecompressor(m *memory) *decompressor {
	d := &decompressor{memory: m, others: kgo.DefaultDecompressor()}
	d.ratio.Store(4 * 16)
	return d
}

// Decompress implements kgo.Decompressor.
func (d *decompressor) Decompress(src []byte, codec kgo.CompressionCodecType) ([]byte, error) {
	switch {
	case codec == kgo.CodecLz4:
		out, err := d.lz4(src)
		if !errors.Is(err, errForeign) {
			return out, err
		}
	case codec == kgo.CodecSnappy && !isXerial(src):
		return d.snappy(src)
	}
	out, err := d.others.Decompress(src, codec)
	if err != nil {
		return nil, err
	}
	return d.memory.lend(out, len(out)), nil
}

// isXerial tells the frames of the Java library for Snappy.
func isXerial(src []byte) bool { return len(src) > 8 && string(src[:8]) == "\x82SNAPPY\x00" }

func (d *decompressor) snappy(src []byte) ([]byte, error) {
	n, err := s2.DecodedLen(src)
	if err != nil {
		return nil, err
	}
	if n > maxBatch {
		return nil, kgo.ErrMaxDecompress
	}
	buf := d.memory.bytes.take(n)
	if _, err := s2.Decode(buf[:n], src); err != nil {
		d.memory.bytes.put(buf)
		return nil, err
	}
	return d.memory.lend(buf, n), nil
}

// errForeign says that an LZ4 frame uses what is left to the client's decompressor.
var errForeign = errors.New("an lz4 frame of an unusual kind")

// errFrame says that a frame is damaged. The batch's CRC was right, so it was damaged when it was made.
var errFrame = errors.New("damaged lz4 frame")

// lz4 decompresses an LZ4 frame.
func (d *decompressor) lz4(src []byte) ([]byte, error) {
	f, err := readFrame(src)
	if err != nil {
		return nil, err
	}
	guess := int(min(int64(len(src))*d.ratio.Load()/16, maxBatch))
	if f.size > 0 {
		guess = f.size
	}
	buf := d.memory.bytes.take(guess)
	n, err := 0, error(nil)
	for {
		block, more, fault := f.next()
		if fault != nil {
			err = fault
			break
		}
		if !more {
			break
		}
		if buf, n, err = d.block(buf, n, block); err != nil {
			break
		}
	}
	if err != nil {
		d.memory.bytes.put(buf)
		return nil, err
	}
	if len(src) > 0 {
		// A little more than it took, so that the next of its kind fits.
		seen := int64(n)*16*9/8/int64(len(src)) + 1
		d.ratio.Store((d.ratio.Load()*7 + seen) / 8)
	}
	return d.memory.lend(buf, n), nil
}

// block appends a block to the n bytes of buf, in more memory if it needs that.
func (d *decompressor) block(buf []byte, n int, b block) ([]byte, int, error) {
	if b.plain {
		for len(buf)-n < len(b.data) {
			var err error
			if buf, err = d.grow(buf, n); err != nil {
				return buf, n, err
			}
		}
		return buf, n + copy(buf[n:], b.data), nil
	}
	for {
		// No block is larger than the frame says, so that room for one is enough.
		to := buf[n:min(len(buf), n+b.largest)]
		var dict []byte
		if b.linked {
			dict = buf[max(0, n-64<<10):n]
		}
		m, err := lz4.UncompressBlockWithDict(b.data, to, dict)
		if err == nil {
			return buf, n + m, nil
		}
		if len(to) == b.largest {
			return buf, n, fmt.Errorf("%w: %w", errFrame, err)
		}
		if buf, err = d.grow(buf, n); err != nil {
			return buf, n, err
		}
	}
}

// grow moves the n bytes of buf to twice as much memory.
func (d *decompressor) grow(buf []byte, n int) ([]byte, error) {
	if len(buf) >= maxBatch {
		return buf, kgo.ErrMaxDecompress
	}
	larger := d.memory.bytes.take(2 * len(buf))
	copy(larger, buf[:n])
	d.memory.bytes.put(buf)
	return larger, nil
}

// frame is an LZ4 frame being read; see the LZ4 frame format, version 1.6.
type frame struct {
	rest      []byte
	size      int // of the content, 0 when it does not say
	largest   int // block
	linked    bool
	checksums bool // of blocks
}

// block is one block of a frame.
type block struct {
	data    []byte
	plain   bool // not compressed
	linked  bool // refers to the blocks before it
	largest int  // decompressed
}

const lz4Magic = 0x184D2204

func readFrame(src []byte) (frame, error) {
	if len(src) < 7 || binary.LittleEndian.Uint32(src) != lz4Magic {
		return frame{}, errForeign
	}
	flags, sizes := src[4], src[5]
	if flags>>6 != 1 || flags&1 != 0 { // another version, or a dictionary
		return frame{}, errForeign
	}
	class := sizes >> 4 & 7
	if class < 4 {
		return frame{}, errForeign
	}
	f := frame{largest: 1 << (8 + 2*class), linked: flags&0x20 == 0, checksums: flags&0x10 != 0}
	at := 6
	if flags&0x08 != 0 {
		if len(src) < at+8+1 {
			return frame{}, errFrame
		}
		if n := binary.LittleEndian.Uint64(src[at:]); n <= uint64(min(maxBatch, 255*len(src))) {
			f.size = int(n) //nolint:gosec // bounded
		}
		at += 8
	}
	f.rest = src[at+1:] // after the header's checksum: the batch has a better one
	return f, nil
}

// next is the next block; false at the end.
func (f *frame) next() (b block, more bool, err error) {
	if len(f.rest) < 4 {
		return b, false, errFrame
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
		return b, false, errFrame
	}
	b = block{data: f.rest[:n], plain: size>>31 == 1, linked: f.linked, largest: f.largest}
	f.rest = f.rest[end:]
	return b, true, nil
}
