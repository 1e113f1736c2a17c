package envelope

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"gatewatch/internal/accesslog/format"
)

const (
	registryPrefix = 5
	// How much memory is kept for the next record: one giant must not be paid for ever after.
	keepInflated = 1 << 20
)

// isRegistry tells the prefix by the zero byte, a schema's number that is not 0, which a run of NUL bytes would have, and
// the JSON behind it.
func isRegistry(text []byte) bool {
	return len(text) > registryPrefix && text[0] == 0 && (text[registryPrefix] == '{' || text[registryPrefix] == '[') &&
		!bytes.Equal(text[1:registryPrefix], []byte{0, 0, 0, 0})
}

func isCompressed(text []byte) bool { return isGzip(text) || isZstd(text) }

func isGzip(text []byte) bool { return len(text) > 2 && text[0] == 0x1f && text[1] == 0x8b }

func isZstd(text []byte) bool {
	return len(text) > 4 && text[0] == 0x28 && text[1] == 0xb5 && text[2] == 0x2f && text[3] == 0xfd
}

// inflater decompresses whole records, none to more than MaxInflated bytes.
type inflater struct {
	gzip *gzip.Reader
	zstd *zstd.Decoder
	in   bytes.Reader
	out  bytes.Buffer
	buf  []byte
}

func (f *inflater) open(text []byte, in Inside) format.Reason {
	read := f.readGzip
	if isZstd(text) {
		read = f.readZstd
	}
	b, reason := read(text)
	if reason != format.ReasonNone {
		return reason
	}
	if len(b) == 0 {
		return format.SkipLine
	}
	in.Line(b, Context{Lines: true})
	if f.out.Cap() > keepInflated {
		f.out = bytes.Buffer{}
	}
	if cap(f.buf) > keepInflated {
		f.buf = nil
	}
	return format.ReasonNone
}

func (f *inflater) readGzip(text []byte) ([]byte, format.Reason) {
	f.in.Reset(text)
	if f.gzip == nil {
		f.gzip = new(gzip.Reader)
	}
	if f.gzip.Reset(&f.in) != nil {
		return nil, format.BadEncoding
	}
	f.out.Reset()
	n, err := io.Copy(&f.out, io.LimitReader(f.gzip, MaxInflated+1))
	switch {
	case n > MaxInflated:
		return nil, format.TooLong
	case err != nil:
		return nil, format.BadEncoding
	}
	return f.out.Bytes(), format.ReasonNone
}

func (f *inflater) readZstd(text []byte) ([]byte, format.Reason) {
	if f.zstd == nil {
		// One decoder at a time and no reader: DecodeAll then runs in the caller's goroutine.
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(MaxInflated), zstd.WithDecoderMaxWindow(MaxInflated/2))
		if err != nil {
			return nil, format.BadEncoding
		}
		f.zstd = d
	}
	b, err := f.zstd.DecodeAll(text, f.buf[:0])
	if err != nil {
		return nil, format.BadEncoding
	}
	f.buf = b
	if len(b) > MaxInflated {
		return nil, format.TooLong
	}
	return b, format.ReasonNone
}
