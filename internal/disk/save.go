package disk

import (
	"errors"
	"fmt"
	"os"

	"gatewatch/internal/checkpoint"
)

// Save keeps a checkpoint; the one before it is kept as well.
func (s *Store) Save(c checkpoint.Sealed) error {
	p := s.partition(c.Source)
	if err := write(p.base+endCurrent, c.Bytes); err != nil {
		return fmt.Errorf("saving checkpoint: %w", err)
	}
	if err := p.retire(); err != nil {
		return fmt.Errorf("saving checkpoint: %w", err)
	}
	if err := replace(p.base + endCurrent); err != nil {
		return fmt.Errorf("saving checkpoint: %w", err)
	}
	p.floor.Store(p.current)
	p.current = c.Position
	return nil
}

// retire gives the current checkpoint the name of the previous one as well, so that at no moment there is none.
func (p *partition) retire() error {
	if err := os.Remove(p.base + endPrevious); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the previous one: %w", err)
	}
	if err := os.Link(p.base+endCurrent, p.base+endPrevious); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("keeping the previous one: %w", err)
	}
	return nil
}

// Plan makes the plan of a batch durable before the batch is stored.
func (s *Store) Plan(src checkpoint.Source, plan checkpoint.Plan) error {
	p := s.partition(src)
	if err := p.journal.trim(p.floor.Load()); err != nil {
		return err
	}
	return p.journal.add(plan, true)
}

// Done remembers that a planned batch is stored. It need not be durable: a batch that is stored again is dropped.
func (s *Store) Done(src checkpoint.Source, plan checkpoint.Plan) error {
	plan.Done = true
	return s.partition(src).journal.add(plan, false)
}
