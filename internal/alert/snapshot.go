package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// snapshotVersion is of the snapshot's meaning. It is raised when an older book must not be read by newer code.
const snapshotVersion = 1

type snapshot struct {
	Version int      `json:"version"`
	Groups  []*group `json:"groups"`
}

// MarshalBinary writes everything the book knows. Equal books give equal bytes.
func (b *Book) MarshalBinary() ([]byte, error) {
	s := snapshot{Version: snapshotVersion, Groups: make([]*group, 0, len(b.groups))}
	for _, id := range slices.Sorted(maps.Keys(b.groups)) {
		s.Groups = append(s.Groups, b.groups[id])
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encoding book: %w", err)
	}
	return data, nil
}

// UnmarshalBinary replaces what the book knows by what another one knew.
func (b *Book) UnmarshalBinary(data []byte) error {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("decoding book: %w", err)
	}
	if s.Version != snapshotVersion {
		return fmt.Errorf("decoding book: version %d is not %d", s.Version, snapshotVersion)
	}
	groups, next := make(map[string]*group, len(s.Groups)), int64(math.MaxInt64)
	for _, g := range s.Groups {
		if g == nil || g.ID == "" {
			return errors.New("decoding book: an incident has no id")
		}
		groups[g.ID] = g
		next = min(next, g.due(&b.cfg))
	}
	b.groups, b.next = groups, next
	return nil
}
