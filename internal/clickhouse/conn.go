package clickhouse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/ClickHouse/ch-go"
)

// How long a server may take for the parts of a conversation. An insert is given up after attemptTimeout, and tried
// again: a server that merges too slowly holds inserts back for seconds, a lost one for ever.
const (
	dialTimeout    = 5 * time.Second
	answerTimeout  = 3 * time.Second
	attemptTimeout = 2 * time.Minute
	idleTimeout    = time.Minute
)

// maxIdle is how many connections wait for work.
const maxIdle = 8

// conn is a connection that speaks the native protocol. It runs one query at a time, and none after one that failed.
type conn struct {
	client *ch.Client
	raw    net.Conn
	addr   string
	used   bool      // it has waited in the pool, so the server may have gone since
	idle   time.Time // since when it waits
}

// do runs a query. It ends at once with the context, whatever the server does.
func (c *conn) do(ctx context.Context, q ch.Query) error {
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	if err := c.client.Do(ctx, q); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		return err
	}
	return nil
}

func (c *conn) close() { _ = c.client.Close() }

// pool keeps connections for the next query and takes the addresses in turn.
type pool struct {
	cfg Config

	mu     sync.Mutex // guards what is below
	idle   []*conn
	next   int
	closed bool
}

// get takes a waiting connection, or makes one to the address whose turn it is.
func (p *pool) get(ctx context.Context) (*conn, error) {
	if c := p.waiting(); c != nil {
		return c, nil
	}
	return p.cfg.dial(ctx, p.address())
}

func (p *pool) waiting() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		c := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if time.Since(c.idle) < idleTimeout {
			c.used = true
			return c
		}
		c.close()
	}
	return nil
}

func (p *pool) address() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Addresses[p.next%len(p.cfg.Addresses)]
}

// turn leaves an address that did not serve for the next one.
func (p *pool) turn(addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cfg.Addresses[p.next%len(p.cfg.Addresses)] == addr {
		p.next++
	}
}

// put takes back a connection that is in order.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle) >= maxIdle {
		c.close()
		return
	}
	c.idle = time.Now()
	p.idle = append(p.idle, c)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}

// dial makes a connection and introduces itself. It does not name the database, so that a database that is missing is the
// trouble of a query, which says so, and not of the connection.
func (c Config) dial(ctx context.Context, addr string) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	raw, err := c.open(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("dialling: %w", err)
	}
	client, err := ch.Connect(ctx, raw, ch.Options{
		User: c.User, Password: c.Password, ClientName: clientName,
		Compression: c.compression(), ReadTimeout: answerTimeout,
	})
	if err != nil {
		defer raw.Close() //nolint:errcheck // it is of no use
		if network, ok := errors.AsType[net.Error](err); ok && network.Timeout() && speaksHTTP(raw) {
			return nil, errHTTP
		}
		return nil, fmt.Errorf("introducing: %w", err)
	}
	return &conn{client: client, raw: raw, addr: addr}, nil
}

// errHTTP is what answers where the native protocol was expected.
var errHTTP = errors.New("it speaks HTTP")

// restOfRequest is what an HTTP server that has read an introduction in place of a request line has yet to see.
const restOfRequest = " HTTP/1.0\r\n\r\n\r\n\r\n"

// speaksHTTP tells whether a server that does not answer an introduction waits for the rest of a request.
func speaksHTTP(c net.Conn) bool {
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := c.Write([]byte(restOfRequest)); err != nil {
		return false
	}
	var b [5]byte
	_, err := io.ReadFull(c, b[:])
	return err == nil && string(b[:]) == "HTTP/"
}

func (c Config) open(ctx context.Context, addr string) (net.Conn, error) {
	if c.TLS != nil {
		return (&tls.Dialer{Config: c.TLS}).DialContext(ctx, "tcp", addr)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
}

func (c Config) compression() ch.Compression {
	if c.Compression == "none" {
		return ch.CompressionDisabled
	}
	return ch.CompressionLZ4
}
