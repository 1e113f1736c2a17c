package main

import (
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"gatewatch/internal/config"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := schema(ownSettings(t))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return s.Validate(doc)
}

// TestSchemaAcceptsWhatGatewatchAccepts: an editor must not mark what is right.
func TestSchemaAcceptsWhatGatewatchAccepts(t *testing.T) {
	s := compiled(t)
	whole := config.Default()
	printed, err := whole.YAML()
	if err != nil {
		t.Fatal(err)
	}
	sample, err := os.ReadFile("../../deploy/gatewatch.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{
		"the default, printed": string(printed),
		"the sample":           string(sample),
		"nothing":              "redact:\nlimits:\n",
		"one for a list":       "trusted_proxies: private\nkafka: {brokers: 'a:1'}",
		"variables":            "limits: {max_line: '${MAX}'}\nlog: {level: '${LEVEL:-info}'}\nkafka: {create_topics: '${X}', brokers: ['${B}']}",
		"durations":            "nats: {max_age: 1h30m}\nclickhouse: {max_wait: 250ms}\nalerter: {group_wait: 0}",
		"underscores":          "limits: {max_entities: 1_000_000}",
		"a number for a text":  "ingest: {services: {access.raw: 1}}\nclickhouse: {password: 1}",
		"receivers":            "alerter: {receivers: {a: {slack: {url_file: f}, min_severity: high}, b: {webhook: {url: x, secrets: [y]}}}}",
		"detectors":            "detectors: {path_scan: {window: 10m, share: 0.7}, request_flood: {enabled: false}}",
	} {
		if err := validate(t, s, in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compiled(t)
	for name, in := range map[string]string{
		"an unknown key":         "kafak: {}",
		"an unknown key inside":  "kafka: {topics: {raws: x}}",
		"an unknown detector":    "detectors: {path_scam: {}}",
		"an unknown threshold":   "detectors: {path_scan: {pathz: 3}}",
		"a level":                "log: {level: verbose}",
		"a duration":             "nats: {max_age: soon}",
		"a text for a number":    "limits: {max_line: long}",
		"a list for a mapping":   "kafka: [a]",
		"a receiver's severity":  "alerter: {receivers: {a: {min_severity: hi}}}",
		"a mapping for a broker": "kafka: {brokers: {a: b}}",
	} {
		if err := validate(t, s, in); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestSchemaDescribesEveryKey: an editor shows what a key means.
func TestSchemaDescribesEveryKey(t *testing.T) {
	about := map[string]bool{}
	for _, s := range ownSettings(t) {
		if s.about == "" {
			t.Errorf("%s has no description", s.key)
		}
		about[s.key] = true
	}
	for key := range config.Keys() {
		if !about[key] {
			t.Errorf("%s is not in the reference", key)
		}
	}
}
