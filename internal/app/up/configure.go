package up

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"strconv"

	"gatewatch/internal/config"
	"gatewatch/internal/embedded"
)

// The usual ports of what this process serves itself; logs are pushed to where OpenTelemetry's exporters look.
const (
	pushPort  = 4318
	adminPort = 9470
)

// none turns a listener off.
const none = "none"

// places are where this process listens, beside the servers of the stack: host:port or "none".
type places struct{ push, admin string }

// places chooses where to listen.
func (c *Config) places(ctx context.Context) (places, error) {
	push, err := listen(ctx, c.Push, pushPort)
	if err != nil {
		return places{}, fmt.Errorf("%w: choose another with --push", err)
	}
	admin, err := listen(ctx, c.Admin, adminPort)
	if err != nil {
		return places{}, fmt.Errorf("%w: choose another with --admin", err)
	}
	return places{push, admin}, nil
}

// listen is an address that can be listened on: the one wanted, else the usual port, else any.
func listen(ctx context.Context, want string, usual int) (string, error) {
	if want == none {
		return none, nil
	}
	candidates := []string{want}
	if want == "" {
		candidates = []string{net.JoinHostPort("127.0.0.1", strconv.Itoa(usual)), "127.0.0.1:0"}
	}
	var lc net.ListenConfig
	var errs []error
	for _, address := range candidates {
		l, err := lc.Listen(ctx, "tcp", address)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		defer l.Close() //nolint:errcheck // nobody has connected
		return l.Addr().String(), nil
	}
	return "", errors.Join(errs...)
}

// services is the configuration of the services on the stack: the user's, with what the stack decides put over it.
func (c *Config) services(stack *embedded.Stack, at places) (config.Config, error) {
	cfg, err := c.Load()
	if err != nil {
		return cfg, err
	}
	kafka := &cfg.Kafka
	kafka.Brokers, kafka.TLS, kafka.SASL = []string{stack.Kafka}, config.TLS{}, config.SASL{}
	kafka.CreateTopics, kafka.Replicas = true, 1
	if c.Partitions > 0 {
		kafka.Partitions = c.Partitions
	}
	if len(c.Topics) > 0 {
		kafka.Topics.Raw, kafka.Topics.RawPattern = c.Topics, ""
	}
	store := &cfg.ClickHouse
	store.Addresses, store.User, store.TLS, store.Migrate = []string{stack.ClickHouse}, "default", config.TLS{}, true
	store.Password, store.PasswordFile = "", ""
	bus := &cfg.NATS
	*bus = config.NATS{
		Servers: []string{"nats://" + stack.NATS}, CreateStreams: true, Replicas: 1, MaxAge: bus.MaxAge, Duplicates: bus.Duplicates,
	}
	cfg.Ingest.DataDir = filepath.Join(c.Stack.Dir, "ingest")
	cfg.Detector.DataDir = filepath.Join(c.Stack.Dir, "detector")
	if at.push != none {
		cfg.Ingest.Push.Listen = at.push
	}
	c.alerts(&cfg.Alerter)
	return cfg, nil
}

// alerts adds the receivers of the command line. Whoever names an address there means it, wherever it is.
func (c *Config) alerts(a *config.Alerter) {
	if c.MinSeverity != "" {
		a.MinSeverity = c.MinSeverity
	}
	if len(c.Webhooks) == 0 {
		return
	}
	a.AllowPrivate = true
	receivers := make(map[string]config.Receiver, len(a.Receivers)+len(c.Webhooks))
	maps.Copy(receivers, a.Receivers)
	for i, url := range c.Webhooks {
		receivers["webhook-"+strconv.Itoa(i+1)] = config.Receiver{Webhook: config.Webhook{URL: config.Secret(url)}}
	}
	a.Receivers = receivers
}
