// Package connect makes a detector of its configuration: one that works with Kafka, NATS, ClickHouse and a data directory.
package connect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"gatewatch/internal/app/detector"
	"gatewatch/internal/app/service"
	"gatewatch/internal/clickhouse"
	"gatewatch/internal/config"
	"gatewatch/internal/disk"
	"gatewatch/internal/kafka"
	"gatewatch/internal/nats"
)

const (
	// patience is how long the sinks are waited for at the end; service managers give up after a minute or more.
	patience = 20 * time.Second
	// attemptTime is how long one attempt to reach a neighbour may take.
	attemptTime = 15 * time.Second
)

// Build makes the service of its configuration.
func Build(cfg config.Config, env service.Env) (service.Service, error) {
	log := env.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	key, notice, err := cfg.Key(env.ConfigDir)
	if err != nil {
		return nil, err
	}
	if notice != "" {
		log.Warn("hash key is not kept", "notice", notice)
	}
	engine := cfg.Engine()
	if engine.Seed, err = key.Seed(); err != nil {
		return nil, err
	}
	c := &connector{cfg: cfg, log: log}
	if c.kafka, err = service.Kafka(cfg); err != nil {
		return nil, err
	}
	c.kafka.Log, c.kafka.Metrics = log, env.Metrics
	if c.clickhouse, err = service.ClickHouse(cfg, env); err != nil {
		return nil, err
	}
	if c.nats, err = service.NATS(cfg); err != nil {
		return nil, err
	}
	c.nats.Log = log
	t, d := &cfg.Kafka.Topics, &cfg.Detector
	return detector.New(detector.Config{
		Group:  d.Group,
		Events: t.Events, Facets: t.Facets, Findings: t.Findings, Rejected: t.Rejected,
		Engine: engine, Catalog: cfg.Detectors,
		CheckpointInterval: d.CheckpointInterval, TickInterval: cfg.Kafka.TickInterval, MaxLag: int64(d.MaxLag), Patience: patience,
		MaxRows: cfg.ClickHouse.MaxRows, MaxBytes: cfg.ClickHouse.MaxBytes, MaxWait: cfg.ClickHouse.MaxWait,
		Log: log, Metrics: env.Metrics,
	}, c.connect)
}

// connector reaches the real neighbours.
type connector struct {
	cfg        config.Config
	log        *slog.Logger
	kafka      kafka.Config
	clickhouse clickhouse.Config
	nats       nats.Config
	// identity is the instance's lasting name, once the data directory is open.
	identity *disk.Identity
}

// connect reaches the neighbours, one after the other; each is waited for.
func (c *connector) connect(ctx context.Context, report func(string, error)) (near *detector.Neighbours, err error) {
	var closers []func()
	end := func() {
		for _, close := range slices.Backward(closers) {
			close()
		}
	}
	defer func() {
		if err != nil {
			end()
		}
	}()
	await := func(what string, limit time.Duration, f func(context.Context) error) error {
		return service.Retry(ctx, c.log, what, func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			err := f(ctx)
			report(what, err)
			return err
		})
	}
	store, err := clickhouse.New(c.clickhouse)
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() {
		if err := store.Close(); err != nil {
			c.log.Warn("clickhouse not closed", "err", err)
		}
	})
	near = &detector.Neighbours{Close: end, Consume: c.consume, Store: rowStore{store}}
	steps := []struct {
		what  string
		limit time.Duration
		do    func(context.Context) error
	}{
		{"opening the data directory", attemptTime, func(context.Context) error { return c.open(near, &closers) }},
		{"reaching kafka and its topics", attemptTime, c.topics},
		{"connecting to nats", attemptTime, func(ctx context.Context) error { return c.publisher(ctx, near, &closers) }},
		{"preparing clickhouse", 10 * attemptTime, func(ctx context.Context) error { return c.schema(ctx, store) }},
	}
	for _, s := range steps {
		if err := await(s.what, s.limit, s.do); err != nil {
			return nil, err
		}
	}
	producer, err := kafka.NewProducer(c.kafka, 0)
	if err != nil {
		return nil, err
	}
	closers = append(closers, producer.Close)
	near.Producer, near.Herald = producer, producer
	return near, nil
}

