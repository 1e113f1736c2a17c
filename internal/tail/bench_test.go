package tail

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"
)

// counter is a sink that only counts.
type counter struct {
	lines int
	done  chan struct{}
	until int
}

func (c *counter) Take(_ context.Context, b Batch, acked func()) error {
	c.lines += len(b.Lines)
	acked()
	if c.lines >= c.until {
		close(c.done)
		c.until = 1 << 62
	}
	return nil
}

// BenchmarkFollow reads a file of 100 000 lines from its beginning.
func BenchmarkFollow(b *testing.B) {
	const lines = 100_000
	line := []byte(`203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8.5.0"` + "\n")
	dir := b.TempDir()
	if err := os.WriteFile(dir+"/a.log", bytes.Repeat(line, lines), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(lines * len(line)))
	for b.Loop() {
		to := &counter{done: make(chan struct{}), until: lines}
		t, err := New(Config{Files: []string{dir + "/*.log"}, Dir: b.TempDir(), Interval: time.Second}, to)
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- t.Run(ctx) }()
		<-to.done
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
}
