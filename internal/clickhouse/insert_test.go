package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"gatewatch/test/servers"
)

// wantRows compares what is stored: rows, and different events.
func wantRows(t *testing.T, s *Store, rows, ids int) {
	t.Helper()
	got := value(t, s, "SELECT concat(toString(count()), ' rows, ', toString(uniqExact(event_id)), ' ids') FROM events")
	if want := fmt.Sprintf("%d rows, %d ids", rows, ids); got != want {
		t.Errorf("stored are %s, want %s", got, want)
	}
}

func TestInsertOncePerToken(t *testing.T) {
	srv := servers.StartClickHouse(t)
	for _, tt := range []struct {
		name          string
		events, days  int
		restart, kill bool
	}{
		{name: "one day", events: 1000, days: 1},
		{name: "across midnight", events: 1000, days: 2},
		{name: "many blocks", events: 2*blockRows + 1, days: 3},
		{name: "server restarted", events: 1000, days: 3, restart: true},
		{name: "server killed", events: 1000, days: 3, kill: true},
		{name: "more days than a server takes by itself", events: 1000, days: 120},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := migrated(t, srv.Addr)
			batch := numbered(0, tt.events, tt.days)
			insert := func(token string) {
				t.Helper()
				if err := s.InsertEvents(testContext(t), batch, token); err != nil {
					t.Fatal(err)
				}
			}
			insert("a")
			wantRows(t, s, tt.events, tt.events)
			switch {
			case tt.restart:
				srv.Restart()
			case tt.kill:
				srv.Kill()
				srv.Start()
			}
			insert("a")
			wantRows(t, s, tt.events, tt.events)
			// The token decides, not the rows.
			insert("b")
			wantRows(t, s, 2*tt.events, tt.events)
			insert("b")
			insert("a")
			wantRows(t, s, 2*tt.events, tt.events)
		})
	}
}

func TestInsertSameTokenAtOnce(t *testing.T) {
	s := migrated(t, servers.ClickHouse(t))
	const n, callers = 5000, 6
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			if err := s.InsertEvents(testContext(t), numbered(0, n, 3), "same"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantRows(t, s, n, n)
}

// A connection may break at any byte; what was sent may have arrived or not, and the answer may be what is lost.
//
// A handshake broken half way is not among the cases: it ends the ClickHouse of the library, though no real server.
func TestInsertOverBrokenConnections(t *testing.T) {
	srv := servers.StartClickHouse(t)
	const n = 2*blockRows + 100
	for _, tt := range []struct {
		name     string
		up, down int64
	}{
		{"before the handshake", 0, -1},
		{"in the query", 200, -1},
		{"in the first block", 50_000, -1},
		{"between blocks", 400_000, -1},
		{"before the answer", -1, 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			direct := migrated(t, srv.Addr)
			p := newProxy(t, srv.Addr, tt.up, tt.down, 2)
			reg := prometheus.NewRegistry()
			s := newStore(t, p.addr, func(c *Config) { c.Database, c.Metrics = direct.cfg.Database, reg })
			if err := s.InsertEvents(testContext(t), numbered(0, n, 2), "t"); err != nil {
				t.Fatal(err)
			}
			if got := p.conns.Load(); got != 3 {
				t.Errorf("%d connections were made, want 3: two that broke and one that lived", got)
			}
			wantRows(t, direct, n, n)
			if got := testutil.ToFloat64(s.metrics.retries.WithLabelValues("events", "network")); got != 2 {
				t.Errorf("%v retries are counted, want 2", got)
			}
			if got := testutil.ToFloat64(s.metrics.rows.WithLabelValues("events")); got != n {
				t.Errorf("%v rows are counted, want %d", got, n)
			}
			if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
				t.Errorf("linting metrics: %v %v", problems, err)
			}
		})
	}
}

