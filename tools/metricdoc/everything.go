package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"gatewatch/internal/app/alerter"
	"gatewatch/internal/app/detector/connect"
	"gatewatch/internal/app/ingest"
	"gatewatch/internal/app/service"
	"gatewatch/internal/clickhouse"
	"gatewatch/internal/config"
	"gatewatch/internal/geo"
	"gatewatch/internal/kafka"
	"gatewatch/internal/nats"
	"gatewatch/internal/push"
	"gatewatch/internal/tail"
	"gatewatch/internal/telemetry"
)

// everything makes what counts, and returns what it counts. What is made at the start of a service only, when neighbours
// have answered, is made here by itself.
func everything(ctx context.Context) (list, error) {
	all := list{}
	dir, err := os.MkdirTemp("", "metricdoc-")
	if err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it is in the system's place for such
	cfg := config.Default()
	cfg.HashKey = "0123456789abcdef"
	cfg.Ingest.DataDir, cfg.Detector.DataDir = dir, dir
	for name, build := range map[string]service.Build{"ingest": ingest.Build, "detector": connect.Build, "alerter": alerter.Build} {
		if _, err := build(cfg, service.Env{Metrics: all}); err != nil {
			return nil, fmt.Errorf("making %s: %w", name, err)
		}
	}
	all.MustRegister(telemetry.BuildInfo(telemetry.Build{}))
	telemetry.NewReloads(all)
	if err := neighbours(ctx, cfg, all); err != nil {
		return nil, err
	}
	_, geoErr := geo.Open(geo.Config{Metrics: all})
	_, pushErr := push.New(push.Config{Listen: "127.0.0.1:0", Metrics: all}, nil)
	_, tailErr := tail.New(tail.Config{Files: []string{"access.log"}, Dir: dir, Metrics: all}, nil)
	return all, errors.Join(geoErr, pushErr, tailErr)
}

func neighbours(ctx context.Context, cfg config.Config, all list) error {
	k, err := service.Kafka(cfg)
	if err != nil {
		return err
	}
	k.Metrics = all
	producer, err := kafka.NewProducer(k, 1)
	if err != nil {
		return fmt.Errorf("making producer: %w", err)
	}
	producer.Close()
	c, err := service.ClickHouse(cfg, service.Env{Metrics: all})
	if err != nil {
		return err
	}
	if _, err := clickhouse.New(c); err != nil {
		return fmt.Errorf("making store: %w", err)
	}
	// A client of NATS is one that has connected.
	ns, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true})
	if err != nil {
		return fmt.Errorf("making NATS server: %w", err)
	}
	ns.Start()
	defer ns.Shutdown()
	if !ns.ReadyForConnections(10 * time.Second) {
		return errors.New("waiting for NATS server: it does not start")
	}
	client, err := nats.Connect(ctx, nats.Config{Servers: []string{ns.ClientURL()}, Metrics: all})
	if err != nil {
		return fmt.Errorf("connecting to NATS server: %w", err)
	}
	client.Close()
	return nil
}
