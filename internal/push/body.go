package push

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// readStep is how many bytes are read at a time, and paid for before they are.
	readStep = 64 << 10
	// maxWindow bounds what a zstd frame may ask the reader to remember; RFC 8878 wants 8 MiB to be supported.
	maxWindow = 8 << 20
)

// body is a request's content and how much of the budget it holds.
type body struct {
	bytes.Buffer
	taken int64
}

var (
	errBusy    = errors.New("too much is waiting for kafka")
	errTooLong = errors.New("the request is too large")
)

// readBody reads and decompresses a request; without a body, the reply says why.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (*body, reply) {
	if r.ContentLength > int64(s.cfg.MaxBody) {
		return nil, s.tooLarge()
	}
	raw := http.MaxBytesReader(w, r.Body, int64(s.cfg.MaxBody))
	content, closing, err := decompress(r.Header.Get("Content-Encoding"), raw)
	if err != nil {
		return nil, s.unreadable(err)
	}
	defer closing()
	b := new(body)
	if err := s.fill(b, content); err != nil {
		s.budget.give(b.taken)
		return nil, s.unreadable(err)
	}
	return b, reply{}
}

// fill reads everything, step by step: what a request claims or a compressed one would become is not believed.
func (s *Server) fill(b *body, content io.Reader) error {
	for {
		if !s.budget.take(readStep) {
			return errBusy
		}
		b.taken += readStep
		_, err := io.CopyN(&b.Buffer, content, readStep)
		if b.Len() > s.cfg.MaxBody {
			return errTooLong
		}
		if errors.Is(err, io.EOF) {
			unused := b.taken - int64(b.Len())
			s.budget.give(unused)
			b.taken -= unused
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading request: %w", err)
		}
	}
}

// errEncoding tells of a content encoding that is not known.
var errEncoding = errors.New("the content encoding must be gzip, zstd or identity")

func decompress(encoding string, raw io.Reader) (content io.Reader, closing func(), err error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return raw, func() {}, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, nil, fmt.Errorf("decompressing request: %w", err)
		}
		return z, func() {}, nil
	case "zstd":
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, fmt.Errorf("decompressing request: %w", err)
		}
		return z, z.Close, nil
	default:
		return nil, nil, errEncoding
	}
}

func (s *Server) tooLarge() reply {
	return reply{
		code:    http.StatusRequestEntityTooLarge,
		message: fmt.Sprintf("a request has at most %d bytes, decompressed: send less at a time", s.cfg.MaxBody),
	}
}

// unreadable says why a request could not be read.
func (s *Server) unreadable(err error) reply {
	var limit *http.MaxBytesError
	switch {
	case errors.Is(err, errBusy):
		return busy("too much is waiting for kafka")
	case errors.Is(err, errTooLong), errors.As(err, &limit):
		return s.tooLarge()
	case errors.Is(err, errEncoding):
		return reply{code: http.StatusUnsupportedMediaType, message: err.Error()}.with("Accept-Encoding", "gzip, zstd, identity")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return reply{code: http.StatusRequestTimeout, message: "the request took too long to arrive"}
	default:
		return reply{code: http.StatusBadRequest, message: "the request could not be read: it is cut off, or not compressed as it says"}
	}
}
