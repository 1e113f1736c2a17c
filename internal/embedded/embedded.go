// Package embedded is everything gatewatch works with, on one machine and under one directory: a server of the Kafka
// protocol and a NATS server in this process, and ClickHouse in a child of it. All listen on the loopback interface only.
// It is for a laptop, a demonstration and tests; it is no replicated broker and no cluster, and does not become one.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"gatewatch/internal/embedded/chdb"
)

// Config says where the stack lives. Only Dir has to be set.
type Config struct {
	// Dir keeps all data. One stack at a time uses it.
	Dir string
	// Ports on 127.0.0.1; 0 is the neighbour's usual port where that is free, else any that is.
	KafkaPort, NATSPort, ClickHousePort, ClickHouseHTTPPort int
	// Library is the path of libchdb. Default: as chdb.Source has it, which fetches it once.
	Library string
	// Program is the command that serves ClickHouse: chdb.ParseArgs reads what is added to it. Default: this executable
	// with ServeCommand.
	Program []string
	// Log hears of what happens to the parts; nil discards.
	Log *slog.Logger
	// Progress is told how much of the library has arrived while it is fetched; nil for nobody.
	Progress func(done, total int64)
}

// ServeCommand is the hidden command of the gatewatch program that serves ClickHouse.
const ServeCommand = "__clickhouse"

// ErrInUse tells that another stack uses the directory.
var ErrInUse = errors.New("another gatewatch is running there")

// Stack is a running stack. Its addresses are host:port.
type Stack struct {
	Kafka, NATS, ClickHouse, ClickHouseHTTP string

	kafka      *broker
	nats       *natsServer
	clickhouse *supervisor
	unlock     func()
	stop       sync.Once
}

// Start starts all parts and returns when they answer. The context bounds the start only.
func Start(ctx context.Context, cfg Config) (*Stack, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	unlock, err := occupy(cfg.Dir)
	if err != nil {
		return nil, err
	}
	s := &Stack{unlock: unlock}
	if err := s.start(ctx, cfg); err != nil {
		// What was started is stopped even if the context is what ended the start.
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (c *Config) complete() error {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return fmt.Errorf("finding the data directory: %w", err)
	}
	c.Dir = dir
	if len(c.Program) == 0 {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("finding this program: %w", err)
		}
		c.Program = []string{self, ServeCommand}
	}
	return nil
}

// occupy makes the directory and takes it for this process.
func occupy(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	unlock, err = chdb.TryLock(filepath.Join(dir, "lock"))
	if errors.Is(err, chdb.ErrLocked) {
		return nil, fmt.Errorf("data directory %s: %w", dir, ErrInUse)
	}
	return unlock, err
}

func (s *Stack) start(ctx context.Context, cfg Config) error {
	source := chdb.Source{Path: cfg.Library, Progress: cfg.Progress}
	library, err := source.Library(ctx)
	if err != nil {
		return err
	}
	clickhouseDir := filepath.Join(cfg.Dir, "clickhouse")
	if err := chdb.Vacant(ctx, clickhouseDir); err != nil {
		return err
	}
	p, err := cfg.ports(ctx)
	if err != nil {
		return err
	}
	s.Kafka, s.NATS = address(p.kafka), address(p.nats)
	s.ClickHouse, s.ClickHouseHTTP = address(p.clickhouse), address(p.clickhouseHTTP)

	// ClickHouse takes longest, so it starts while the others do.
	server := chdb.Server{Library: library, Dir: clickhouseDir, Port: p.clickhouse, HTTPPort: p.clickhouseHTTP}
	if s.clickhouse, err = supervise(cfg.Program, server, cfg.Log); err != nil {
		return err
	}
	s.kafka, err = startBroker(filepath.Join(cfg.Dir, "kafka"), p.kafka, cfg.Log) //nolint:contextcheck // it outlives the start
	if err != nil {
		return err
	}
	if s.nats, err = startNATS(filepath.Join(cfg.Dir, "nats"), p.nats, cfg.Log); err != nil {
		return err
	}
	return s.clickhouse.ready(ctx)
}

// Wait hears of a part that has died and could not be started again.
func (s *Stack) Wait() <-chan error { return s.clickhouse.failed }

// Stop stops all parts, with their data written. What it was, Start makes again.
func (s *Stack) Stop(ctx context.Context) error {
	var err error
	s.stop.Do(func() {
		if s.nats != nil {
			s.nats.stop()
		}
		if s.kafka != nil {
			s.kafka.stop()
		}
		if s.clickhouse != nil {
			err = s.clickhouse.stop(ctx)
		}
		s.unlock()
	})
	return err
}
