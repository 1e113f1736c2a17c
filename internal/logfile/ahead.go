package logfile

import (
	"context"
	"io"
)

const (
	// blockSize is how many bytes are handed over at a time; big enough that handing over costs nothing per line.
	blockSize = 256 << 10
	// blocks is how many are on their way: one being read, one being filled, one waiting.
	blocks = 3
)

// ahead reads in a goroutine of its own, so that decompression goes on while lines are parsed, and so that a read that
// blocks does not keep the program from ending.
type ahead struct {
	ctx   context.Context //nolint:containedctx // it bounds one reader's life, which io.Reader has no parameter for
	stop  context.CancelFunc
	full  chan block
	empty chan []byte
	now   block
	rest  []byte
}

type block struct {
	b   []byte
	err error
}

func readAhead(ctx context.Context, r io.Reader) *ahead {
	a := &ahead{full: make(chan block, blocks), empty: make(chan []byte, blocks)}
	a.ctx, a.stop = context.WithCancel(ctx)
	go a.fill(r)
	return a
}

func (a *ahead) fill(r io.Reader) {
	for range blocks {
		a.empty <- make([]byte, blockSize) // has room for all of them
	}
	for {
		var b []byte
		select {
		case <-a.ctx.Done():
			return
		case b = <-a.empty:
		}
		n, err := fillBlock(r, b[:blockSize])
		select {
		case <-a.ctx.Done():
			return
		case a.full <- block{b[:n], err}:
		}
		if err != nil {
			return
		}
	}
}

// fillBlock reads until the block is a quarter full: a live stream is handed on as it comes, a decompressor's small
// pieces are not.
func fillBlock(r io.Reader, b []byte) (int, error) {
	n := 0
	for {
		m, err := r.Read(b[n:])
		if n += m; err != nil || n >= len(b)/4 {
			return n, err
		}
	}
}

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.b != nil {
			a.empty <- a.now.b // has room, as above
		}
		select {
		case <-a.ctx.Done():
			return 0, a.ctx.Err()
		case a.now = <-a.full:
			a.rest = a.now.b
		}
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

func (a *ahead) close() error {
	a.stop()
	return nil
}
