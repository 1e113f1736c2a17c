package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"gatewatch/internal/embedded/chdb"
)

const (
	// maxRestarts within restartWindow is how often ClickHouse may die before it is given up.
	maxRestarts   = 5
	restartWindow = 2 * time.Minute
	restartDelay  = 500 * time.Millisecond
	// started is how long it may take to start; it reads its tables' parts.
	started = time.Minute
)

// supervisor keeps a ClickHouse process running.
type supervisor struct {
	program []string
	server  chdb.Server
	log     *slog.Logger
	out     *os.File

	first  *chdb.Process
	quit   chan struct{}
	done   chan struct{}
	stopIn context.Context //nolint:containedctx // what bounds the stop, set before quit closes
	err    error           // of the stop; set before done closes
	failed chan error
}

func supervise(program []string, server chdb.Server, log *slog.Logger) (*supervisor, error) {
	if err := os.MkdirAll(server.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("making ClickHouse's directory: %w", err)
	}
	// What it says before its own log is open, and where it dies.
	out, err := os.Create(filepath.Join(server.Dir, "stderr.log")) //nolint:gosec // a file of ours
	if err != nil {
		return nil, fmt.Errorf("making ClickHouse's log: %w", err)
	}
	s := &supervisor{
		program: program, server: server, log: log, out: out,
		quit: make(chan struct{}), done: make(chan struct{}), failed: make(chan error, 1),
	}
	if s.first, err = chdb.Start(program, server, out); err != nil {
		_ = out.Close()
		return nil, err
	}
	go s.run()
	return s, nil
}

func (s *supervisor) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, started)
	defer cancel()
	if err := s.first.Ready(ctx); err != nil {
		return fmt.Errorf("%w; see %s", err, s.out.Name())
	}
	return nil
}

func (s *supervisor) run() {
	defer close(s.done)
	defer s.out.Close() //nolint:errcheck // the process wrote it
	process := s.first
	var deaths []time.Time
	for {
		select {
		case <-s.quit:
			s.err = process.Stop(s.stopIn)
			return
		case <-process.Done():
		}
		now := time.Now()
		deaths = append(deaths, now)
		for now.Sub(deaths[0]) > restartWindow {
			deaths = deaths[1:]
		}
		if len(deaths) > maxRestarts {
			s.failed <- fmt.Errorf("ClickHouse died %d times in %s, the last time with: %w; see %s",
				len(deaths), restartWindow, process.Err(), s.out.Name())
			return
		}
		s.log.Error("embedded clickhouse died and is started again", "err", process.Err(), "log", s.out.Name())
		select {
		case <-s.quit:
			return
		case <-time.After(restartDelay):
		}
		next, err := chdb.Start(s.program, s.server, s.out)
		if err != nil {
			s.failed <- err
			return
		}
		process = next
	}
}

func (s *supervisor) stop(ctx context.Context) error {
	s.stopIn = ctx
	close(s.quit)
	<-s.done
	return s.err
}
