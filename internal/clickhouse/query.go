package clickhouse

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Table is a small result, as text.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Query runs a query in the database and returns all of its result as text; it is for small ones. Arguments are bound to
// question marks, or to names ({id:String} by clickhouse.Named).
func (s *Store) Query(ctx context.Context, sql string, args ...any) (*Table, error) {
	c, err := s.client()
	if err != nil {
		return nil, err
	}
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return nil, fault("querying", "", err)
	}
	defer rows.Close() //nolint:errcheck // Err tells of everything that Close could
	t := &Table{Columns: rows.Columns()}
	types := rows.ColumnTypes()
	for rows.Next() {
		to := make([]any, len(types))
		for i, ct := range types {
			to[i] = reflect.New(ct.ScanType()).Interface()
		}
		if err := rows.Scan(to...); err != nil {
			return nil, fmt.Errorf("reading result: %w", err)
		}
		row := make([]string, len(to))
		for i, v := range to {
			row[i] = text(reflect.ValueOf(v).Elem().Interface())
		}
		t.Rows = append(t.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fault("querying", "", err)
	}
	return t, nil
}

// exec runs a statement in the database.
func (s *Store) exec(ctx context.Context, sql string, args ...any) error {
	c, err := s.client()
	if err != nil {
		return err
	}
	return c.Exec(ctx, sql, args...)
}

// client is the client for everything but bulk inserts.
func (s *Store) client() (clickhouse.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.query != nil {
		return s.query, nil
	}
	c, err := s.cfg.client(s.cfg.Database)
	s.query = c
	return c, err
}

func (c Config) client(database string) (clickhouse.Conn, error) {
	opt := &clickhouse.Options{
		Addr: c.Addresses, TLS: c.TLS, DialTimeout: dialTimeout, ReadTimeout: attemptTimeout,
		Auth:         clickhouse.Auth{Database: database, Username: c.User, Password: c.Password},
		MaxOpenConns: maxIdle, MaxIdleConns: 1, ConnMaxLifetime: idleTimeout,
	}
	opt.ClientInfo.Products = append(opt.ClientInfo.Products, struct{ Name, Version string }{clientName, "1"})
	conn, err := clickhouse.Open(opt)
	if err != nil {
		return nil, fmt.Errorf("making clickhouse client: %w", err)
	}
	return conn, nil
}

// text is a value of a result for people and programs: times in RFC 3339, lists and maps as JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case net.IP:
		return v.String()
	case fmt.Stringer:
		return v.String()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return ""
		}
		return text(r.Elem().Interface())
	case reflect.Slice, reflect.Map, reflect.Struct:
		if bytes, ok := v.([]uint8); ok { // a list of numbers, of which JSON would make a string
			v = widen(bytes)
		}
		if b, err := json.Marshal(v); err == nil {
			return string(b)
		}
	default:
	}
	return fmt.Sprint(v)
}

func widen(bytes []uint8) []uint16 {
	out := make([]uint16, len(bytes))
	for i, b := range bytes {
		out[i] = uint16(b)
	}
	return out
}
