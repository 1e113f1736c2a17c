package clickhouse

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
)

// How an insert that failed is tried again: soon at first, then ever later, but never much later than a server that
// comes back could take it.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 5 * time.Second
	// logEvery is how often one insert that is tried again is told of in the log.
	logEvery = 30 * time.Second
)

// batch is what one insert sends. It is the same, in the same blocks, however often it is sent, which is what makes the
// server's deduplication hold.
type batch struct {
	op    string // a gerund, for errors
	table string
	token string // by which the server knows the batch again; "" when rows replace themselves
	parts []proto.Input
	rows  int
	bytes int
}

// insert sends a batch until it is in, the context ends, or nothing but a change can help.
func (s *Store) insert(ctx context.Context, b batch) error {
	if b.rows == 0 {
		return nil
	}
	began := time.Now()
	var told time.Time
	for attempt := 0; ; attempt++ {
		f := s.attempt(ctx, b)
		if f == nil {
			s.metrics.inserted(b, time.Since(began))
			if !told.IsZero() {
				s.log.Info("inserting again", slog.String("table", b.table), slog.Int("attempts", attempt+1))
			}
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", b.op, context.Cause(ctx))
		}
		if !f.Temporary() {
			s.metrics.failed(b.table, f.Class)
			return f
		}
		s.metrics.retried(b.table, f.Class)
		if time.Since(told) > logEvery {
			told = time.Now()
			s.log.Warn("insert is tried again", slog.String("table", b.table), slog.Int("rows", b.rows),
				slog.Int("attempt", attempt+1), slog.Any("err", f))
		}
		if err := wait(ctx, pause(attempt)); err != nil {
			return fmt.Errorf("%s: %w", b.op, err)
		}
	}
}

// attempt sends a batch once. A connection that broke while it waited in the pool says nothing about the server, so
// another one is taken at once.
func (s *Store) attempt(ctx context.Context, b batch) *Error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	for {
		addr := s.pool.address()
		c, err := s.pool.get(ctx)
		if err != nil {
			s.pool.turn(addr)
			return fault(b.op, addr, err)
		}
		err = c.do(ctx, b.query(s.cfg.Database))
		if err == nil {
			s.pool.put(c)
			return nil
		}
		c.close()
		f := fault(b.op, c.addr, err)
		if c.used && f.Class == ClassNetwork && ctx.Err() == nil {
			continue
		}
		s.pool.turn(c.addr)
		return f
	}
}

// query is the insert of the batch: one statement, a block for every part.
func (b batch) query(database string) ch.Query {
	input := append(proto.Input(nil), b.parts[0]...)
	q := ch.Query{
		Body:  fmt.Sprintf("INSERT INTO %s.%s %s VALUES", quoteName(database), quoteName(b.table), input.Columns()),
		Input: input, Settings: b.settings(),
	}
	next := 1
	if next == len(b.parts) {
		return q
	}
	q.OnInput = func(context.Context) error {
		copy(input, b.parts[next])
		next++
		if next == len(b.parts) {
			return io.EOF // the client sends what is there, and ends
		}
		return nil
	}
	return q
}

// settings says what the insert relies on, whatever the server's defaults are. A server that does not know a setting
// passes over it.
func (b batch) settings() []ch.Setting {
	all := []ch.Setting{
		{Key: "async_insert", Value: "0"},
		{Key: "insert_deduplicate", Value: "1"},
		{Key: "deduplicate_insert", Value: "enable"},
		{Key: "deduplicate_blocks_in_dependent_materialized_views", Value: "1"},
		// A batch may hold history of many days, each of which is a partition.
		{Key: "max_partitions_per_insert_block", Value: "0"},
	}
	if b.token != "" {
		all = append(all, ch.Setting{Key: "insert_deduplication_token", Value: b.token})
	}
	return all
}

// pause is how long to wait after an attempt: twice as long as before, with a random part, so that those who failed
// together do not come back together.
func pause(attempt int) time.Duration {
	d := maxPause
	if attempt < 7 {
		d = min(firstPause<<attempt, maxPause)
	}
	return d/2 + rand.N(d/2)
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