// staySession is how long a group keeps the partitions of an instance that the operator has named: through a restart for
// which the machine is taken away, too.
const staySession = 45 * time.Second

// consume joins a group. Whoever has a name gets the partitions back at once, and with them the states on this disk. An
// instance that names itself hands them out when it stops; one that was named keeps them until it is back.
func (c *connector) consume(g kafka.Group) (detector.Consumer, error) {
	g.Instance = c.identity.Name()
	if name := c.cfg.Detector.Instance; name != "" {
		g.Instance, g.Stay, g.Session = name, true, staySession
	}
	return kafka.NewConsumer(c.kafka, g)
}

// open takes the data directory, and the name that is kept in it.
func (c *connector) open(near *detector.Neighbours, closers *[]func()) error {
	dir, err := disk.Open(c.cfg.Detector.DataDir, c.log)
	if err != nil {
		return fmt.Errorf("detector.data_dir: %w", service.Advise(err))
	}
	if c.identity, err = disk.Identify(c.cfg.Detector.DataDir); err != nil {
		return errors.Join(fmt.Errorf("detector.data_dir: %w", service.Advise(err)), dir.Close())
	}
	near.Checkpoints = dir
	*closers = append(*closers, func() {
		if err := errors.Join(c.identity.Close(), dir.Close()); err != nil {
			c.log.Warn("data directory not closed", "err", err)
		}
	})
	return nil
}

// topics makes sure that the topics are there.
func (c *connector) topics(ctx context.Context) error {
	k := &c.cfg.Kafka
	missing, err := kafka.MissingTopics(ctx, c.kafka, k.Topics.Events, k.Topics.Facets, k.Topics.Findings, k.Topics.Rejected)
	if err != nil {
		return kafka.Explain(err)
	}
	if len(missing) == 0 {
		return nil
	}
	if !k.CreateTopics {
		return fmt.Errorf("topics %q are missing: create them, or let kafka.create_topics do it", missing)
	}
	var topics []kafka.Topic
	for _, name := range missing {
		topics = append(topics, kafka.Topic{
			Name: name, Partitions: int32(k.Partitions), Replicas: int16(k.Replicas), //nolint:gosec // validated
		})
	}
	return kafka.Explain(kafka.EnsureTopics(ctx, c.kafka, topics...))
}

// publisher connects to JetStream.
func (c *connector) publisher(ctx context.Context, near *detector.Neighbours, closers *[]func()) error {
	client, err := nats.Connect(ctx, c.nats)
	if err != nil {
		return err
	}
	if c.cfg.NATS.CreateStreams {
		if err := client.EnsureStreams(ctx); err != nil {
			client.Close()
			return err
		}
	}
	near.Publisher = client
	*closers = append(*closers, client.Close)
	return nil
}

// schema brings the schema up to date, or sees that somebody did.
func (c *connector) schema(ctx context.Context, store *clickhouse.Store) error {
	if c.cfg.ClickHouse.Migrate {
		if _, err := store.Migrate(ctx); err != nil {
			return err
		}
	}
	return store.CheckSchema(ctx)
}

// rowStore is the store with its rows behind an interface.
type rowStore struct{ *clickhouse.Store }

var _ detector.Store = rowStore{}

// NewRows implements Store.
func (s rowStore) NewRows() detector.Rows { return clickhouse.NewEvents() }

// InsertEvents implements Store.
func (s rowStore) InsertEvents(ctx context.Context, rows detector.Rows, token string) error {
	batch, ok := rows.(*clickhouse.Events)
	if !ok {
		return service.Permanent(fmt.Errorf("storing rows of type %T", rows))
	}
	return s.Store.InsertEvents(ctx, batch, token)
}
