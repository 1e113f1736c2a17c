package logfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stdin is the argument that stands for standard input, StdinName the name of that source.
const (
	Stdin     = "-"
	StdinName = "stdin"
)

// Source is one log: a regular file, which can be opened again and again, or a stream (standard input, a named pipe),
// which cannot. One goroutine owns a Source.
type Source struct {
	// Name is the source's name for people: its path as given, or StdinName.
	Name string
	// Size is how many bytes the file has on disk, -1 for a stream.
	Size int64

	path   string
	stream io.ReadCloser // an open stream; nil for a regular file
	head   []byte        // what Head has taken from the stream
	done   bool          // the stream's head reached its end
}

// Open starts reading the source. Lines longer than limit bytes are cut to limit+1.
func (s *Source) Open(ctx context.Context, limit int) (*Lines, error) {
	if s.stream != nil {
		return s.openStream(ctx, limit), nil
	}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("opening log: %w", err)
	}
	raw := &meter{r: f}
	r, packed, err := decompress(raw)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading %s: %w", s.Name, err), f.Close())
	}
	if packed {
		a := readAhead(ctx, r)
		return newLines(ctx, s.Name, limit, input{r: a, close: []func() error{f.Close, a.close}, raw: raw, packed: true}), nil
	}
	return newLines(ctx, s.Name, limit, input{r: r, close: []func() error{f.Close}, raw: raw}), nil
}

// openStream reads a stream on from its head. A stream is read ahead, because reading it may block for ever and the
// context must be able to end that.
func (s *Source) openStream(ctx context.Context, limit int) *Lines {
	raw := &meter{r: io.MultiReader(newHead(s.head), s.stream)}
	a := readAhead(ctx, &lazy{raw: raw})
	return newLines(ctx, s.Name, limit, input{r: a, close: []func() error{s.stream.Close, a.close}, raw: raw, packed: true})
}

// Head returns up to n bytes of the beginning, decompressed, without using the source up.
func (s *Source) Head(n int) ([]byte, error) {
	var raw io.Reader
	if s.stream != nil {
		raw = newHead(s.takeHead(n))
	} else {
		f, err := os.Open(s.path)
		if err != nil {
			return nil, fmt.Errorf("opening log: %w", err)
		}
		defer func() { _ = f.Close() }() // read only: nothing can be lost
		raw = f
	}
	r, _, err := decompress(raw)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.Name, err)
	}
	b := make([]byte, n)
	m, err := io.ReadFull(r, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return b[:m], fmt.Errorf("reading %s: %w", s.Name, err)
	}
	return b[:m], nil
}

// takeHead reads the stream until n bytes of it are at hand.
func (s *Source) takeHead(n int) []byte {
	for len(s.head) < n && !s.done {
		b := make([]byte, n-len(s.head))
		m, err := s.stream.Read(b)
		s.head = append(s.head, b[:m]...)
		s.done = err != nil
	}
	return s.head
}
