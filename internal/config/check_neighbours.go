package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"gatewatch/internal/config/span"
)

// between faults a number outside of its range.
func (d *decoder) between(key string, n, least, most int) {
	if n < least || n > most {
		d.Fault(key, "is %d: want %d to %d", n, least, most)
	}
}

// during faults a duration outside of its range.
func (d *decoder) during(key string, long, least, most time.Duration) {
	if long < least || long > most {
		d.Fault(key, "is %s: want %s to %s", span.Format(long), span.Format(least), span.Format(most))
	}
}

// given faults a text that is empty or holds what no name holds.
func (d *decoder) given(key, value string) {
	switch {
	case strings.TrimSpace(value) == "":
		d.Fault(key, "is empty: remove the key for its default, or give a value")
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		d.Fault(key, "holds a control character")
	}
}

// maxPartitions is more than any topic has use for: every one is a state and a file on some broker.
const maxPartitions = 10_000

func (d *decoder) checkKafka(k *Kafka) {
	d.addresses("kafka.brokers", k.Brokers)
	d.given("kafka.client_id", k.ClientID)
	d.checkTLS("kafka.tls", k.TLS)
	d.checkSASL(k)
	d.checkTopics(&k.Topics)
	d.between("kafka.partitions", k.Partitions, 1, maxPartitions)
	if k.Replicas != -1 && (k.Replicas < 1 || k.Replicas > 100) {
		d.Fault("kafka.replicas", "is %d: want 1 to 100, or -1 to leave it to the brokers", k.Replicas)
	}
	if k.TickInterval != 0 {
		d.during("kafka.tick_interval", k.TickInterval, time.Second, time.Hour)
	}
}

func (d *decoder) checkSASL(k *Kafka) {
	s := k.SASL
	if s.Mechanism == "" {
		if s.User != "" || s.Password != "" || s.PasswordFile != "" {
			d.Fault("kafka.sasl.mechanism", "is missing beside a user or password: want one of %s",
				strings.Join(Choices("kafka.sasl.mechanism"), ", "))
		}
		return
	}
	d.oneOf("kafka.sasl.mechanism", s.Mechanism)
	if s.User == "" {
		d.Fault("kafka.sasl.user", "is missing beside a mechanism")
	}
	if s.Password == "" && s.PasswordFile == "" {
		d.Fault("kafka.sasl.password", "is missing beside a mechanism: give it, or password_file")
	}
	if s.Mechanism == "plain" && !k.TLS.Enabled {
		d.Warn("kafka.sasl.mechanism", "plain sends the password readable: turn kafka.tls on, or use scram-sha-512")
	}
}

// legalTopic is what Kafka allows as the name of a topic.
var legalTopic = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

func (d *decoder) checkTopics(t *Topics) {
	own := []struct{ key, name string }{
		{"events", t.Events}, {"facets", t.Facets}, {"rejected", t.Rejected}, {"findings", t.Findings},
	}
	seen := map[string]string{}
	check := func(key, name string) {
		if !legalTopic.MatchString(name) || name == "." || name == ".." {
			d.Fault(key, "%q is no name for a topic: want 1 to 249 letters, digits, dots, underscores and hyphens", name)
			return
		}
		if other, ok := seen[name]; ok {
			d.Fault(key, "is %s, which is %s too: every topic has a name of its own", name, other)
		}
		seen[name] = key
	}
	for _, o := range own {
		check("kafka.topics."+o.key, o.name)
	}
	if t.RawPattern == "" {
		if len(t.Raw) == 0 {
			d.Fault("kafka.topics.raw", "is empty: name the topics that shippers write to, or give raw_pattern")
		}
		for i, name := range t.Raw {
			check(fmt.Sprintf("kafka.topics.raw[%d]", i), name)
		}
		return
	}
	if d.Has("kafka.topics.raw") && len(t.Raw) > 0 {
		d.Fault("kafka.topics.raw_pattern", "stands beside raw: keep one of them")
	}
	t.Raw = nil // the default has given way
	re, err := regexp.Compile(t.RawPattern)
	if err != nil {
		d.Fault("kafka.topics.raw_pattern", "is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return
	}
	for _, o := range own {
		if re.MatchString(o.name) {
			d.Fault("kafka.topics.raw_pattern", "matches %s, which gatewatch writes itself: anchor it, as in ^access\\.", o.name)
			return
		}
	}
}

func (d *decoder) checkTLS(key string, t TLS) {
	if !t.Enabled {
		if t != (TLS{}) {
			d.Fault(key+".enabled", "is not true, and the other keys of %s have no effect without it", key)
		}
		return
	}
	if (t.CertFile == "") != (t.KeyFile == "") {
		d.Fault(key, "want cert_file and key_file together")
		return
	}
	if !d.concerned(key) || d.FaultBelow(key) {
		return
	}
	if _, err := t.Config(); err != nil {
		d.Fault(key, "%s", err)
	}
}

// identifier is a name that ClickHouse needs no quotes for.
var identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`)

func (d *decoder) checkClickHouse(c *ClickHouse) {
	d.addresses("clickhouse.addresses", c.Addresses)
	if !identifier.MatchString(c.Database) {
		d.Fault("clickhouse.database", "%q is no name for a database: want letters, digits and underscores", c.Database)
	}
	d.given("clickhouse.user", c.User)
	d.checkTLS("clickhouse.tls", c.TLS)
	d.oneOf("clickhouse.compression", c.Compression)
	d.between("clickhouse.max_rows", c.MaxRows, 1, 1<<22)
	d.between("clickhouse.max_bytes", c.MaxBytes, 64<<10, 1<<30)
	d.during("clickhouse.max_wait", c.MaxWait, 10*time.Millisecond, 5*time.Minute)
}

func (d *decoder) checkNATS(n *NATS) {
	if len(n.Servers) == 0 {
		d.Fault("nats.servers", "is empty: name at least one URL, such as nats://localhost:4222")
	}
	for i, s := range n.Servers {
		d.checkServer(fmt.Sprintf("nats.servers[%d]", i), s)
	}
	password := n.Password != "" || n.PasswordFile != ""
	switch {
	case n.CredentialsFile != "" && (n.User != "" || password):
		d.Fault("nats.credentials_file", "stands beside user or password: keep one of them")
	case n.User == "" && password:
		d.Fault("nats.user", "is missing beside a password")
	case n.User != "" && !password:
		d.Fault("nats.password", "is missing beside a user: give it, or password_file")
	}
	d.checkTLS("nats.tls", n.TLS)
	d.between("nats.replicas", n.Replicas, 1, 5)
	d.during("nats.max_age", n.MaxAge, time.Minute, 3650*24*time.Hour)
	d.during("nats.duplicates", n.Duplicates, time.Second, n.MaxAge)
}

// checkServer checks a NATS server, which is a URL or host:port.
func (d *decoder) checkServer(key, s string) {
	if !strings.Contains(s, "://") {
		if what := address(s); what != "" {
			d.Fault(key, "%s", what)
		}
		return
	}
	if what := link(s, "nats", "tls", "ws", "wss"); what != "" {
		d.Fault(key, "%s", what)
		return
	}
	if u, err := url.Parse(s); err == nil && u.User != nil {
		d.Fault(key, "holds a user or password: they belong to nats.user and nats.password_file")
	}
}
