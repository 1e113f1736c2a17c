// Package nats speaks to NATS JetStream: it publishes findings and reads them, carries notifications on their way out,
// and keeps the alerter's state. It decides nothing about any of them.
package nats

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Client is a connection to the servers that is made again for ever when it is lost. Any goroutine may use it.
type Client struct {
	cfg     Config
	conn    *nats.Conn
	js      jetstream.JetStream
	out     *publisher
	metrics *metrics
}

// Connect tries once to connect, with every server: whoever wants to wait for one tries again, and can say meanwhile why
// there is no connection. One that is lost later is made again for ever.
func Connect(ctx context.Context, cfg Config) (*Client, error) {
	cfg = cfg.defaults()
	conn, err := dial(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connecting to nats at %s: %w", redact(cfg.Servers), explain(err))
	}
	c := &Client{cfg: cfg, conn: conn, metrics: newMetrics(cfg.Metrics)}
	if c.js, err = jetstream.New(conn, jetstream.WithDefaultTimeout(answerTimeout)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("preparing jetstream: %w", err)
	}
	if c.out, err = newPublisher(conn, cfg.Log, c.metrics); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// dial makes the connection, or gives up when the context ends.
func dial(ctx context.Context, cfg Config) (*nats.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nats.Connect(strings.Join(cfg.Servers, ","), cfg.options()...)
}

// Ping asks JetStream for an answer.
func (c *Client) Ping(ctx context.Context) error {
	if !c.conn.IsConnected() {
		return fmt.Errorf("the connection to nats at %s is lost, and is tried again: is the server up, and is nats.servers right?: %w",
			redact(c.cfg.Servers), nats.ErrDisconnected)
	}
	if _, err := c.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("asking jetstream: %w", explain(err))
	}
	return nil
}

// Close ends the connection; what is not acknowledged is given up: Flush first.
func (c *Client) Close() {
	c.out.close()
	c.conn.Close()
}

// Outstanding is how many findings are not acknowledged yet.
func (c *Client) Outstanding() int { return c.out.outstanding() }

func (c *Client) log() *slog.Logger { return c.cfg.Log }

// sleep waits; false when the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// redact names servers without the passwords and tokens that their URLs may carry.
func redact(servers []string) string {
	names := make([]string, len(servers))
	for i, s := range servers {
		names[i] = "a server"
		if u, err := url.Parse(s); err == nil && u.Host != "" {
			names[i] = u.Host
		} else if !strings.Contains(s, "@") {
			names[i] = s
		}
	}
	return strings.Join(names, ", ")
}
