package nats

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
)

// Config says how the servers are reached and how their streams are kept.
type Config struct {
	// Servers are the URLs of some servers; one without a scheme is host:port. None is nats://localhost:4222.
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
	// DeliveryTimeout is after how long without an answer a notification is given to somebody else; longer than any
	// attempt to deliver one. 0 is 25 seconds.
	DeliveryTimeout time.Duration
	// Log is told of connections lost and found; nil discards.
	Log *slog.Logger
	// Metrics counts; nil is nowhere.
	Metrics prometheus.Registerer
}

// The times of a connection.
const (
	dialTimeout   = 3 * time.Second
	reconnectWait = 250 * time.Millisecond
	// pingInterval and maxPings find a connection that is dead without having been closed, within twelve seconds.
	pingInterval = 4 * time.Second
	maxPings     = 2
	// answerTimeout is how long JetStream may take to answer.
	answerTimeout = 5 * time.Second
)

// defaults fills what is not set.
func (c Config) defaults() Config {
	if len(c.Servers) == 0 {
		c.Servers = []string{nats.DefaultURL}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Replicas = max(c.Replicas, 1)
	c.MaxAge = cmp.Or(c.MaxAge, 7*24*time.Hour)
	c.DeliveryTimeout = cmp.Or(c.DeliveryTimeout, 25*time.Second)
	c.Duplicates = min(cmp.Or(c.Duplicates, 2*time.Hour), c.MaxAge)
	return c
}

// options are the connection's: it is made again for ever, and what is sent while there is none fails at once, because
// whoever sends keeps it until it is acknowledged anyway.
func (c Config) options() []nats.Option {
	log := c.Log
	opts := []nats.Option{
		nats.Name(c.Name), nats.Timeout(dialTimeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.ReconnectBufSize(-1), nats.IgnoreAuthErrorAbort(),
		nats.PingInterval(pingInterval), nats.MaxPingsOutstanding(maxPings),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("connection to nats lost", "err", explain(err))
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) { log.Info("connected to nats again", "server", nc.ConnectedServerName()) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("nats reports", "err", explain(err))
		}),
	}
	if c.User != "" {
		opts = append(opts, nats.UserInfo(c.User, c.Password))
	}
	if c.CredentialsFile != "" {
		opts = append(opts, nats.UserCredentials(c.CredentialsFile))
	}
	if c.TLS != nil {
		opts = append(opts, nats.Secure(c.TLS))
	}
	return opts
}
