package logfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// lineBuffer is how many bytes are read at a time.
const lineBuffer = 128 << 10

// input is where lines come from.
type input struct {
	r      io.Reader
	close  []func() error
	raw    *meter
	packed bool
}

// Lines reads the lines of one source, in memory that does not grow with them. One goroutine owns a Lines.
type Lines struct {
	ctx    context.Context //nolint:containedctx // it bounds one reader's life
	name   string
	in     input
	buf    []byte
	start  int
	end    int
	limit  int
	line   []byte
	number int64
	err    error
	skip   bool // the rest of an overlong line is still to come
	cut    bool
}

func newLines(ctx context.Context, name string, limit int, in input) *Lines {
	return &Lines{ctx: ctx, name: name, in: in, limit: limit, buf: make([]byte, min(lineBuffer, limit+2))}
}

// Next goes to the next line and tells whether there is one.
func (l *Lines) Next() bool {
	for {
		i := bytes.IndexByte(l.buf[l.start:l.end], '\n')
		switch {
		case i >= 0 && l.skip:
			l.start += i + 1
			l.skip = false
		case i >= 0:
			l.line = l.buf[l.start : l.start+i]
			l.start += i + 1
			l.number++
			return true
		case l.skip:
			l.start = l.end
			if l.err != nil {
				return false
			}
			l.fill()
		case l.end-l.start > l.limit:
			// The rest of the line is passed over by the next call.
			l.line = l.buf[l.start:l.end]
			l.start, l.skip = l.end, true
			l.number++
			return true
		case l.err != nil:
			return l.last()
		default:
			l.fill()
		}
	}
}

// last hands out a last line without an end of line, unless its end is only not waited for.
func (l *Lines) last() bool {
	if l.start == l.end || l.ctx.Err() != nil {
		return false
	}
	l.line = l.buf[l.start:l.end]
	l.start = l.end
	l.number++
	l.cut = !errors.Is(l.err, io.EOF)
	return true
}

func (l *Lines) fill() {
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	if len(l.buf) > 4*lineBuffer && l.end < lineBuffer {
		// One line of some megabytes is no reason to keep the memory for it.
		l.buf = append(make([]byte, 0, lineBuffer), l.buf[:l.end]...)[:lineBuffer]
	}
	if l.end == len(l.buf) {
		l.buf = append(l.buf, make([]byte, min(len(l.buf), l.limit+2-len(l.buf)))...)
	}
	if l.err = l.ctx.Err(); l.err != nil {
		return
	}
	var n int
	n, l.err = l.in.r.Read(l.buf[l.end:])
	l.end += n
}

// Line is the current line without its line feed; it holds until Next is called. Of a line longer than the limit, it is
// the beginning, longer than the limit.
func (l *Lines) Line() []byte { return l.line }

// Number is the current line's number, from 1.
func (l *Lines) Number() int64 { return l.number }

// Cut tells that the current line is not whole, because reading ended in an error.
func (l *Lines) Cut() bool { return l.cut }

// Read is how many bytes of the file, as it is on disk, have been read.
func (l *Lines) Read() int64 { return l.in.raw.n.Load() }

// Err is why there is no next line; nil at the end of the file and when the context has ended.
func (l *Lines) Err() error {
	err := l.err
	if l.ctx.Err() != nil || errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil && l.in.packed {
		err = damaged(err)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", l.name, err)
	}
	return nil
}

// Close gives the file back.
func (l *Lines) Close() error {
	var errs []error
	for _, c := range l.in.close {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// meter counts what is read; the count is asked for by another goroutine than the reading one.
type meter struct {
	r io.Reader
	n atomic.Int64
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n.Add(int64(n))
	return n, err
}
