package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gatewatch/internal/checkpoint"
)

// ErrInUse tells that another process has the directory.
var ErrInUse = errors.New("another detector uses it: give each a data directory of its own")

// errForeign is the fault of a checkpoint that was copied to another's place.
var errForeign = errors.New("it is of another partition")

// Load returns what is kept of a source. A damaged checkpoint is logged and put aside, and the one before it taken. An
// error is of the disk; then nothing is known.
func (s *Store) Load(src checkpoint.Source) (checkpoint.Kept, error) {
	var kept checkpoint.Kept
	p := s.partition(src)
	if err := os.MkdirAll(filepath.Dir(p.base), 0o700); err != nil {
		return kept, fmt.Errorf("making data directory: %w", err)
	}
	for _, end := range [...]string{endCurrent, endPrevious} {
		b, err := read(p.base + end)
		if err != nil {
			return kept, err
		}
		if b == nil {
			continue
		}
		if kept.Checkpoint, err = decode(b, src); err == nil {
			break
		}
		kept.Damaged++
		s.log.Error("checkpoint cannot be read, it is put aside", "file", p.base+end+endDamaged, "err", err)
		if err := os.Rename(p.base+end, p.base+end+endDamaged); err != nil {
			return kept, fmt.Errorf("putting a damaged checkpoint aside: %w", err)
		}
	}
	lost, err := p.journal.open()
	if err != nil {
		return kept, err
	}
	if lost > 0 {
		s.log.Warn("journal of batches ends with an entry cut off", "file", p.journal.path, "bytes", lost)
	}
	p.current = 0
	if kept.Checkpoint != nil {
		p.current = kept.Checkpoint.Position
	}
	p.floor.Store(0)
	kept.Plans = p.journal.from(p.current)
	return kept, nil
}

func decode(b []byte, src checkpoint.Source) (*checkpoint.Checkpoint, error) {
	cp, err := checkpoint.Decode(b, maxMarks)
	if err != nil {
		return nil, err
	}
	if cp.Source != src {
		return nil, errForeign
	}
	return cp, nil
}
