package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestServiceFaults(t *testing.T) {
	receiver := func(s string) string { return "alerter: {receivers: {ops: " + s + "}}" }
	for _, tt := range []struct{ name, in, want string }{
		{"no brokers", "kafka: {brokers: []}", "c.yaml:1: kafka.brokers: is empty"},
		{"a broker without a port", "kafka:\n  brokers:\n    - a:9092\n    - kafka", `c.yaml:4: kafka.brokers[1]: "kafka" has no port: want host:port`},
		{"a broker with a scheme", "kafka: {brokers: 'https://kafka:9092'}", "kafka.brokers[0]: "},
		{"a broker's port", "kafka: {brokers: 'kafka:99999'}", `kafka.brokers[0]: "kafka:99999" has port "99999": want 1 to 65535`},
		{"an IPv6 broker", "kafka: {brokers: '::1:9092'}", "stands in brackets"},
		{"no client", "kafka: {client_id: ' '}", "kafka.client_id: is empty"},
		{"mechanism", "kafka: {sasl: {mechanism: scram-sha-521, user: u, password: p}}", `kafka.sasl.mechanism: unknown value "scram-sha-521": did you mean scram-sha-`},
		{"no mechanism", "kafka: {sasl: {user: u}}", "kafka.sasl.mechanism: is missing beside a user"},
		{"no user", "kafka:\n  sasl: {mechanism: plain, password: p}", "c.yaml:2: kafka.sasl.user: is missing"},
		{"no password", "kafka: {sasl: {mechanism: plain, user: u}}", "kafka.sasl.password: is missing"},
		{"password twice", "kafka: {sasl: {mechanism: plain, user: u, password: p, password_file: f}}", "kafka.sasl.password_file: stands beside kafka.sasl.password"},
		{"no password file", "kafka: {sasl: {mechanism: plain, user: u, password_file: /nonexistent}}", "c.yaml:1: kafka.sasl.password_file: /nonexistent does not exist"},
		{"a topic's name", "kafka: {topics: {events: a b}}", `kafka.topics.events: "a b" is no name for a topic`},
		{"a topic twice", "kafka: {topics: {events: x, facets: x}}", "kafka.topics.facets: is x, which is kafka.topics.events too"},
		{"a raw topic of ours", "kafka: {topics: {raw: [access.raw, gatewatch.events.v1]}}", "kafka.topics.raw[1]: is gatewatch.events.v1"},
		{"no raw topic", "kafka: {topics: {raw: []}}", "kafka.topics.raw: is empty"},
		{"raw and a pattern", "kafka: {topics: {raw: a, raw_pattern: ^a}}", "kafka.topics.raw_pattern: stands beside raw"},
		{"no pattern", "kafka: {topics: {raw_pattern: '('}}", "kafka.topics.raw_pattern: is no regular expression: missing closing )"},
		{"a pattern of ours", "kafka: {topics: {raw_pattern: events}}", "kafka.topics.raw_pattern: matches gatewatch.events.v1"},
		{"partitions", "kafka: {partitions: 0}", "kafka.partitions: is 0: want 1 to"},
		{"replicas", "kafka: {replicas: 0}", "kafka.replicas: is 0"},
		{"ticks", "kafka: {tick_interval: 10ms}", "kafka.tick_interval: is 10ms: want 1s to 1h"},
		{"TLS that is off", "kafka: {tls: {ca_file: /x}}", "kafka.tls.enabled: is not true"},
		{"half a certificate", "kafka: {tls: {enabled: true, cert_file: /x}}", "kafka.tls: want cert_file and key_file together"},
		{"no CA", "clickhouse: {tls: {enabled: true, ca_file: /nonexistent}}", "c.yaml:1: clickhouse.tls.ca_file: /nonexistent does not exist"},
		{"addresses", "clickhouse: {addresses: 'ch'}", "clickhouse.addresses[0]: "},
		{"a database", "clickhouse: {database: gate-watch}", "clickhouse.database: \"gate-watch\" is no name"},
		{"compression", "clickhouse: {compression: zstd}", "clickhouse.compression: unknown value \"zstd\": want one of lz4, none"},
		{"rows", "clickhouse: {max_rows: 0}", "clickhouse.max_rows: is 0"},
		{"bytes", "clickhouse: {max_bytes: 1}", "clickhouse.max_bytes: is 1"},
		{"a wait", "clickhouse: {max_wait: 0s}", "clickhouse.max_wait: is 0s: want 10ms to 5m"},
		{"servers", "nats: {servers: []}", "nats.servers: is empty"},
		{"a server's scheme", "nats: {servers: 'http://n:4222'}", "nats.servers[0]: want a URL that begins with nats://"},
		{"a password in a URL", "nats: {servers: 'nats://u:hunter2@n:4222'}", "nats.servers[0]: holds a user or password"},
		{"a user twice", "nats: {user: u, password: p, credentials_file: /x}", "nats.credentials_file: stands beside user"},
		{"a user without a password", "nats: {user: u}", "nats.password: is missing"},
		{"a password without a user", "nats: {password: p}", "nats.user: is missing"},
		{"NATS replicas", "nats: {replicas: 6}", "nats.replicas: is 6: want 1 to 5"},
		{"NATS age", "nats: {max_age: 1s}", "nats.max_age: is 1s"},
		{"duplicates", "nats: {max_age: 1h}", "c.yaml:1: nats.duplicates: is 2h: want 1s to 1h"},
		{"a group", "ingest: {group: ''}", "ingest.group: is empty"},
		{"admin", "ingest: {admin: {listen: here}}", `ingest.admin.listen: "here" is not host:port`},
		{"admin's port", "detector: {admin: {listen: 'localhost:http'}}", `detector.admin.listen: "localhost:http" has port "http"`},
		{"a format", "ingest: {format: ngnix-json}", `ingest.format: unknown format "ngnix-json": did you mean nginx-json?`},
		{"a pattern of files", "ingest: {files: ['/var/log/[']}", "ingest.files[0]: "},
		{"a service's topic", "ingest: {services: {a b: shop}}", "ingest.services.a b: "},
		{"no data directory", "detector: {data_dir: ''}", "detector.data_dir: is empty"},
		{"no geo file", "ingest: {geo: {city_file: /nonexistent}}", "ingest.geo.city_file: /nonexistent does not exist"},
		{"push for everyone", "ingest: {push: {listen: ':8080'}}", "ingest.push.token: is missing: :8080 is reached from other machines"},
		{"a short token", "ingest: {push: {listen: ':8080', token: hunter2}}", "ingest.push.token: is shorter than 16 bytes"},
		{"push's body", "ingest: {push: {max_body: 1}}", "ingest.push.max_body: is 1"},
		{"push's pending", "ingest: {push: {max_pending: 1}}", "ingest.push.max_pending: is 1"},
		{"an instance", "detector: {instance: a b}", "detector.instance: "},
		{"checkpoints", "detector: {checkpoint_interval: 0s}", "detector.checkpoint_interval: is 0s"},
		{"lag", "detector: {max_lag: 0}", "detector.max_lag: is 0"},
		{"a time zone", "detector:\n  time_zone: Berlin", `c.yaml:2: detector.time_zone: "Berlin" is no time zone: want a name such as Europe/Berlin`},
		{"the machine's time zone", "detector: {time_zone: Local}", "detector.time_zone: is the zone of the machine"},
		{"no holidays", "detector: {holidays_file: /nonexistent}", "detector.holidays_file: /nonexistent does not exist"},
		{"severity", "alerter: {min_severity: hi}", "alerter.min_severity: unknown value \"hi\""},
		{"waits", "alerter: {group_wait: -1s}", "alerter.group_wait: is -1s"},
		{"repeats", "alerter: {repeat_interval: 0s}", "alerter.repeat_interval: is 0s"},
		{"a receiver of nothing", receiver("{}"), "alerter.receivers.ops: want one of slack, pagerduty and webhook"},
		{"a receiver of two", receiver("{slack: {url: 'https://x/hunter2'}, webhook: {url: 'https://x/hunter2'}}"), "want one of slack"},
		{"a receiver's name", "alerter: {receivers: {o p: {slack: {url: 'https://x'}}}}", "a receiver's name has"},
		{"a receiver's severity", receiver("{slack: {url: 'https://x'}, min_severity: hgih}"), `alerter.receivers.ops.min_severity: unknown severity "hgih": did you mean high?`},
		{"Slack by http", receiver("{slack: {url: 'http://hooks/hunter2'}}"), "alerter.receivers.ops.slack.url: want a URL that begins with https://"},
		{"no URL", receiver("{slack: {url: 'hunter2'}}"), "alerter.receivers.ops.slack.url: want a URL"},
		{"a URL without a host", receiver("{slack: {url: 'https:///hunter2'}}"), "slack.url: names no host"},
		{"PagerDuty's key", receiver("{pagerduty: {routing_key: hunter2}}"), "pagerduty.routing_key: is no integration key of Events API v2: want 32 letters and digits, this has 7"},
		{"PagerDuty without a key", receiver("{pagerduty: {url: 'https://events.eu.pagerduty.com/v2/enqueue'}}"), "pagerduty.routing_key: is missing"},
		{"a webhook without a URL", receiver("{webhook: {secrets: []}}"), "want one of slack"},
		{"a webhook's secret", receiver("{webhook: {url: 'https://x', secrets: whsec_hunter2}}"), "webhook.secrets[0]: is no secret of Standard Webhooks"},
		{"level", "log: {level: verbose}", "log.level: unknown value \"verbose\": want one of debug, info, warn, error"},
		{"log format", "log: {format: jsn}", "log.format: unknown value \"jsn\": did you mean json?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(tt.in), env)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is in the error: %v", err)
			}
		})
	}
}

