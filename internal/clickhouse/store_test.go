package clickhouse

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/test/servers"
)

// made counts the databases that tests have made, so that each has its own.
var made atomic.Int64

// testContext ends a test that hangs before the runner does.
func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// newStore is a store of a database of the test's own on a server.
func newStore(t testing.TB, addr string, change ...func(*Config)) *Store {
	t.Helper()
	cfg := Config{
		Addresses: []string{addr}, Database: fmt.Sprintf("test %d `quoted\\'", made.Add(1)), User: "default",
	}
	for _, c := range change {
		c(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// migrated is a store whose schema is up to date.
func migrated(t testing.TB, addr string, change ...func(*Config)) *Store {
	t.Helper()
	s := newStore(t, addr, change...)
	if _, err := s.Migrate(testContext(t)); err != nil {
		t.Fatal(err)
	}
	return s
}

// value is the result of a query with one value.
func value(t testing.TB, s *Store, sql string, args ...any) string {
	t.Helper()
	got, err := s.Query(testContext(t), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 1 || len(got.Rows[0]) != 1 {
		t.Fatalf("Query(%q) = %v, want one value", sql, got.Rows)
	}
	return got.Rows[0][0]
}

// numbered are n events of one partition, spread evenly over days.
func numbered(first, n, days int) *Events {
	all := NewEvents()
	ev := event.Event{Service: "shop", Method: "GET", Path: "/", UserAgent: strings.Repeat("Mozilla ", 10)}
	for i := first; i < first+n; i++ {
		ev.Origin = event.Origin{Topic: "access.raw", Partition: 3, Offset: int64(i)}
		ev.Time = time.Date(2026, 1, 1+i%days, 12, 0, i%60, 0, time.UTC).UnixNano()
		ev.SetStatus(200)
		all.Append(&ev)
	}
	return all
}

func TestNew(t *testing.T) {
	good := Config{Addresses: []string{"localhost:9000"}, Database: "gatewatch"}
	for _, tt := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"good", func(*Config) {}, ""},
		{"no address", func(c *Config) { c.Addresses = nil }, "no addresses"},
		{"no port", func(c *Config) { c.Addresses = []string{"localhost"} }, "want host:port"},
		{"no database", func(c *Config) { c.Database = "" }, "no database"},
		{"compression", func(c *Config) { c.Compression = "zip" }, "want lz4 or none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := good
			tt.change(&cfg)
			_, err := New(cfg)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("New(%+v) = %v, want %q", cfg, err, tt.want)
			}
		})
	}
}

func TestPing(t *testing.T) {
	s := newStore(t, servers.ClickHouse(t), func(c *Config) { c.Database = "default" })
	for range 3 {
		if err := s.Ping(testContext(t)); err != nil {
			t.Fatal(err)
		}
	}
}
