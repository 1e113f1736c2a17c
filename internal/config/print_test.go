package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPrintedReadsBack: what is printed is a configuration that changes nothing.
func TestPrintedReadsBack(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"password", "url"} {
		text := map[string]string{"password": "pass word\n", "url": "https://hooks.slack.com/services/T/B/x\n"}[name]
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, in := range map[string]string{
		"the default": "",
		"everything":  strings.Replace(whole, "hash_key: ${KEY}\n", "", 1),
		"a pattern":   "kafka: {topics: {raw_pattern: '^access\\..*$'}}",
		"dollars":     "client_header: 'a$b $${y} $$$$'",
		"receivers": `
clickhouse: {password_file: password, max_wait: 250ms}
alerter:
  min_severity: high
  receivers:
    chat: {slack: {url_file: url}}
    siem: {webhook: {url_file: url}, min_severity: info}
`,
		"odd names": "ingest: {services: {access.raw: 'yes', access.b: '- a: b'}}",
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Parse(filepath.Join(dir, "c.yaml"), []byte(in), env)
			if err != nil {
				t.Fatal(err)
			}
			out, err := cfg.YAML()
			if err != nil {
				t.Fatal(err)
			}
			back, err := Parse(filepath.Join(dir, "c.yaml"), out, env)
			if err != nil {
				t.Fatalf("%v in:\n%s", err, out)
			}
			if keys := Changed(cfg, back); len(keys) > 0 {
				t.Errorf("%v have changed by printing:\n%s", keys, out)
			}
		})
	}
}

// secretive is a configuration with a secret in every place that may have one.
func secretive() Config {
	cfg := Default()
	const s = Secret("hunter2-0123456789abcdef")
	cfg.HashKey, cfg.Kafka.SASL.Password, cfg.ClickHouse.Password, cfg.NATS.Password, cfg.Ingest.Push.Token = s, s, s, s, s
	cfg.Alerter.Receivers = map[string]Receiver{"ops": {
		Slack: Slack{URL: s}, PagerDuty: PagerDuty{RoutingKey: s}, Webhook: Webhook{URL: s, Secrets: []Secret{s}},
	}}
	return cfg
}

func TestSecretsAreNotPrinted(t *testing.T) {
	cfg := secretive()
	printed := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
		printed["fmt "+verb] = fmt.Sprintf(verb, cfg)
		printed["fmt of one "+verb] = fmt.Sprintf(verb, cfg.HashKey)
		printed["fmt of a pointer "+verb] = fmt.Sprintf(verb, &cfg)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "cfg", cfg.Alerter, "key", cfg.HashKey)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "cfg", cfg.Alerter, "key", cfg.HashKey)
	printed["slog"] = b.String()
	asJSON, err := json.Marshal(cfg.Alerter)
	if err != nil {
		t.Fatal(err)
	}
	printed["json"] = string(asJSON)
	asYAML, err := yaml.Marshal(cfg.Alerter)
	if err != nil {
		t.Fatal(err)
	}
	printed["yaml"] = string(asYAML)
	own, err := cfg.YAML()
	if err != nil {
		t.Fatal(err)
	}
	printed["YAML"] = string(own)
	if n := strings.Count(string(own), hidden); n != 9 {
		t.Errorf("%d secrets are hidden, want 9:\n%s", n, own)
	}
	for name, text := range printed {
		if strings.Contains(text, "hunter2") || strings.Contains(text, fmt.Sprintf("%x", "hunter2")) {
			t.Errorf("%s prints a secret", name)
		}
	}
}

func TestChanged(t *testing.T) {
	a, err := Parse("c.yaml", []byte("detectors: {path_scan: {paths: 20}}\nkafka: {brokers: [a:1]}"), env)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse("c.yaml", []byte("detectors: {path_scan: {paths: 21}}\nkafka: {brokers: [b:1], tls: {enabled: true}}\nlog: {level: warn}"), env)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(Changed(a, b)), "[detectors kafka.brokers kafka.tls.enabled log.level]"; got != want {
		t.Errorf("Changed: %s, want %s", got, want)
	}
	if got := Changed(a, a); len(got) > 0 {
		t.Errorf("Changed of one: %v", got)
	}
}