func TestGoodServices(t *testing.T) {
	for name, in := range map[string]string{
		"IPv6":              "kafka: {brokers: '[::1]:9092'}",
		"NATS by host:port": "nats: {servers: [a:4222, 'tls://b', 'wss://c:443/x']}",
		"a pattern":         "kafka: {topics: {raw_pattern: '^access\\.'}}",
		"push at home":      "ingest: {push: {listen: 'localhost:8080'}}",
		"push for all":      "ingest: {push: {listen: '[::]:8080', token: 0123456789abcdef}}",
		"no admin":          "alerter: {admin: {listen: none}}",
		"own format":        "formats: {shop: {nginx: '$remote_addr [$time_local] \"$request\" $status'}}\ningest: {format: shop}",
		"receivers": `alerter:
  receivers:
    chat: {slack: {url: 'https://hooks.slack.com/services/T/B/x'}}
    page: {pagerduty: {routing_key: 0123456789abcdef0123456789abcdef}, min_severity: critical}
    siem: {webhook: {url: 'https://siem.example/in', secrets: whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}}
`,
		"a sink of one's own": "alerter: {allow_private: true, receivers: {x: {slack: {url: 'http://127.0.0.1:9/x'}}}}",
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse("c.yaml", []byte(in), env)
			if err != nil {
				t.Error(err)
			}
			if cfg.Kafka.Topics.RawPattern != "" && len(cfg.Kafka.Topics.Raw) > 0 {
				t.Errorf("the default %v stands beside a pattern", cfg.Kafka.Topics.Raw)
			}
			if w := cfg.Warnings(); len(w) > 0 {
				t.Errorf("warnings: %v", w)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"a password for all": {"kafka: {sasl: {mechanism: plain, user: u, password: p}}", "c.yaml:1: kafka.sasl.mechanism: plain sends"},
		"profiles for all":   {"detector: {admin: {listen: ':9472', pprof: true}}", "detector.admin.pprof"},
		"a webhook by http":  {"alerter: {receivers: {x: {webhook: {url: 'http://siem.example/hunter2'}}}}", "webhook.url: is not https"},
	} {
		cfg, err := Parse("c.yaml", []byte(tt.in), env)
		if got := strings.Join(cfg.Warnings(), "\n"); err != nil || !strings.Contains(got, tt.want) || strings.Contains(got, "hunter2") {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
}

func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // the umask may have taken something off
			t.Fatal(err)
		}
		return path
	}
	write("password", "\n pass word \r\n", 0o600)
	write("open", "pass word", 0o644)
	write("empty", "\n", 0o600)
	write("large", strings.Repeat("x", maxSecret+1), 0o600)
	write("short", "hunter2", 0o600)
	write("secrets", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\nwhsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\n", 0o600)
	read := func(in string, parts ...string) (Config, error) {
		return Load(write("c.yaml", in, 0o600), env, parts...)
	}

	cfg, err := read("clickhouse: {password_file: password}")
	if err != nil || cfg.ClickHouse.Password != "pass word" || len(cfg.Warnings()) > 0 {
		t.Errorf("a file next to the configuration: %q, %v, %v", string(cfg.ClickHouse.Password), err, cfg.Warnings())
	}
	if cfg, err = read("clickhouse: {password_file: open}"); err != nil || len(cfg.Warnings()) != 1 || !strings.Contains(cfg.Warnings()[0], "chmod 640") {
		t.Errorf("a file that all may read: %v, %v", err, cfg.Warnings())
	}
	if cfg, err = read("alerter: {receivers: {x: {webhook: {url: 'https://x', secrets_file: secrets}}}}"); err != nil || len(cfg.Alerter.Receivers["x"].Webhook.Secrets) != 2 {
		t.Errorf("two secrets: %v", err)
	}
	write("holidays", "\n12-25 Christmas\n", 0o644)
	write("no holidays", "\n12-25 Christmas\nchristmas\n", 0o644)
	if cfg, err = read("detector: {time_zone: Europe/Berlin, holidays_file: holidays}"); err != nil || len(cfg.Warnings()) > 0 {
		t.Errorf("days: %v, %v", err, cfg.Warnings())
	}
	if e := cfg.Engine(); e.Zone.String() != "Europe/Berlin" {
		t.Errorf("the engine's zone is %s", e.Zone)
	} else if name, ok := e.Holidays.Holiday(2026, time.December, 25); name != "Christmas" || !ok {
		t.Error("the engine has no Christmas")
	}
	if cfg, err = read("alerter: {receivers: {x: {slack: {url_file: gone}}}}", "kafka"); err != nil {
		t.Errorf("a file of another part: %v", err)
	}
	for in, want := range map[string]string{
		"nats: {user: u, password_file: empty}":                               "c.yaml:1: nats.password_file: " + dir + "/empty is empty",
		"nats: {user: u, password_file: large}":                               "longer than",
		"nats: {user: u, password_file: .}":                                   "no regular file",
		"detector: {holidays_file: no holidays}":                              dir + "/no holidays, line 3: \"christmas\"",
		"hash_key_file: short":                                                "hash_key: is shorter than 16 bytes",
		"alerter: {receivers: {x: {pagerduty: {routing_key_file: short}}}}":   "want 32 letters and digits",
		"alerter: {receivers: {x: {slack: {url_file: gone}}}}":                "/gone does not exist",
		"alerter: {receivers: {x: {slack: {url_file: short}}}}":               "slack.url: want a URL",
		"kafka: {tls: {enabled: true, ca_file: password}}":                    "holds no certificate",
		"kafka: {tls: {enabled: true, cert_file: password, key_file: short}}": "kafka.tls: reading the client's certificate",
	} {
		if _, err := read(in); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
}

func TestTLS(t *testing.T) {
	if cfg, err := (TLS{}).Config(); cfg != nil || err != nil {
		t.Errorf("without TLS: %v, %v", cfg, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	save := func(name, kind string, b []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	certFile, keyFile := save("cert.pem", "CERTIFICATE", der), save("key.pem", "PRIVATE KEY", private)
	in := "kafka: {tls: {enabled: true, ca_file: " + certFile + ", cert_file: " + certFile + ", key_file: " + keyFile + ", server_name: b}}"
	cfg, err := Parse("c.yaml", []byte(in), env)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Kafka.TLS.Config()
	if err != nil || got.MinVersion != tls.VersionTLS12 || len(got.Certificates) != 1 || got.RootCAs == nil || got.ServerName != "b" {
		t.Errorf("Config: %+v, %v", got, err)
	}
}
