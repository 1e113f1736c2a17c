package trouble

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/clickhouse"
	"gatewatch/internal/kafka"
	"gatewatch/test/servers"
)

// shared are the servers that all cases use and none hurts.
type shared struct {
	kafka, clickhouse *servers.Server
}

// stand is what the services of one case stand between: topics and a database of its own on the shared servers, and a NATS
// of its own.
type stand struct {
	t          *testing.T
	prefix     string
	brokers    kafka.Config
	nats       *servers.Server
	clickhouse *servers.Server
	database   string
	store      *clickhouse.Store
	partitions int
}

func newStand(t *testing.T, s shared, partitions int) *stand {
	t.Helper()
	name := strings.ToLower(filepath.Base(t.Name()))
	st := &stand{
		t: t, prefix: name + ".", brokers: kafka.Config{Brokers: []string{s.kafka.Addr}, ClientID: "test"},
		nats: servers.StartNATS(t), clickhouse: s.clickhouse, database: "trouble_" + name, partitions: partitions,
	}
	st.open()
	return st
}

// open makes the store's client.
func (s *stand) open() {
	s.t.Helper()
	store, err := clickhouse.New(clickhouse.Config{Addresses: []string{s.clickhouse.Addr}, Database: s.database, User: "default"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = store.Close() })
	s.store = store
}

func (s *stand) topic(name string) string { return s.prefix + name }

// program makes a program between the servers. own goes into its part of the configuration, beside to the end.
func (s *stand) program(name, own, beside string) *program {
	s.t.Helper()
	p := newProgram(s.t, name)
	s.configure(p, own, beside)
	return p
}

func (s *stand) configure(p *program, own, beside string) {
	s.t.Helper()
	switch p.name {
	case "ingest":
		own += fmt.Sprintf(", group: %singest, data_dir: %q", s.prefix, p.data())
	case "detector":
		own += fmt.Sprintf(", group: %sdetector, data_dir: %q, checkpoint_interval: 300ms", s.prefix, p.data())
	}
	p.configure(strings.TrimPrefix(own, ", "), fmt.Sprintf(`
kafka:
  brokers: [%q]
  partitions: %d
  replicas: 1
  topics: {raw: [%[3]saccess.raw], events: %[3]sevents, facets: %[3]sfacets, rejected: %[3]srejected, findings: %[3]sfindings}
nats: {servers: ["nats://%[4]s"]}
clickhouse: {addresses: [%[5]q], database: %[6]s, max_wait: 100ms}
%[7]s`, s.brokers.Brokers[0], s.partitions, s.prefix, s.nats.Addr, s.clickhouse.Addr, s.database, beside))
}

// start makes a program, starts it and waits until it is ready.
func (s *stand) start(name, own, beside string) *program {
	s.t.Helper()
	p := s.program(name, own, beside)
	p.start()
	p.ready()
	return p
}

// produce writes lines to the raw topic, spread over its partitions by client, and waits until they are there.
func (s *stand) produce(lines ...[]byte) {
	s.t.Helper()
	producer, err := kafka.NewProducer(s.brokers, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer producer.Close()
	for i, line := range lines {
		record := &kafka.Record{Topic: s.topic("access.raw"), Value: line, Key: fmt.Append(nil, i%(7*s.partitions))}
		producer.Produce(s.t.Context(), record, func(err error) {
			if err != nil {
				s.t.Error(err)
			}
		})
	}
	if err := producer.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// query reads one row.
func (s *stand) query(sql string) string {
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	table, err := s.store.Query(ctx, sql)
	if err != nil {
		return err.Error()
	}
	if len(table.Rows) == 0 {
		return ""
	}
	return strings.Join(table.Rows[0], "/")
}

// exec changes something in the case's database, as somebody at a console does.
func (s *stand) exec(sql string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		said, err := s.console(sql)
		if err == nil {
			return
		}
		if time.Now().After(deadline) || said != "" && !strings.Contains(said, "shutting down") {
			s.t.Fatalf("%s: %v %s", sql, err, said)
		}
	}
}

// console sends a statement, and returns what ClickHouse said when it did not like it.
func (s *stand) console(sql string) (said string, err error) {
	where := "http://" + s.clickhouse.HTTP + "/?database=" + s.database
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, where, strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return string(b), err
}

// count is how many events are in the store.
func (s *stand) count() int {
	s.t.Helper()
	n, err := strconv.Atoi(s.query("SELECT count() FROM events"))
	if err != nil {
		return 0 // ClickHouse is away for a moment
	}
	return n
}

// stored waits until so many events are in the store, each once.
func (s *stand) stored(want int) {
	s.t.Helper()
	s.untilRow(fmt.Sprintf("%d/%d", want, want), "SELECT count(), uniqExact(event_id) FROM events")
}

func (s *stand) untilRow(want, sql string) {
	s.t.Helper()
	got := ""
	for deadline := time.Now().Add(patience); got != want; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s gives %s, want %s", sql, got, want)
		}
		got = s.query(sql)
	}
}

// asks are so many requests of one client for different paths, one a millisecond, until now.
func asks(n int, client, path string, status int) [][]byte {
	all := make([][]byte, 0, n)
	now := time.Now()
	for i := range n {
		at := now.Add(time.Duration(i-n) * time.Millisecond).UTC().Format("02/Jan/2006:15:04:05 -0700")
		all = append(all, fmt.Appendf(nil, `%s - - [%s] "GET /%s/%d%c HTTP/1.1" %d 5 "-" "Mozilla/5.0"`, client, at, path, i, 'a'+rune(i%26), status))
	}
	return all
}
