package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"gatewatch/internal/clickhouse/migration"
	schema "gatewatch/schemas/clickhouse"
)

// What may be wrong with a schema, for errors.Is.
var (
	// ErrNewer is a schema that a newer program made.
	ErrNewer = errors.New("the schema is newer than this program")
	// ErrOlder is a schema that lacks migrations.
	ErrOlder = errors.New("the schema is older than this program")
	// ErrDrift is a migration that was applied with other contents, or a table that was changed by hand.
	ErrDrift = errors.New("the schema is not the one of this program")
)

// versions is the table of what has been applied. Two detectors that start at once may both write a row: the statements
// of a migration may run twice, and the rows say the same.
const versions = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    version    UInt32          COMMENT 'Number of the migration.',
    name       String          COMMENT 'Name of its file.',
    checksum   String          COMMENT 'SHA-256 of its contents, by which a changed file is noticed.',
    applied_at DateTime('UTC') DEFAULT now() COMMENT 'When it was applied.'
)
ENGINE = MergeTree
ORDER BY (version, applied_at)
COMMENT 'Migrations of the schema that have been applied.'`

// Migrate brings the schema up to date and names the files it applied: it makes the database when it is missing, and
// applies in order the migrations that are missing. Each statement may run again, so what was cut off half way is
// continued by the next call, and several callers at once do no harm.
func (s *Store) Migrate(ctx context.Context) (applied []string, err error) {
	all, err := migration.Read(schema.Files)
	if err != nil {
		return nil, err
	}
	return s.migrate(ctx, all)
}

func (s *Store) migrate(ctx context.Context, all []migration.Migration) (applied []string, err error) {
	if err := s.createDatabase(ctx); err != nil {
		return nil, err
	}
	if err := s.exec(ctx, versions); err != nil {
		return nil, fault("making the table of migrations", "", err)
	}
	missing, err := s.missing(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, m := range missing {
		if err := s.apply(ctx, m); err != nil {
			return applied, err
		}
		applied = append(applied, m.Name)
		s.log.Info("migration applied", slog.String("file", m.Name))
	}
	return applied, nil
}

// createDatabase makes the database when it is missing. It asks first, because a user who may not make databases is not
// to fail where there is one.
func (s *Store) createDatabase(ctx context.Context) error {
	return s.outside(ctx, "making the database", func(c *conn) error {
		ok, err := s.hasDatabase(ctx, c)
		if err != nil || ok {
			return err
		}
		return c.do(ctx, ch.Query{Body: "CREATE DATABASE IF NOT EXISTS " + quoteName(s.cfg.Database)})
	})
}

func (s *Store) hasDatabase(ctx context.Context, c *conn) (bool, error) {
	var n proto.ColUInt64
	err := c.do(ctx, ch.Query{
		Body:   "SELECT count() AS n FROM system.databases WHERE name = " + quoteText(s.cfg.Database),
		Result: proto.Results{{Name: "n", Data: &n}},
	})
	return err == nil && len(n) == 1 && n[0] > 0, err
}

// outside does something over a connection that is not in the database yet, at the first address that serves.
func (s *Store) outside(ctx context.Context, op string, do func(*conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	var last error
	for range s.cfg.Addresses {
		addr := s.pool.address()
		c, err := s.cfg.dial(ctx, addr)
		if err == nil {
			err = do(c)
			c.close()
		}
		if err == nil {
			return nil
		}
		last = fault(op, addr, err)
		s.pool.turn(addr)
	}
	return last
}

// quoteName writes a name so that it is a name and nothing else.
func quoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}

// quoteText writes a text so that it is a text and nothing else.
func quoteText(text string) string {
	return "'" + strings.NewReplacer("\\", "\\\\", "'", "\\'").Replace(text) + "'"
}

func (s *Store) apply(ctx context.Context, m migration.Migration) error {
	for i, st := range m.Statements {
		if err := s.exec(ctx, st); err != nil {
			return fault(fmt.Sprintf("applying migration %s, statement %d", m.Name, i+1), "", err)
		}
	}
	if err := s.exec(ctx, "INSERT INTO schema_migrations (version, name, checksum) VALUES (?, ?, ?)",
		m.Version, m.Name, m.Checksum); err != nil {
		return fault("noting migration "+m.Name, "", err)
	}
	return nil
}

// missing are the migrations that have not been applied; it is an error when others have been.
func (s *Store) missing(ctx context.Context, all []migration.Migration) ([]migration.Migration, error) {
	have, err := s.Query(ctx, "SELECT toUInt32(version), argMin(name, applied_at), argMin(checksum, applied_at) "+
		"FROM schema_migrations GROUP BY version ORDER BY version")
	if err != nil {
		return nil, err
	}
	applied := make(map[string][]string, len(have.Rows))
	for _, row := range have.Rows {
		applied[row[0]] = row[1:]
	}
	var missing []migration.Migration
	for _, m := range all {
		row, ok := applied[fmt.Sprint(m.Version)]
		switch {
		case !ok:
			missing = append(missing, m)
		case row[1] != m.Checksum:
			return nil, fmt.Errorf("%w: migration %s was applied to database %s with other contents: "+
				"migrations never change, undo the edit of the file and add a new one", ErrDrift, m.Name, s.cfg.Database)
		}
		delete(applied, fmt.Sprint(m.Version))
	}
	if len(applied) > 0 {
		newest := have.Rows[len(have.Rows)-1]
		return nil, fmt.Errorf("%w: database %s has migration %s, this program knows %d: upgrade gatewatch",
			ErrNewer, s.cfg.Database, newest[1], len(all))
	}
	return missing, nil
}

// CheckSchema tells whether the database has the schema that the program was built for, down to the columns that it
// fills, without changing anything.
func (s *Store) CheckSchema(ctx context.Context) error {
	all, err := migration.Read(schema.Files)
	if err != nil {
		return err
	}
	var made bool
	if err := s.outside(ctx, "checking the schema", func(c *conn) error {
		made, err = s.hasDatabase(ctx, c)
		return err
	}); err != nil {
		return err
	}
	if !made {
		return fmt.Errorf("%w: there is no database %s: let the detector make it (clickhouse.migrate)", ErrOlder, s.cfg.Database)
	}
	missing, err := s.missing(ctx, all)
	if err != nil {
		return notMigrated(err, s.cfg.Database)
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: database %s lacks migration %s: let the detector apply it (clickhouse.migrate)",
			ErrOlder, s.cfg.Database, missing[0].Name)
	}
	if err := s.checkColumns(ctx, eventsTable, newEventBlock().input); err != nil {
		return err
	}
	return s.checkColumns(ctx, findingsTable, newFindingBlock().input)
}

// notMigrated says of a table that is not there that migrations will make it.
func notMigrated(err error, database string) error {
	if code, ok := exception(err); ok && code == 60 {
		return fmt.Errorf("%w: database %s has no tables of gatewatch: let the detector make them (clickhouse.migrate)",
			ErrOlder, database)
	}
	return err
}

// checkColumns compares the columns of a table with those of an insert.
func (s *Store) checkColumns(ctx context.Context, table string, in proto.Input) error {
	have, err := s.Query(ctx, "SELECT name, type FROM system.columns WHERE database = ? AND table = ?", s.cfg.Database, table)
	if err != nil {
		return err
	}
	types := make(map[string]string, len(have.Rows))
	for _, row := range have.Rows {
		types[row[0]] = row[1]
	}
	for _, c := range in {
		switch want, got := c.Data.Type().String(), types[c.Name]; {
		case got == "":
			return fmt.Errorf("%w: table %s.%s has no column %s: put it back (ALTER TABLE %[3]s ADD COLUMN %[4]s %[5]s), "+
				"or have the detector begin with tables of its own (clickhouse.database)",
				ErrDrift, s.cfg.Database, table, c.Name, want)
		case got != want:
			return fmt.Errorf("%w: column %s of table %s.%s has type %s, not %s: undo that (ALTER TABLE %[4]s MODIFY COLUMN %[2]s "+
				"%[6]s), or have the detector begin with tables of its own (clickhouse.database)",
				ErrDrift, c.Name, s.cfg.Database, table, got, want)
		}
	}
	return nil
}
