package service

import (
	"fmt"

	"gatewatch/internal/clickhouse"
	"gatewatch/internal/config"
	"gatewatch/internal/kafka"
	"gatewatch/internal/nats"
)

// Kafka is how the configuration has Kafka reached. Whoever makes a client of it sets Log.
func Kafka(cfg config.Config) (kafka.Config, error) {
	k := cfg.Kafka
	encryption, err := k.TLS.Config()
	if err != nil {
		return kafka.Config{}, fmt.Errorf("kafka.tls: %w", err)
	}
	return kafka.Config{
		Brokers: k.Brokers, ClientID: k.ClientID, TLS: encryption,
		SASL: kafka.SASL{Mechanism: k.SASL.Mechanism, User: k.SASL.User, Password: string(k.SASL.Password)},
	}, nil
}

// ClickHouse is how the configuration has ClickHouse reached.
func ClickHouse(cfg config.Config, env Env) (clickhouse.Config, error) {
	c := cfg.ClickHouse
	encryption, err := c.TLS.Config()
	if err != nil {
		return clickhouse.Config{}, fmt.Errorf("clickhouse.tls: %w", err)
	}
	return clickhouse.Config{
		Addresses: c.Addresses, Database: c.Database, User: c.User, Password: string(c.Password), TLS: encryption,
		Compression: c.Compression, Log: env.Log, Metrics: env.Metrics,
	}, nil
}

// NATS is how the configuration has NATS reached. Whoever connects sets Log and, where several do, Name.
func NATS(cfg config.Config) (nats.Config, error) {
	n := cfg.NATS
	encryption, err := n.TLS.Config()
	if err != nil {
		return nats.Config{}, fmt.Errorf("nats.tls: %w", err)
	}
	return nats.Config{
		Servers: n.Servers, User: n.User, Password: string(n.Password), CredentialsFile: n.CredentialsFile,
		Name: cfg.Kafka.ClientID, TLS: encryption, Replicas: n.Replicas, MaxAge: n.MaxAge, Duplicates: n.Duplicates,
	}, nil
}
