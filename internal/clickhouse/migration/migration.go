// Package migration reads the steps of a schema from files of SQL. It runs none of them.
package migration

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

// Migration is one step of the schema.
type Migration struct {
	Version    int
	Name       string // of its file
	Checksum   string // of its contents
	Statements []string
}

// migrationName is how files are named.
var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// Read reads the files of a directory in their order.
func Read(from fs.FS) ([]Migration, error) {
	names, err := fs.Glob(from, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing migrations: %w", err)
	}
	slices.Sort(names)
	all := make([]Migration, 0, len(names))
	for i, name := range names {
		m, err := read(from, name)
		if err != nil {
			return nil, err
		}
		if m.Version != i+1 {
			return nil, fmt.Errorf("migration %s: its number is not %04d, the one after the file before", name, i+1)
		}
		all = append(all, m)
	}
	return all, nil
}

func read(from fs.FS, name string) (Migration, error) {
	number := migrationName.FindStringSubmatch(path.Base(name))
	if number == nil {
		return Migration{}, fmt.Errorf("migration %s: want a name like 0001_what_it_does.sql", name)
	}
	version, err := strconv.Atoi(number[1])
	if err != nil {
		return Migration{}, fmt.Errorf("migration %s: %w", name, err)
	}
	b, err := fs.ReadFile(from, name)
	if err != nil {
		return Migration{}, fmt.Errorf("reading migration: %w", err)
	}
	// A checkout may end lines in its own way; the statements are the same.
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	sum := sha256.Sum256([]byte(text))
	m := Migration{Version: version, Name: name, Checksum: hex.EncodeToString(sum[:]), Statements: statements(text)}
	if len(m.Statements) == 0 {
		return Migration{}, fmt.Errorf("migration %s: no statements", name)
	}
	return m, nil
}
