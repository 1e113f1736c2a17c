// Package nats speaks to NATS JetStream: it publishes findings and reads them, carries notifications on their way out,
// and keeps the alerter's state. It decides nothing about any of them.
package nats

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"gatewatch/internal/finding"
)

// Config says how the servers are reached and how their streams are kept.
type Config struct {
	// Servers are the URLs of some servers; one without a scheme is host:port.
	Servers []string
	// User and Password say who the client is; empty for nobody.
	User, Password string
	// CredentialsFile is a credentials file as nsc makes it, in place of User.
	CredentialsFile string
	// Name is the name under which the servers list the client.
	Name string
	// TLS encrypts the connection; nil for what the URLs say.
	TLS *tls.Config
	// Replicas is how many servers keep a stream; 0 is one.
	Replicas int
	// MaxAge is how long messages are kept; 0 is 7 days.
	MaxAge time.Duration
	// Duplicates is for how long JetStream drops messages whose id it has; 0 is 2 hours.
	Duplicates time.Duration
	// Log is told of connections lost and found; nil discards.
	Log *slog.Logger
}

var errUnfinished = errors.New("not built yet")

// Client is a connection to the servers that is made again for ever when it is lost. Any goroutine may use it.
type Client struct{}

// Connect connects, and waits for a server until the context ends. An error that waiting does not mend, such as wrong
// credentials, is returned at once.
func Connect(context.Context, Config) (*Client, error) { return nil, errUnfinished }

// EnsureStreams creates the streams that are missing and updates those that are set up otherwise.
func (c *Client) EnsureStreams(context.Context) error { return errUnfinished }

// PublishFinding sends a finding and does not wait for the acknowledgement: Flush does. The finding is encoded at once
// and may be reused. It waits while too many findings are outstanding.
func (c *Client) PublishFinding(context.Context, *finding.Finding) error { return errUnfinished }

// Flush waits until all findings published so far are acknowledged.
func (c *Client) Flush(context.Context) error { return errUnfinished }

// Watch calls f with every new finding until the context ends; it then returns nil.
func (c *Client) Watch(context.Context, func(*finding.Finding)) error { return errUnfinished }

// Ping asks JetStream for an answer.
func (c *Client) Ping(context.Context) error { return errUnfinished }

// Close ends the connection; what is not acknowledged is given up: Flush first.
func (c *Client) Close() {}
