package config

import (
	"time"
)

// Kafka says how the cluster is reached and what its topics are called.
type Kafka struct {
	// Brokers are some brokers' host:port. Default: localhost:9092.
	Brokers []string
	// ClientID is the name under which brokers log and throttle the services. Default: gatewatch.
	ClientID string
	// TLS encrypts the connections. Default: plain text.
	TLS TLS
	// SASL says who the services are. Default: nobody.
	SASL SASL
	// Topics are the names of the topics.
	Topics Topics
	// CreateTopics creates topics of ours that are missing. Default: true.
	CreateTopics bool
	// Partitions is how many partitions a topic is created with. Default: 12.
	Partitions int
	// Replicas is how many copies a topic is created with; -1 leaves it to the brokers. Default: -1.
	Replicas int
	// TickInterval is after how long without a record a partition of a topic of ours is told the time, so that time passes for
	// the detectors while nothing is logged; 0 turns that off. Default: 10s.
	TickInterval time.Duration
}

// Topics are the names of the topics.
type Topics struct {
	// Raw are the topics that shippers write to. Default: access.raw.
	Raw []string
	// RawPattern is a regular expression (RE2) of topics that shippers write to, in place of Raw. Default: none.
	RawPattern string
	// Events carries the canonical events. Default: gatewatch.events.v1.
	Events string
	// Facets carries what the second stage of the detector folds. Default: gatewatch.facets.v1.
	Facets string
	// Rejected carries lines that could not be read. Default: gatewatch.rejected.v1.
	Rejected string
	// Findings carries findings. Default: gatewatch.findings.v1.
	Findings string
}

// TLS encrypts a connection.
type TLS struct {
	// Enabled turns TLS on. Default: false.
	Enabled bool
	// CAFile holds the certificates that are trusted, PEM. Default: the system's.
	CAFile string
	// CertFile holds the client's own certificate, PEM, where the server asks for one. Default: none.
	CertFile string
	// KeyFile holds the key of the client's certificate, PEM. Default: none.
	KeyFile string
	// ServerName is the name in the server's certificate. Default: the host that is dialled.
	ServerName string
}

// SASL says who a Kafka client is.
type SASL struct {
	// Mechanism is how they prove it: plain, scram-sha-256 or scram-sha-512. Default: none.
	Mechanism string
	// User is the name.
	User string
	// Password is the password.
	Password Secret
	// PasswordFile is a file that holds the password, in place of Password.
	PasswordFile string
}

// ClickHouse says how the store is reached and filled.
type ClickHouse struct {
	// Addresses are host:port of the native protocol. Default: localhost:9000.
	Addresses []string
	// Database is the database. Default: gatewatch.
	Database string
	// User is the name. Default: default.
	User string
	// Password is the password. Default: none.
	Password Secret
	// PasswordFile is a file that holds the password, in place of Password.
	PasswordFile string
	// TLS encrypts the connections. Default: plain text.
	TLS TLS
	// Migrate brings the schema up to date at the start of the detector. Default: true.
	Migrate bool
	// Compression of what is sent: lz4 or none. Default: lz4.
	Compression string
	// MaxRows ends a batch of events. Default: 65536.
	MaxRows int
	// MaxBytes ends a batch of events, before compression. Default: 33554432.
	MaxBytes int
	// MaxWait ends a batch of events. Default: 1s.
	MaxWait time.Duration
}

// NATS says how JetStream is reached.
type NATS struct {
	// Servers are URLs of some servers. Default: nats://localhost:4222.
	Servers []string
	// User is the name. Default: none.
	User string
	// Password is the password. Default: none.
	Password Secret
	// PasswordFile is a file that holds the password, in place of Password.
	PasswordFile string
	// CredentialsFile is a credentials file as nsc makes it, in place of User. Default: none.
	CredentialsFile string
	// TLS encrypts the connections. Default: plain text.
	TLS TLS
	// CreateStreams creates and updates the streams. Default: true.
	CreateStreams bool
	// Replicas is how many servers keep a stream. Default: 1.
	Replicas int
	// MaxAge is how long findings and notifications are kept. Default: 7d.
	MaxAge time.Duration
	// Duplicates is for how long JetStream drops what it has already; longer than any replay. Default: 2h.
	Duplicates time.Duration
}

// Ingest is the service that reads what shippers sent.
type Ingest struct {
	// Group is the consumer group. Default: gatewatch-ingest.
	Group string
	// Admin is where metrics and health are served. Default: 127.0.0.1:9471.
	Admin Admin
	// Format is the format of every line. Default: recognise each.
	Format string
	// Services are the service by topic, for lines that name neither service nor host. Default: none.
	Services map[string]string
	// Push is the HTTP endpoint for those without a shipper.
	Push Push
	// Files are log files to follow, or patterns. Default: none.
	Files []string
	// DataDir is where positions in files are kept. Default: /var/lib/gatewatch/ingest.
	DataDir string
	// Geo are files of networks.
	Geo Geo
}

