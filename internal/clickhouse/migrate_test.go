package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/clickhouse/migration"
	schema "gatewatch/schemas/clickhouse"
	"gatewatch/test/servers"
)

// files makes migrations of SQL, numbered from 1.
func files(t *testing.T, sql ...string) []migration.Migration {
	t.Helper()
	from := fstest.MapFS{}
	for i, s := range sql {
		from[fmt.Sprintf("%04d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(s)}
	}
	all, err := migration.Read(from)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	stepA = "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x"
	stepB = "ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8;\nALTER TABLE a ADD COLUMN IF NOT EXISTS z UInt8"
)

func TestMigrate(t *testing.T) {
	s := newStore(t, servers.ClickHouse(t))
	if err := s.CheckSchema(testContext(t)); !errors.Is(err, ErrOlder) {
		t.Errorf("CheckSchema() without a database = %v, want %v", err, ErrOlder)
	}
	all, err := migration.Read(schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	for _, want := range [][]string{names, nil} {
		got, err := s.Migrate(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Migrate() (-want +got):\n%s", diff)
		}
		if err := s.CheckSchema(testContext(t)); err != nil {
			t.Errorf("CheckSchema() = %v", err)
		}
	}
}

// Several services may start at once.
func TestMigrateAtOnce(t *testing.T) {
	addr := servers.ClickHouse(t)
	first := newStore(t, addr)
	var wg sync.WaitGroup
	for range 4 {
		s := newStore(t, addr, func(c *Config) { c.Database = first.cfg.Database })
		wg.Go(func() {
			if _, err := s.Migrate(testContext(t)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := first.CheckSchema(testContext(t)); err != nil {
		t.Error(err)
	}
	if got, err := first.Migrate(testContext(t)); err != nil || len(got) > 0 {
		t.Errorf("Migrate() = %v, %v, want nothing", got, err)
	}
}

func TestMigrateStepByStep(t *testing.T) {
	addr := servers.ClickHouse(t)
	for _, tt := range []struct {
		name    string
		before  []string
		after   []string
		applied []string
		want    error
		says    string
	}{
		{name: "one more", before: []string{stepA}, after: []string{stepA, stepB}, applied: []string{"0002_step.sql"}},
		{name: "changed file", before: []string{stepA, stepB}, after: []string{stepA + " SETTINGS index_granularity = 1", stepB}, want: ErrDrift, says: "0001_step.sql"},
		{name: "line ends only", before: []string{stepB, stepA}[1:], after: []string{strings.ReplaceAll(stepA, "\n", "\r\n")}},
		{name: "newer database", before: []string{stepA, stepB}, after: []string{stepA}, want: ErrNewer, says: "0002_step.sql"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t, addr)
			if _, err := s.migrate(testContext(t), files(t, tt.before...)); err != nil {
				t.Fatal(err)
			}
			got, err := s.migrate(testContext(t), files(t, tt.after...))
			if !errors.Is(err, tt.want) || tt.want != nil && !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("migrate() = %v, want %v with %q", err, tt.want, tt.says)
			}
			if diff := cmp.Diff(tt.applied, got); diff != "" {
				t.Errorf("migrate() (-want +got):\n%s", diff)
			}
		})
	}
}

// A migration that ended half way is not noted, and runs again as a whole.
func TestMigrateAfterFailure(t *testing.T) {
	s := newStore(t, servers.ClickHouse(t))
	broken := files(t, stepA, stepB+"; ALTER TABLE nowhere ADD COLUMN x UInt8")
	got, err := s.migrate(testContext(t), broken)
	if diff := cmp.Diff([]string{"0001_step.sql"}, got); diff != "" {
		t.Errorf("migrate() (-want +got):\n%s", diff)
	}
	f, ok := errors.AsType[*Error](err)
	if !ok || f.Class != ClassSchema || !strings.Contains(err.Error(), "0002_step.sql, statement 3") {
		t.Fatalf("migrate() = %v, want class schema and where it was", err)
	}
	got, err = s.migrate(testContext(t), files(t, stepA, stepB))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0002_step.sql"}, got); diff != "" {
		t.Errorf("migrate() (-want +got):\n%s", diff)
	}
}

func TestCheckSchemaDrift(t *testing.T) {
	addr := servers.ClickHouse(t)
	for _, tt := range []struct {
		name, spoil string
		want        error
		says        string
	}{
		{"type changed", "ALTER TABLE events MODIFY COLUMN user_agent LowCardinality(String)", ErrDrift, "column user_agent"},
		{"column gone", "ALTER TABLE findings DROP COLUMN title", ErrDrift, "no column title"},
		{"column added by the operator", "ALTER TABLE events ADD COLUMN tenant String", nil, ""},
		{"migration missing", "ALTER TABLE schema_migrations DELETE WHERE version = 3 SETTINGS mutations_sync = 2", ErrOlder, "0003_notifications.sql"},
		{"no tables", "DROP TABLE schema_migrations", ErrOlder, "clickhouse.migrate"},
		{"newer", "INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_later.sql')", ErrNewer, "9999_later.sql"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := migrated(t, addr)
			if err := s.exec(testContext(t), tt.spoil); err != nil {
				t.Fatal(err)
			}
			err := s.CheckSchema(testContext(t))
			if !errors.Is(err, tt.want) || tt.want != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("CheckSchema() = %v, want %v with %q", err, tt.want, tt.says)
			}
		})
	}
}

func TestMigrateTrouble(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	for _, tt := range []struct {
		name  string
		addr  string
		class Class
		says  string
	}{
		{"nobody listens", unusedAddress(t), ClassNetwork, "is the server running"},
		{"HTTP port", web.Listener.Addr().String(), ClassProtocol, "not its HTTP port"},
		{"no such host", "nowhere.invalid:9000", ClassNetwork, "nowhere.invalid"},
	} {
		for what, do := range map[string]func(context.Context, *Store) error{
			"Migrate":     func(ctx context.Context, s *Store) error { _, err := s.Migrate(ctx); return err },
			"Ping":        func(ctx context.Context, s *Store) error { return s.Ping(ctx) },
			"CheckSchema": func(ctx context.Context, s *Store) error { return s.CheckSchema(ctx) },
		} {
			t.Run(tt.name+"/"+what, func(t *testing.T) {
				t.Parallel() // it waits most of the time
				err := do(testContext(t), newStore(t, tt.addr))
				if f, ok := errors.AsType[*Error](err); !ok || f.Class != tt.class || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%s() = %v, want class %v with %q", what, err, tt.class, tt.says)
				}
			})
		}
	}
}
