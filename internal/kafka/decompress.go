package kafka

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/klauspost/compress/s2"
	"github.com/pierrec/lz4/v4"
	"github.com/twmb/franz-go/pkg/kgo"

	"gatewatch/internal/kafka/frame"
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
		if !errors.Is(err, frame.ErrForeign) {
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

// lz4 decompresses an LZ4 frame.
func (d *decompressor) lz4(src []byte) ([]byte, error) {
	f, err := frame.Read(src, maxBatch)
	if err != nil {
		return nil, err
	}
	guess := int(min(int64(len(src))*d.ratio.Load()/16, maxBatch))
	if f.Size > 0 {
		guess = f.Size
	}
	buf := d.memory.bytes.take(guess)
	n, err := 0, error(nil)
	for {
		block, more, fault := f.Next()
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
func (d *decompressor) block(buf []byte, n int, b frame.Block) ([]byte, int, error) {
	if b.Plain {
		for len(buf)-n < len(b.Data) {
			var err error
			if buf, err = d.grow(buf, n); err != nil {
				return buf, n, err
			}
		}
		return buf, n + copy(buf[n:], b.Data), nil
	}
	for {
		// No block is larger than the frame says, so that room for one is enough.
		to := buf[n:min(len(buf), n+b.Largest)]
		var dict []byte
		if b.Linked {
			dict = buf[max(0, n-64<<10):n]
		}
		m, err := lz4.UncompressBlockWithDict(b.Data, to, dict)
		if err == nil {
			return buf, n + m, nil
		}
		if len(to) == b.Largest {
			return buf, n, fmt.Errorf("%w: %w", frame.ErrDamaged, err)
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
