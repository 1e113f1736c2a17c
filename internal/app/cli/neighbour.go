package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"gatewatch/internal/app/service"
	"gatewatch/internal/clickhouse"
	"gatewatch/internal/config"
	"gatewatch/internal/kafka"
	"gatewatch/internal/nats"
)

// patience is how long a neighbour may take to answer. A broker that is not there is dialled more than once.
const patience = 8 * time.Second

// neighbour is something that a configuration names, and how to find out whether it is there.
type neighbour struct {
	name string
	do   string // when it is not
	try  func(context.Context) (detail string, err error)
}

// answer is what came of an attempt.
type answer struct {
	name, detail string
	err          error
	do           string
}

// reach tries all neighbours at once.
func reach(ctx context.Context, all []neighbour, timeout time.Duration) []answer {
	answers := make([]answer, len(all))
	var wg sync.WaitGroup
	for i, n := range all {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			detail, err := n.try(ctx)
			answers[i] = answer{n.name, detail, err, n.do}
		})
	}
	wg.Wait()
	return answers
}

// neighbours are all that a configuration names.
func neighbours(cfg config.Config) []neighbour {
	all := []neighbour{
		{"kafka", "check kafka.brokers, kafka.tls, kafka.sasl and kafka.topics", func(ctx context.Context) (string, error) { return tryKafka(ctx, cfg) }},
		{"clickhouse", "check clickhouse.addresses (the native protocol), user, password, tls and database", func(ctx context.Context) (string, error) { return tryClickHouse(ctx, cfg) }},
		{"nats", "check nats.servers, user, password and tls, and that the server has JetStream on", func(ctx context.Context) (string, error) { return tryNATS(ctx, cfg) }},
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Alerter.Receivers)) {
		r := cfg.Alerter.Receivers[name]
		all = append(all, neighbour{
			"receiver " + name, "check the receiver's URL, the name service, and whether a firewall lets this machine out",
			func(ctx context.Context) (string, error) { return tryReceiver(ctx, r) },
		})
	}
	return all
}

func tryKafka(ctx context.Context, cfg config.Config) (string, error) {
	k, err := service.Kafka(cfg)
	if err != nil {
		return "", err
	}
	t := cfg.Kafka.Topics
	missing, err := kafka.MissingTopics(ctx, k, append(slices.Clone(t.Raw), t.Events, t.Facets, t.Rejected, t.Findings)...)
	switch {
	case err != nil:
		return "", kafka.Explain(err)
	case len(missing) == 0:
		return strings.Join(k.Brokers, ", ") + ", with all topics", nil
	case !cfg.Kafka.CreateTopics:
		return "", fmt.Errorf("topics are missing: %s; create them, or set kafka.create_topics", strings.Join(missing, ", "))
	default:
		return strings.Join(k.Brokers, ", ") + "; the services will create " + strings.Join(missing, ", "), nil
	}
}

func tryClickHouse(ctx context.Context, cfg config.Config) (_ string, err error) {
	c, err := service.ClickHouse(cfg, service.Env{})
	if err != nil {
		return "", err
	}
	store, err := clickhouse.New(c)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	where := strings.Join(c.Addresses, ", ")
	if err := store.Ping(ctx); err != nil {
		return "", err
	}
	if err := store.CheckSchema(ctx); err != nil {
		if cfg.ClickHouse.Migrate && errors.Is(err, clickhouse.ErrOlder) {
			return fmt.Sprintf("%s; the detector will bring the schema up to date (%v)", where, err), nil
		}
		return "", err
	}
	return where + ", database " + c.Database, nil
}

func tryNATS(ctx context.Context, cfg config.Config) (string, error) {
	n, err := service.NATS(cfg)
	if err != nil {
		return "", err
	}
	n.Name = "gatewatch check-config"
	client, err := nats.Connect(ctx, n)
	if err == nil {
		defer client.Close()
		err = client.Ping(ctx)
	}
	if err != nil {
		return "", err
	}
	return strings.Join(n.Servers, ", "), nil
}

// tryReceiver connects to a receiver's host and says nothing to it. Only the host of its URL is shown: the rest is secret.
func tryReceiver(ctx context.Context, r config.Receiver) (string, error) {
	var link string
	switch {
	case r.Slack.URL != "":
		link = string(r.Slack.URL)
	case r.PagerDuty != config.PagerDuty{}:
		link = r.PagerDuty.URL
		if link == "" {
			link = "https://events.pagerduty.com"
		}
	default:
		link = string(r.Webhook.URL)
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", errors.New("its URL cannot be read") // the error would quote it
	}
	host, port := u.Hostname(), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return "", fmt.Errorf("connecting to %s: %w", host, err)
	}
	_ = conn.Close() // nothing has been said
	return host + " answers; nothing was sent", nil
}
