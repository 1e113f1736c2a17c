package clickhouse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// migration is one step of the schema.
type migration struct {
	version    int
	name       string // of its file
	checksum   string
	statements []string
}

// migrationName is how files are named.
var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// readMigrations reads the files of a directory in their order.
func readMigrations(from fs.FS) ([]migration, error) {
	names, err := fs.Glob(from, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing migrations: %w", err)
	}
	slices.Sort(names)
	all := make([]migration, 0, len(names))
	for i, name := range names {
		m, err := readMigration(from, name)
		if err != nil {
			return nil, err
		}
		if m.version != i+1 {
			return nil, fmt.Errorf("migration %s: its number is not %04d, the one after the file before", name, i+1)
		}
		all = append(all, m)
	}
	return all, nil
}

func readMigration(from fs.FS, name string) (migration, error) {
	number := migrationName.FindStringSubmatch(path.Base(name))
	if number == nil {
		return migration{}, fmt.Errorf("migration %s: want a name like 0001_what_it_does.sql", name)
	}
	version, err := strconv.Atoi(number[1])
	if err != nil {
		return migration{}, fmt.Errorf("migration %s: %w", name, err)
	}
	b, err := fs.ReadFile(from, name)
	if err != nil {
		return migration{}, fmt.Errorf("reading migration: %w", err)
	}
	// A checkout may end lines in its own way; the statements are the same.
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	sum := sha256.Sum256([]byte(text))
	m := migration{version: version, name: name, checksum: hex.EncodeToString(sum[:]), statements: statements(text)}
	if len(m.statements) == 0 {
		return migration{}, fmt.Errorf("migration %s: no statements", name)
	}
	return m, nil
}
