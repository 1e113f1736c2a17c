// Package clickhouse is gatewatch's end of ClickHouse: it brings the schema up to date, inserts events and findings so
// that a row is in once however often it is sent, and reads small results. It decides nothing about what is stored.
package clickhouse

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/prometheus/client_golang/prometheus"
)

// Config says how a store is reached.
type Config struct {
	// Addresses are host:port of the native protocol; each is tried in turn.
	Addresses []string
	// Database holds the tables; it is made when missing.
	Database string
	User     string
	Password string
	// TLS is nil for plain text.
	TLS *tls.Config
	// Compression of what is sent: "lz4" or "none"; "" is lz4.
	Compression string
	// Log hears of retries and migrations; nil discards.
	Log *slog.Logger
	// Metrics takes what is counted; nil counts for nobody.
	Metrics prometheus.Registerer
}

// Validate tells every fault.
func (c Config) Validate() error {
	var errs []error
	if len(c.Addresses) == 0 {
		errs = append(errs, errors.New("clickhouse: no addresses"))
	}
	for _, a := range c.Addresses {
		if _, _, err := net.SplitHostPort(a); err != nil {
			errs = append(errs, fmt.Errorf("clickhouse: address %q: want host:port", a))
		}
	}
	if c.Database == "" {
		errs = append(errs, errors.New("clickhouse: no database"))
	}
	switch c.Compression {
	case "", "lz4", "none":
	default:
		errs = append(errs, fmt.Errorf("clickhouse: compression %q: want lz4 or none", c.Compression))
	}
	return errors.Join(errs...)
}
