package detector

import (
	"context"
	"time"

	"gatewatch/internal/app/service"
	"gatewatch/internal/finding"
)

// archive stores the findings of all partitions, in batches.
type archive struct {
	detector *Detector
	store    Store
	queue    chan archived
	pending  []finding.Finding
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

func newArchive(d *Detector, store Store) *archive {
	return &archive{detector: d, store: store, queue: make(chan archived, maxArchived)}
}

// add hands over a copy of a finding; it waits while too many wait already.
func (a *archive) add(ctx context.Context, f *finding.Finding) error {
	select {
	case a.queue <- archived{finding: f.Clone()}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flush waits until all that was added before is stored.
func (a *archive) flush(ctx context.Context) error {
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

// run stores findings until the context ends.
func (a *archive) run(ctx context.Context) {
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
func (a *archive) take(ctx context.Context, next archived) (first bool) {
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
func (a *archive) insert(ctx context.Context) {
	if len(a.pending) == 0 {
		return
	}
	d := a.detector
	err := service.Retry(ctx, d.log, "storing findings", func(ctx context.Context) error {
		err := a.store.InsertFindings(ctx, a.pending)
		d.faults.Set("clickhouse", "findings", err)
		return err
	})
	if err == nil {
		clear(a.pending)
		a.pending = a.pending[:0]
	}
}
