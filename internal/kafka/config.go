// Package kafka is gatewatch's end of Kafka: clients, a group consumer that hands out batches by partition, an idempotent
// producer, and the topics. It knows nothing of what is in a record.
package kafka

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Config says how a cluster is reached.
type Config struct {
	// Brokers are host:port addresses of some brokers; the others are learned from them.
	Brokers []string
	// ClientID is the name under which brokers log and throttle the client.
	ClientID string
	// TLS is nil for plain text.
	TLS *tls.Config
	// SASL says who the client is; without a mechanism it is nobody.
	SASL SASL
	// Log hears of connections and rebalances; nil discards.
	Log *slog.Logger
	// BatchBytes are the bytes that topics take in one batch, where it is not the brokers' default; MaxMessageBytes asks.
	BatchBytes map[string]int32
	// Metrics counts what is read and written; nil does not.
	Metrics prometheus.Registerer
}

// SASL says who the client is.
type SASL struct {
	// Mechanism is "", "plain", "scram-sha-256" or "scram-sha-512".
	Mechanism string
	User      string
	Password  string
}

// Record is a Kafka record.
type Record = kgo.Record

// Header is a header of a record.
type Header = kgo.RecordHeader

// Validate tells every fault.
func (c Config) Validate() error {
	var errs []error
	if len(c.Brokers) == 0 {
		errs = append(errs, errors.New("kafka: no brokers"))
	}
	if _, err := c.SASL.mechanism(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s SASL) mechanism() (sasl.Mechanism, error) {
	switch s.Mechanism {
	case "":
		return nil, nil //nolint:nilnil // no mechanism is a mechanism of its own here
	case "plain":
		return plain.Auth{User: s.User, Pass: s.Password}.AsMechanism(), nil
	case "scram-sha-256":
		return scram.Auth{User: s.User, Pass: s.Password}.AsSha256Mechanism(), nil
	case "scram-sha-512":
		return scram.Auth{User: s.User, Pass: s.Password}.AsSha512Mechanism(), nil
	default:
		return nil, fmt.Errorf("kafka: SASL mechanism %q: want plain, scram-sha-256 or scram-sha-512", s.Mechanism)
	}
}

// metadataAge is after how long partitions that were added to a topic are seen.
const metadataAge = 20 * time.Second

// client makes a client with options on top of the configuration's.
func (c Config) client(opts ...kgo.Opt) (*kgo.Client, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	all := []kgo.Opt{kgo.SeedBrokers(c.Brokers...), kgo.ClientID(c.ClientID), kgo.MetadataMaxAge(metadataAge)}
	if c.TLS != nil {
		all = append(all, kgo.DialTLSConfig(c.TLS.Clone()))
	}
	if m, err := c.SASL.mechanism(); err == nil && m != nil {
		all = append(all, kgo.SASL(m))
	}
	if c.Log != nil {
		all = append(all, kgo.WithLogger(logger{c.Log}))
	}
	cl, err := kgo.NewClient(append(all, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("making kafka client: %w", err)
	}
	return cl, nil
}
