package service

import (
	"strings"
	"testing"
	"time"

	"gatewatch/internal/config"
)

func TestNeighbours(t *testing.T) {
	cfg := config.Default()
	cfg.Kafka.SASL = config.SASL{Mechanism: "scram-sha-512", User: "u", Password: "kafka secret"}
	cfg.Kafka.TLS = config.TLS{Enabled: true, ServerName: "broker"}
	cfg.ClickHouse.Password = "clickhouse secret"
	cfg.NATS.User, cfg.NATS.Password, cfg.NATS.MaxAge = "u", "nats secret", time.Hour
	k, err := Kafka(cfg)
	if err != nil || k.SASL.Password != "kafka secret" || k.TLS == nil || k.TLS.ServerName != "broker" || k.Validate() != nil {
		t.Errorf("Kafka: %v, %v", err, k.Validate())
	}
	c, err := ClickHouse(cfg, Env{})
	if err != nil || c.Password != "clickhouse secret" || c.TLS != nil || c.Database != "gatewatch" || c.Validate() != nil {
		t.Errorf("ClickHouse: %v, %v", err, c.Validate())
	}
	n, err := NATS(cfg)
	if err != nil || n.Password != "nats secret" || n.MaxAge != time.Hour || n.Duplicates != 2*time.Hour {
		t.Errorf("NATS: %v", err)
	}
}

func TestNeighboursTellWhichTLSIsWrong(t *testing.T) {
	cfg := config.Default()
	wrong := config.TLS{Enabled: true, CAFile: "/nonexistent/ca.pem"}
	cfg.Kafka.TLS, cfg.ClickHouse.TLS, cfg.NATS.TLS = wrong, wrong, wrong
	_, kafka := Kafka(cfg)
	_, clickhouse := ClickHouse(cfg, Env{})
	_, nats := NATS(cfg)
	for name, err := range map[string]error{"kafka.tls": kafka, "clickhouse.tls": clickhouse, "nats.tls": nats} {
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "/nonexistent/ca.pem") {
			t.Errorf("%s: %v, want the key and the file", name, err)
		}
	}
}
