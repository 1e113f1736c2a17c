// Package config reads gatewatch.yaml: what every program of gatewatch may be told, with its defaults. A file with faults
// is refused with all of them at once, each by file, line and key. It opens nothing that the file does not name.
package config

import (
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/baseline"
	"gatewatch/internal/detect"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/route"

	"gatewatch/internal/config/document"
)

// Config is the content of gatewatch.yaml. The keys are the fields' names in snake case.
type Config struct {
	// HashKey makes the hashes that stand for credentials and sessions, and the seed of the detectors' own; at least 16
	// bytes. Services that share it give one secret one name. Default: none; scan keeps one per user.
	HashKey Secret
	// HashKeyFile is a file that holds the hash key, in place of HashKey.
	HashKeyFile string
	// TrustedProxies are the proxies whose X-Forwarded-For counts: addresses, networks, or "private". Default: none.
	TrustedProxies []string
	// ClientHeader names the header in which a trusted proxy passes the client's address. Default: none, X-Forwarded-For.
	ClientHeader string
	// Redact says what counts as a secret beyond the built-in names.
	Redact Redact
	// Formats are access-log formats of your own, by name.
	Formats map[string]Format
	// Routes are path patterns by what they are for ("login": ["/api/*/session"]), ahead of the built-in ones.
	Routes map[string][]string
	// Limits bound the memory.
	Limits Limits
	// Detectors are the thresholds of each detector by its name, and whether it is "enabled". In the program, it is the
	// catalog that comes of them, without the detectors that are turned off. Default: all of them, as listed below.
	Detectors []detect.Definition
	// Kafka is where events come from and go through.
	Kafka Kafka
	// ClickHouse is where events and findings are stored.
	ClickHouse ClickHouse
	// NATS is through what findings reach the alerter.
	NATS NATS
	// Ingest reads what shippers sent.
	Ingest Ingest
	// Detector folds events into findings.
	Detector Detector
	// Alerter tells people.
	Alerter Alerter
	// Log is the services' own log.
	Log Log

	custom   []format.Definition
	rules    []route.Rule
	zone     *time.Location
	holidays *baseline.Calendar
	warnings []*document.Fault
}

// Redact says which values are secrets.
type Redact struct {
	// Parameters are names of query parameters whose values are secrets. Default: none beyond the built-in ones.
	Parameters []string
	// Keep are names of parameters that are no secrets in spite of their looks. Default: none.
	Keep []string
	// Claims takes the principal from the unverified claims of a JSON Web Token when the log has none. Default: false.
	Claims bool
}

// Format is an access-log format of your own: one of its members says how to read a line.
type Format struct {
	// Nginx is the string of an nginx log_format directive.
	Nginx string
	// Apache is the string of an Apache LogFormat directive.
	Apache string
	// JSON maps event columns to dotted JSON keys ("client_ip": "http.client").
	JSON map[string]string
	// Units are the units of JSON's times and durations, by column. For the timestamp: auto, rfc3339, clf, epoch_s, epoch_ms,
	// epoch_us, epoch_ns; for durations: us, s, ms, ns, text, list_s. Default: auto for the timestamp, us for durations.
	Units map[string]string
}

// Limits bound the memory.
type Limits struct {
	// MaxEntities is how many entities of a kind are remembered. Default: 1048576.
	MaxEntities int
	// MaxStates is how many states each detector keeps. Default: 262144.
	MaxStates int
	// MaxEpisodes is how many findings are open at once. Default: 16384.
	MaxEpisodes int
	// MaxFindings is how many findings a scan reports, the worst. Default: 10000.
	MaxFindings int
	// MaxLine is the longest line in bytes; a longer one is rejected. Default: 262144.
	MaxLine int
}

// Default is the configuration without a file.
func Default() Config {
	d := detect.DefaultConfig()
	return Config{
		Limits: Limits{
			MaxEntities: d.MaxEntities, MaxStates: d.MaxStates, MaxEpisodes: d.MaxEpisodes,
			MaxFindings: 10_000, MaxLine: 256 << 10,
		},
		Detectors: detect.Catalog(),
		Kafka: Kafka{
			Brokers: []string{"localhost:9092"}, ClientID: "gatewatch", CreateTopics: true, Partitions: 12, Replicas: -1,
			TickInterval: 10 * time.Second,
			Topics: Topics{
				Raw: []string{"access.raw"}, Events: "gatewatch.events.v1", Facets: "gatewatch.facets.v1",
				Rejected: "gatewatch.rejected.v1", Findings: "gatewatch.findings.v1",
			},
		},
		ClickHouse: ClickHouse{
			Addresses: []string{"localhost:9000"}, Database: "gatewatch", User: "default", Migrate: true,
			Compression: "lz4", MaxRows: 65536, MaxBytes: 32 << 20, MaxWait: time.Second,
		},
		NATS: NATS{
			Servers: []string{"nats://localhost:4222"}, CreateStreams: true, Replicas: 1,
			MaxAge: 7 * 24 * time.Hour, Duplicates: 2 * time.Hour,
		},
		Ingest: Ingest{
			Group: "gatewatch-ingest", Admin: Admin{Listen: "127.0.0.1:9471"}, DataDir: "/var/lib/gatewatch/ingest",
			Push: Push{MaxBody: 10 << 20, MaxPending: 64 << 20},
		},
		Detector: Detector{
			Group: "gatewatch-detector", Admin: Admin{Listen: "127.0.0.1:9472"}, DataDir: "/var/lib/gatewatch/detector",
			CheckpointInterval: 10 * time.Second, MaxLag: 1_000_000, TimeZone: "UTC",
		},
		Alerter: Alerter{
			Admin: Admin{Listen: "127.0.0.1:9473"}, MinSeverity: "medium",
			GroupInterval: 5 * time.Minute, RepeatInterval: 4 * time.Hour,
		},
		Log: Log{Level: "info", Format: "auto"},
	}
}

// Warnings are what is not as it should be in a configuration that is valid, each by file, line and key.
func (c *Config) Warnings() []string {
	out := make([]string, 0, len(c.warnings))
	for _, w := range c.warnings {
		out = append(out, w.Error())
	}
	return out
}

// Custom are the compiled formats, in the order of their names.
func (c *Config) Custom() []format.Definition { return c.custom }

// Proxies is the part of the configuration that says which peers may speak for others.
func (c *Config) Proxies() identity.ProxyConfig {
	return identity.ProxyConfig{Trusted: c.TrustedProxies, Header: c.ClientHeader}
}

// Engine is the part of the configuration that bounds the engine and says what people's days are, without its seed.
func (c *Config) Engine() detect.Config {
	d := detect.DefaultConfig()
	d.MaxEntities, d.MaxStates, d.MaxEpisodes = c.Limits.MaxEntities, c.Limits.MaxStates, c.Limits.MaxEpisodes
	d.Routes = c.rules
	d.Zone, d.Holidays = c.zone, c.holidays
	return d
}
