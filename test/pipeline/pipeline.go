// Package pipeline runs the services for tests and benchmarks as their users run them: each its own process, against Apache
// Kafka, NATS and ClickHouse as processes of their own.
package pipeline

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gatewatch/internal/clickhouse"
	"gatewatch/internal/kafka"
	"gatewatch/test/servers"
)

// HashKey is that of all services and scans of the tests, so that their hashes and with them their findings agree.
const HashKey = "an end-to-end test's own hash key"

// Services are the programs, in the order in which they start.
var Services = []string{"ingest", "detector", "alerter"}

// Build builds the services into a directory.
func Build(ctx context.Context, dir string) error {
	args := []string{"build", "-o", dir}
	for _, s := range Services {
		args = append(args, "gatewatch/cmd/"+s)
	}
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("building the services: %w\n%s", err, out)
	}
	return nil
}

// Pipeline is the three services and what they stand between.
type Pipeline struct {
	Brokers  kafka.Config
	Store    *clickhouse.Store
	Receiver *Receiver
	// Admin are the addresses of the services' admin ports.
	Admin map[string]string
	// On is the command that starts services where they shall run, as Apart returns it.
	On []string
	// Programs are run in place of the services that were built, by their names.
	Programs map[string]string
	// Kafka, NATS and ClickHouse are the servers.
	Kafka, NATS, ClickHouse *servers.Server

	t       testing.TB
	options Options
	dir     string
	prefix  string // of topics
	round   int    // how often the detector began anew
	running map[string]*process
	ended   map[string]*os.ProcessState // of services that ran
}

// Options say what kind of pipeline it is.
type Options struct {
	// Binaries is the directory into which Build has built.
	Binaries string
	// Partitions of every topic.
	Partitions int
	// MinSeverity of what is alerted.
	MinSeverity string
	// MaxWait and Checkpoint are how long rows and state wait at most.
	MaxWait, Checkpoint time.Duration
	// Ticks is how long partitions are silent until they are told the time; 0 never tells them.
	Ticks time.Duration
	// Profiles has the services serve profiles on their admin ports.
	Profiles bool
}

// New starts what the services need and writes their configuration.
func New(t testing.TB, o Options) *Pipeline {
	t.Helper()
	name := strings.ToLower(t.Name())
	p := &Pipeline{
		t: t, options: o, dir: t.TempDir(), prefix: name + ".",
		Kafka: servers.StartKafka(t), NATS: servers.StartNATS(t), ClickHouse: servers.StartClickHouse(t),
		Admin: map[string]string{}, Programs: map[string]string{}, running: map[string]*process{}, ended: map[string]*os.ProcessState{}, Receiver: newReceiver(t),
	}
	p.Brokers = kafka.Config{Brokers: []string{p.Kafka.Addr}, ClientID: "test"}
	for _, s := range Services {
		p.Admin[s] = freeAddress(t)
	}
	t.Cleanup(func() { _ = p.Store.Close() })
	p.configure()
	t.Cleanup(p.Stop)
	return p
}