func TestInsertWaitsForServer(t *testing.T) {
	srv := servers.StartClickHouse(t)
	s := migrated(t, srv.Addr)
	const n = 100
	if err := s.InsertEvents(testContext(t), numbered(0, n, 1), "a"); err != nil {
		t.Fatal(err)
	}
	srv.Kill()
	done := make(chan error, 1)
	go func() { done <- s.InsertEvents(testContext(t), numbered(n, n, 1), "b") }()
	waitFor(t, func() bool { return testutil.ToFloat64(s.metrics.retries.WithLabelValues("events", "network")) >= 3 })
	srv.Start()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantRows(t, s, 2*n, 2*n)
}

func TestInsertTakesTheNextAddress(t *testing.T) {
	srv := servers.StartClickHouse(t)
	nobody := unusedAddress(t)
	s := migrated(t, srv.Addr)
	s.pool.cfg.Addresses = []string{nobody, srv.Addr}
	if err := s.InsertEvents(testContext(t), numbered(0, 10, 1), "a"); err != nil {
		t.Fatal(err)
	}
	wantRows(t, s, 10, 10)
}

func TestInsertEndsWithItsContext(t *testing.T) {
	srv := servers.StartClickHouse(t)
	for _, tt := range []struct {
		name           string
		before, behind func()
	}{
		{"server gone", srv.Kill, srv.Start},
		{"server frozen", srv.Pause, srv.Resume},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := migrated(t, srv.Addr)
			if err := s.Ping(testContext(t)); err != nil { // leaves a connection in the pool
				t.Fatal(err)
			}
			tt.before()
			defer tt.behind()
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(300*time.Millisecond, func() { cancel(cause) })
			began := time.Now()
			err := s.InsertEvents(ctx, numbered(0, 40_000, 1), "a")
			if !errors.Is(err, cause) {
				t.Errorf("InsertEvents() = %v, want %v", err, cause)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("InsertEvents() ended %v after it began, want soon after its context", took)
			}
		})
	}
}

func TestInsertPermanentErrors(t *testing.T) {
	srv := servers.StartClickHouse(t)
	for _, tt := range []struct {
		name   string
		change func(*Config)
		spoil  string
		class  Class
		want   string
	}{
		{name: "no tables", spoil: "DROP TABLE events", class: ClassSchema, want: "clickhouse.migrate"},
		{name: "column gone", spoil: "ALTER TABLE events DROP COLUMN path", class: ClassSchema, want: "path"},
		{name: "column of another type", spoil: "ALTER TABLE events DROP COLUMN source_offset, ADD COLUMN source_offset IPv6", class: ClassSchema, want: "clickhouse.migrate"},
		// The last one: a login refused ends the ClickHouse of the library, though no real server.
		{name: "wrong password", change: func(c *Config) { c.Password = "sesame" }, class: ClassLogin, want: "clickhouse.password"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			good := migrated(t, srv.Addr)
			if tt.spoil != "" {
				if err := good.exec(testContext(t), tt.spoil); err != nil {
					t.Fatal(err)
				}
			}
			cfg := good.cfg
			if tt.change != nil {
				tt.change(&cfg)
			}
			s, err := New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			err = s.InsertEvents(testContext(t), numbered(0, 10, 1), "a")
			f, ok := errors.AsType[*Error](err)
			if !ok || f.Class != tt.class || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("InsertEvents() = %v, want class %v with %q", err, tt.class, tt.want)
			}
			if strings.Contains(fmt.Sprint(err), "sesame") {
				t.Errorf("the error has the password: %v", err)
			}
			if got := testutil.ToFloat64(s.metrics.failures.WithLabelValues("events", tt.class.String())); got != 1 {
				t.Errorf("%v failures are counted, want 1", got)
			}
		})
	}
}

func TestPause(t *testing.T) {
	for attempt, most := range []time.Duration{
		0: 50 * time.Millisecond, 1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 6: 3200 * time.Millisecond,
		7: 5 * time.Second, 1000: 5 * time.Second,
	} {
		if most == 0 {
			continue
		}
		for range 20 {
			if got := pause(attempt); got < most/2 || got > most {
				t.Fatalf("pause(%d) = %v, want between %v and %v", attempt, got, most/2, most)
			}
		}
	}
}

// waitFor waits until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass in 20 s")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// unusedAddress is one where nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // takes no time
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}
