package clickhouse

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands between a store and a server and breaks connections.
type proxy struct {
	addr   string
	target string
	// up is after how many bytes to the server a connection breaks, down after how many from it; negative is never.
	// Handshakes count.
	up, down int64
	// breaks is how many connections break; later ones live.
	breaks atomic.Int64
	conns  atomic.Int64
	wg     sync.WaitGroup
}

// newProxy listens until the test ends.
func newProxy(t *testing.T, target string, up, down, breaks int64) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // takes no time
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), target: target, up: up, down: down}
	p.breaks.Store(breaks)
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.conns.Add(1)
			p.wg.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()                     //nolint:errcheck // it is broken or done
	server, err := net.Dial("tcp", p.target) //nolint:noctx // a local server
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // it is broken or done
	up, down := int64(-1), int64(-1)
	if p.breaks.Add(-1) >= 0 {
		up, down = p.up, p.down
	}
	done := make(chan struct{}, 2)
	p.wg.Go(func() { pass(server, client, up); done <- struct{}{} })
	p.wg.Go(func() { pass(client, server, down); done <- struct{}{} })
	<-done
}

// pass copies up to a number of bytes, all for a negative number.
func pass(to io.Writer, from io.Reader, limit int64) {
	if limit >= 0 {
		from = io.LimitReader(from, limit)
	}
	_, _ = io.Copy(to, from)
}
