package logfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

const (
	// rawBlock is how many bytes are read from a compressed file at a time.
	rawBlock = 64 << 10
	// maxWindow bounds what a zstd frame may ask the reader to remember: that of `zstd --long`.
	maxWindow = 128 << 20
)

// packing is a way to compress a file, told by the file's first bytes: names lie, and standard input has none.
type packing struct {
	magic []byte
	open  func(r io.Reader) (io.Reader, error)
}

func packings() []packing {
	return []packing{
		{[]byte{0x1f, 0x8b}, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{[]byte("BZh"), func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
		{[]byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
		{[]byte{0xfd, '7', 'z', 'X', 'Z', 0}, func(r io.Reader) (io.Reader, error) { return xz.NewReader(r) }},
	}
}

func openZstd(r io.Reader) (io.Reader, error) {
	// One goroutine is enough: the caller reads ahead, and several would only add to the CPU time.
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// decompress returns the plain bytes of a file, and whether it was compressed.
func decompress(raw io.Reader) (r io.Reader, packed bool, err error) {
	var first [6]byte
	n, err := io.ReadFull(raw, first[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, err
	}
	r = io.MultiReader(newHead(first[:n]), raw)
	for _, p := range packings() {
		if !bytes.HasPrefix(first[:n], p.magic) {
			continue
		}
		if r, err = p.open(bufio.NewReaderSize(r, rawBlock)); err != nil {
			return nil, true, damaged(err)
		}
		return r, true, nil
	}
	return r, false, nil
}

// damaged says what is wrong with a compressed file.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: its compressed data ends too early", ErrTruncated)
	}
	return fmt.Errorf("decompressing: %w", err)
}

// ErrTruncated tells that a compressed file is cut short; what was there has been read.
var ErrTruncated = errors.New("file is truncated")

// head reads a slice; unlike bytes.Reader it is nothing else.
type head struct{ b []byte }

func newHead(b []byte) *head { return &head{b} }

// Read implements io.Reader.
func (h *head) Read(p []byte) (int, error) {
	if len(h.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, h.b)
	h.b = h.b[n:]
	return n, nil
}

// lazy recognises the compression of a stream at the first read, which may block.
type lazy struct {
	raw io.Reader
	r   io.Reader
}

// Read implements io.Reader.
func (l *lazy) Read(p []byte) (int, error) {
	if l.r == nil {
		r, _, err := decompress(l.raw)
		if err != nil {
			return 0, err
		}
		l.r = r
	}
	return l.r.Read(p)
}
