package disk

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"gatewatch/internal/checkpoint"
)

// maxStale is how many plans that are of no use any more a journal may hold before it is written anew.
const maxStale = 64

// journal is a file to which plans are appended.
type journal struct {
	path  string
	file  *os.File
	size  int64 // of what is whole; behind it may be half an entry that a full disk left
	plans []checkpoint.Plan
	// opened tells that size and plans are known.
	opened bool
}

// open reads the journal and returns how many bytes at its end are none.
func (j *journal) open() (lost int, err error) {
	if err := j.close(); err != nil {
		return 0, err
	}
	b, err := read(j.path)
	if err != nil {
		return 0, err
	}
	plans, good := checkpoint.ReadPlans(b)
	j.plans, j.size, j.opened = plans, int64(good), true
	return len(b) - good, j.reopen()
}

func (j *journal) reopen() error {
	f, err := os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("opening journal: %w", err)
	}
	if err = f.Truncate(j.size); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("cutting journal: %w", err), f.Close())
	}
	j.file = f
	return nil
}

// from are the plans of batches that end at or after a position.
func (j *journal) from(position int64) []checkpoint.Plan {
	i := slices.IndexFunc(j.plans, func(p checkpoint.Plan) bool { return p.Last >= position })
	if i < 0 {
		return nil
	}
	return slices.Clone(j.plans[i:])
}

// add appends an entry; one that could not be written whole is overwritten by the next.
func (j *journal) add(plan checkpoint.Plan, durable bool) error {
	if !j.opened {
		return errors.New("planning batch: the journal was not read")
	}
	if j.file == nil {
		if err := j.reopen(); err != nil {
			return err
		}
	}
	b := plan.AppendTo(nil)
	if _, err := j.file.WriteAt(b, j.size); err != nil {
		return fmt.Errorf("planning batch: %w", err)
	}
	if durable {
		if err := j.file.Sync(); err != nil {
			return fmt.Errorf("planning batch: %w", err)
		}
	}
	j.size += int64(len(b))
	j.plans = checkpoint.Enter(j.plans, plan)
	return nil
}

// trim writes the journal anew without the plans of batches before a position, when there are many of these.
func (j *journal) trim(position int64) error {
	kept := j.from(position)
	if len(j.plans)-len(kept) < maxStale {
		return nil
	}
	var b []byte
	for _, p := range kept {
		b = p.AppendTo(b)
	}
	if err := write(j.path, b); err != nil {
		return fmt.Errorf("shortening journal: %w", err)
	}
	if err := replace(j.path); err != nil {
		return fmt.Errorf("shortening journal: %w", err)
	}
	if err := j.close(); err != nil {
		return err
	}
	j.plans, j.size = kept, int64(len(b))
	return j.reopen()
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	if err != nil {
		return fmt.Errorf("closing journal: %w", err)
	}
	return nil
}