// Push is the HTTP endpoint that takes logs, POST /v1/logs.
type Push struct {
	// Listen is its host:port. Default: none, it is off.
	Listen string
	// Token must be in every request, as a bearer token. Default: none; then Listen must be a loopback address.
	Token Secret
	// TokenFile is a file that holds the token, in place of Token.
	TokenFile string
	// MaxBody is the largest request, in bytes, after decompression. Default: 10485760.
	MaxBody int
	// MaxPending is how many bytes may wait for Kafka before requests are refused with 429. Default: 67108864.
	MaxPending int
}

// Geo are MaxMind databases (GeoLite2, GeoIP2, or others of their layout); they are read again when replaced.
type Geo struct {
	// CityFile tells the country of an address. Default: none.
	CityFile string
	// ASNFile tells the autonomous system of an address. Default: none.
	ASNFile string
}

// Detector is the service that folds events into findings.
type Detector struct {
	// Group is the consumer group; the second stage is in one of its own, with "-facets" behind the name.
	// Default: gatewatch-detector.
	Group string
	// Instance is the name of this instance where its partitions are to wait for it when it is stopped, too. Default: none.
	Instance string
	// Admin is where metrics and health are served. Default: 127.0.0.1:9472.
	Admin Admin
	// DataDir is where checkpoints are kept. Default: /var/lib/gatewatch/detector.
	DataDir string
	// CheckpointInterval is how often the state is saved. Default: 10s.
	CheckpointInterval time.Duration
	// MaxLag is how many events of a partition may wait before the service says it is not ready. Default: 1000000.
	MaxLag int
	// TimeZone is where the people live whose hours and days make the rhythm of the traffic, such as Europe/Berlin; scan goes
	// by it, too. Default: UTC.
	TimeZone string
	// HolidaysFile tells holidays, one a line: a date (2026-12-24), a date of every year (12-25) or a number of days from
	// Easter Sunday (easter-2), and a name. Default: none.
	HolidaysFile string
}

// Admin is where a service serves metrics, health and, if asked to, profiles.
type Admin struct {
	// Listen is the host:port, "none" for nowhere. Default: each service's own.
	Listen string
	// Pprof serves profiles as well. Default: false.
	Pprof bool
}

// Alerter is the service that tells people.
type Alerter struct {
	// Admin is where metrics and health are served. Default: 127.0.0.1:9473.
	Admin Admin
	// MinSeverity is the least severity that is told. Default: medium.
	MinSeverity string
	// GroupWait is how long the first finding of a group waits for others. Default: 0s.
	GroupWait time.Duration
	// GroupInterval is how long news of a group waits after the last notification, unless its severity rises. Default: 5m.
	GroupInterval time.Duration
	// RepeatInterval is after how long a group that is still open is told again. Default: 4h.
	RepeatInterval time.Duration
	// Receivers are where notifications go, by name; each gets all of them. Default: none.
	Receivers map[string]Receiver
	// AllowPrivate lets receivers be at private, loopback and link-local addresses. Default: false.
	AllowPrivate bool
}

// Receiver is where notifications go: one of its members.
type Receiver struct {
	// Slack is a Slack incoming webhook.
	Slack Slack
	// PagerDuty is a service of PagerDuty, by Events API v2.
	PagerDuty PagerDuty
	// Webhook is any HTTP endpoint, by Standard Webhooks.
	Webhook Webhook
	// MinSeverity is the least severity that this receiver gets. Default: the alerter's.
	MinSeverity string
}

// Slack is a Slack incoming webhook.
type Slack struct {
	// URL is the webhook's URL; it is a secret.
	URL Secret
	// URLFile is a file that holds the URL, in place of URL.
	URLFile string
}

// PagerDuty is a service of PagerDuty.
type PagerDuty struct {
	// RoutingKey is the integration key of 32 characters.
	RoutingKey Secret
	// RoutingKeyFile is a file that holds the routing key, in place of RoutingKey.
	RoutingKeyFile string
	// URL is the events API. Default: https://events.pagerduty.com/v2/enqueue.
	URL string
}

// Webhook is any HTTP endpoint.
type Webhook struct {
	// URL is the endpoint; it is a secret.
	URL Secret
	// URLFile is a file that holds the URL, in place of URL.
	URLFile string
	// Secrets sign the requests (whsec_…, by Standard Webhooks); several while one replaces another. Default: unsigned.
	Secrets []Secret
	// SecretsFile holds the secrets, one a line, in place of Secrets.
	SecretsFile string
}

// Log is the services' own log, on standard error.
type Log struct {
	// Level is from what on it tells: debug, info, warn or error. Default: info.
	Level string
	// Format is how a line looks: json, text, or auto, which is text on a terminal, else json. Default: auto.
	Format string
}
