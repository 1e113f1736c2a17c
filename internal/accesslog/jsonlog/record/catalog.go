package record

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
)

// Catalog is tables in the order of recognition: an immutable value.
type Catalog struct {
	tables []*compiled
	prints map[string][]fingerprint
}

// fingerprint says which sets of a table's needs a key is in.
type fingerprint struct {
	table int
	marks uint32
}

// NewCatalog compiles tables. Where a record has the keys of several, the first one gets it.
func NewCatalog(tables ...Table) *Catalog {
	c := &Catalog{prints: make(map[string][]fingerprint)}
	for i, t := range tables {
		table := t.compile()
		c.tables = append(c.tables, table)
		for key, e := range table.index {
			if e.marks != 0 {
				c.prints[key] = append(c.prints[key], fingerprint{i, e.marks})
			}
		}
	}
	return c
}

// Definitions are the formats of all tables.
func (c *Catalog) Definitions() []format.Definition {
	out := make([]format.Definition, 0, len(c.tables))
	for i := range c.tables {
		out = append(out, c.tables[i].definition())
	}
	return out
}

// Scan looks at the keys of records to tell their formats. It reuses its memory; one goroutine owns a Scan.
type Scan struct {
	walker jsonwalk.Walker
	marks  []uint32 // by table
}

// Index is the first table whose needs the keys of the line meet, or -1; also when the line is no well-formed object.
func (s *Scan) Index(c *Catalog, line []byte) int {
	if s.marks == nil {
		s.marks = make([]uint32, len(c.tables))
	}
	clear(s.marks)
	s.walker.Reset(line)
	for s.walker.Next() {
		if len(s.walker.Key()) > maxKey {
			continue
		}
		for _, f := range c.prints[string(s.walker.Key())] {
			s.marks[f.table] |= f.marks
		}
	}
	if s.walker.Reason() != format.ReasonNone {
		return -1
	}
	for i, t := range c.tables {
		if t.matches(s.marks[i]) {
			return i
		}
	}
	return -1
}