// configure writes the services' configuration of this round, and opens its database.
func (p *Pipeline) configure() {
	p.t.Helper()
	o, round := p.options, fmt.Sprint("round", p.round)
	database := "gatewatch_" + strings.ToLower(p.t.Name()) + "_" + round
	var err error
	p.Store, err = clickhouse.New(clickhouse.Config{Addresses: []string{p.ClickHouse.Addr}, Database: database, User: "default"})
	if err != nil {
		p.t.Fatal(err)
	}
	yaml := fmt.Sprintf(`
hash_key: %q
kafka:
  brokers: [%s]
  partitions: %d
  replicas: 1
  tick_interval: %[18]s
  topics: {raw: [%[4]saccess.raw], events: %[4]sevents, facets: %[4]sfacets, rejected: %[4]srejected, findings: %[4]sfindings}
nats: {servers: [%[5]q]}
clickhouse: {addresses: [%[6]q], database: %[7]s, max_wait: %[13]s}
ingest: {group: %[4]singest, data_dir: %[8]s/ingest, admin: {listen: %[9]q}}
detector:
  group: %[4]sdetector.%[16]s
  data_dir: %[8]s/detector.%[16]s
  checkpoint_interval: %[14]s
  admin: {listen: %[10]q, pprof: %[17]t}
alerter:
  admin: {listen: %[11]q}
  min_severity: %[15]s
  allow_private: true
  receivers: {test: {webhook: {url: %[12]q}}}
`, HashKey, strings.Join(p.Brokers.Brokers, ", "), o.Partitions, p.prefix, "nats://"+p.NATS.Addr, p.ClickHouse.Addr, database, p.dir,
		p.Admin["ingest"], p.Admin["detector"], p.Admin["alerter"], p.Receiver.url,
		o.MaxWait, o.Checkpoint, o.MinSeverity, round, o.Profiles, o.Ticks)
	if err := os.WriteFile(p.Config(), []byte(yaml), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// Afresh has the detector, which must have ended, begin anew with all events there are, and with an empty database.
func (p *Pipeline) Afresh() {
	p.t.Helper()
	if err := p.Store.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.round++
	p.configure()
}

// Config is the path of the services' configuration.
func (p *Pipeline) Config() string { return filepath.Join(p.dir, "gatewatch.yaml") }

// Topic is the full name of one of the topics: access.raw, events, facets, rejected or findings.
func (p *Pipeline) Topic(name string) string { return p.prefix + name }

// revive starts ClickHouse again when it has ended by itself: as a library, it takes its process down when a connection
// breaks in the middle of the handshake, which killing a service may cause. A server of its own does not, and `gatewatch
// up` watches over it in the same way.
func (p *Pipeline) revive() {
	p.t.Helper()
	if p.ClickHouse.Ended() {
		p.t.Log("ClickHouse has ended by itself and is started again")
		p.ClickHouse.Start()
	}
}

// Until waits until something is so.
func (p *Pipeline) Until(limit time.Duration, what string, so func() (bool, string)) {
	p.t.Helper()
	var detail string
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		p.revive()
		var ok bool
		if ok, detail = so(); ok {
			return
		}
	}
	for _, s := range Services {
		p.t.Logf("%s:\n%s", s, p.Tail(s))
	}
	p.t.Fatalf("after %s it is not so that %s: %s", limit, what, detail)
}

// Query reads rows from the store.
func (p *Pipeline) Query(sql string) [][]string {
	p.t.Helper()
	table, err := p.Store.Query(p.t.Context(), sql)
	if err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
	return table.Rows
}

// Send produces raw records, spread over the partitions, so many a second; 0 is as fast as they are taken.
func (p *Pipeline) Send(lines [][]byte, rate int) {
	p.t.Helper()
	i := -1
	p.Stream(rate, len(lines), func() []byte {
		i++
		return lines[i]
	})
}

// Stream produces n raw records that are made when they are due.
func (p *Pipeline) Stream(rate, n int, next func() []byte) {
	p.t.Helper()
	producer, err := kafka.NewProducer(p.Brokers, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	defer producer.Close()
	var (
		mu     sync.Mutex
		failed error
	)
	burst := max(rate/500, 1) // a pause of 2 ms is about as short as the clock allows
	began := time.Now()
	for i := range n {
		if rate > 0 && i%burst == 0 {
			time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		}
		// The client's sticky partitioner would fill one partition after another; a key spreads the lines.
		record := &kafka.Record{Topic: p.Topic("access.raw"), Value: next(), Key: fmt.Append(nil, i%(7*p.options.Partitions))}
		producer.Produce(p.t.Context(), record, func(err error) {
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = err
			}
		})
	}
	if err := producer.Flush(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if failed != nil {
		p.t.Fatal(failed)
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
