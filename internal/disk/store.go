// Package disk keeps checkpoints in a directory of one instance of the detector: of each partition the two newest, and a
// journal of the batches of rows that it was about to store. What it has said is kept survives a crash of the machine.
package disk

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"gatewatch/internal/checkpoint"
)

// Store is a directory of checkpoints, locked against other processes. Any goroutine may use it, but of one source, one
// at a time calls Save, and one at a time Load, Plan and Done.
type Store struct {
	dir  string
	log  *slog.Logger
	lock *os.File

	mu         sync.Mutex // guards partitions
	partitions map[checkpoint.Source]*partition
}

// partition is what is kept of one source.
type partition struct {
	base    string // path without the ending
	journal journal
	// current is the position of the newest checkpoint; whoever saves owns it. floor is that of the one before it, below
	// which no plan is of use.
	current int64
	floor   atomic.Int64
}

// maxMarks is how many sources of events are remembered of a partition: many more than topics have partitions.
const maxMarks = 4096

// The endings of a partition's files.
const (
	endCurrent  = ".checkpoint"
	endPrevious = ".previous"
	endNew      = ".new"
	endDamaged  = ".damaged"
	endPlans    = ".plans"
)

// Open locks the directory, which it makes when it is not there. A nil log discards.
func Open(dir string, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making data directory: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("locking data directory %s: %w", dir, err)
	}
	return &Store{dir: dir, log: log, lock: lock, partitions: map[checkpoint.Source]*partition{}}, nil
}

// Close unlocks the directory.
func (s *Store) Close() error {
	s.mu.Lock()
	all := s.partitions
	s.partitions = map[checkpoint.Source]*partition{}
	s.mu.Unlock()
	errs := make([]error, 0, len(all)+1)
	for _, p := range all {
		errs = append(errs, p.journal.close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// partition finds what is known of a source.
func (s *Store) partition(src checkpoint.Source) *partition {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.partitions[src]
	if p == nil {
		base := filepath.Join(s.dir, url.PathEscape(src.Topic), strconv.Itoa(int(src.Partition)))
		p = &partition{base: base, journal: journal{path: base + endPlans}}
		s.partitions[src] = p
	}
	return p
}

// read reads one file, nil when there is none.
func read(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading checkpoint: %w", err)
	}
	return b, nil
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening directory: %w", err)
	}
	err = f.Sync()
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing directory: %w", err)
	}
	return nil
}

// write makes a file durable under another name before it takes its own, so that a crash leaves the old one or the new.
func write(path string, b []byte) error {
	f, err := os.OpenFile(path+endNew, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("creating file: %w", err)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("writing file: %w", err), os.Remove(path+endNew))
	}
	return nil
}

// replace gives a file written by write its own name.
func replace(path string) error {
	if err := os.Rename(path+endNew, path); err != nil {
		return fmt.Errorf("renaming file: %w", err)
	}
	return syncDir(filepath.Dir(path))
}
