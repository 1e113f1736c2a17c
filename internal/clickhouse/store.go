package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"

	"gatewatch/internal/finding"
)

// clientName is the name under which the server's query log has the program.
const clientName = "gatewatch"

// The tables.
const (
	eventsTable   = "events"
	findingsTable = "findings"
)

// Store is a ClickHouse database. It may be used by many goroutines.
type Store struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	pool    pool // for inserts

	mu    sync.Mutex      // guards query
	query clickhouse.Conn // for everything else; nil until it is needed
}

// New makes a store without connecting.
func New(cfg Config) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Store{cfg: cfg, log: cfg.Log, metrics: newMetrics(cfg.Metrics), pool: pool{cfg: cfg}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// Ping asks a server whether it is there and lets the user in.
func (s *Store) Ping(ctx context.Context) error {
	addr := s.pool.address()
	c, err := s.pool.get(ctx)
	if err != nil {
		s.pool.turn(addr)
		return fault("asking for the server", addr, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	if err := c.client.Ping(ctx); err != nil {
		c.close()
		if c.used && ctx.Err() == nil {
			return s.Ping(ctx)
		}
		return fault("asking for the server", c.addr, err)
	}
	if !stop() {
		c.close()
		return fmt.Errorf("asking for the server: %w", context.Cause(ctx))
	}
	s.pool.put(c)
	return nil
}

// InsertEvents inserts a batch. It sends the same batch with the same token until the server has it, the context ends,
// or the error is one that no retry can mend; an *Error tells which. A batch that was inserted before with the same
// token is not inserted again, so a token must never be used for two different batches.
func (s *Store) InsertEvents(ctx context.Context, e *Events, token string) error {
	if e.rows == 0 {
		return nil
	}
	return s.insert(ctx, batch{
		op: "inserting events", table: eventsTable, token: token, rows: e.rows, bytes: e.bytes, parts: sealed(e.blocks[:e.used]),
	})
}

// InsertFindings inserts findings, with the same patience as InsertEvents. One that is there already with the same
// revision is replaced by itself, so they may be sent again at any time.
func (s *Store) InsertFindings(ctx context.Context, all []finding.Finding) error {
	f := newFindingBlock()
	for i := range all {
		if err := f.append(&all[i]); err != nil {
			return err
		}
	}
	return s.insert(ctx, batch{
		op: "inserting findings", table: findingsTable, parts: []proto.Input{f.input}, rows: len(all), bytes: f.bytes,
	})
}

// Close ends all connections.
func (s *Store) Close() error {
	s.pool.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.query == nil {
		return nil
	}
	err := s.query.Close()
	s.query = nil
	if err != nil {
		return fmt.Errorf("closing clickhouse: %w", err)
	}
	return nil
}
