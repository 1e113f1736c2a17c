// Package archive stores findings in batches, for all partitions of a detector.
package archive

import (
	"context"
	"log/slog"
	"time"

	"gatewatch/internal/app/detector/fault"
	"gatewatch/internal/app/service"
	"gatewatch/internal/finding"
)

// Store keeps findings.
type Store interface {
	// InsertFindings stores findings; one that is there with the same revision is replaced by itself.
	InsertFindings(ctx context.Context, all []finding.Finding) error
}

// Archive stores findings. Any goroutine may use it.
type Archive struct {
	store   Store
	log     *slog.Logger
	faults  *fault.List
	queue   chan archived
	pending []finding.Finding // of the goroutine of Run
}

// archived is a finding to store, or someone who waits until those before are stored.
type archived struct {
	finding finding.Finding
	stored  chan struct{}
}

const (
	// maxArchived is how many findings wait at most; then the partitions do.
	maxArchived = 1024
	// maxInsert is how many findings are stored at once.
	maxInsert = 512
	// archiveWait is how long a finding waits for others.
	archiveWait = 300 * time.Millisecond
)

// New makes an archive in a store. What the store refuses is noted among the faults.
func New(store Store, log *slog.Logger, faults *fault.List) *Archive {
	return &Archive{store: store, log: log, faults: faults, queue: make(chan archived, maxArchived)}
}

// Add hands over a copy of a finding; it waits while too many wait already.
func (a *Archive) Add(ctx context.Context, f *finding.Finding) error {
	select {
	case a.queue <- archived{finding: f.Clone()}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Flush waits until all that was added before is stored.
func (a *Archive) Flush(ctx context.Context) error {
	stored := make(chan struct{})
	select {
	case a.queue <- archived{stored: stored}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-stored:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run stores findings until the context ends.
func (a *Archive) Run(ctx context.Context) {
	timer := time.NewTimer(archiveWait)
	timer.Stop()
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			a.insert(ctx)
		case next := <-a.queue:
			if a.take(ctx, next) {
				timer.Reset(archiveWait)
			}
		}
	}
}

// take adds a finding, and stores what waits when that is enough or somebody asks for it. It tells whether the finding is
// the first to wait.
func (a *Archive) take(ctx context.Context, next archived) (first bool) {
	if next.stored == nil {
		a.pending = append(a.pending, next.finding)
		if len(a.pending) < maxInsert {
			return len(a.pending) == 1
		}
	}
	a.insert(ctx)
	if next.stored != nil && ctx.Err() == nil {
		close(next.stored)
	}
	return false
}

// insert stores what waits, however long that takes.
func (a *Archive) insert(ctx context.Context) {
	if len(a.pending) == 0 {
		return
	}
	err := service.Retry(ctx, a.log, "storing findings", func(ctx context.Context) error {
		err := a.store.InsertFindings(ctx, a.pending)
		a.faults.Set("clickhouse", "findings", err)
		return err
	})
	if err == nil {
		clear(a.pending)
		a.pending = a.pending[:0]
	}
}
