package evaluate

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// Episode is one finding in its newest revision, without what the evaluation has no use for.
type Episode struct {
	ID       string
	Detector string
	Severity finding.Severity
	Score    float64
	Entity   event.Entity
	Related  []event.Entity
	Service  string
	First    time.Time // of its first evidence
	Opened   time.Time // when the detector said so: the event that opened it
	Last     time.Time // of its last evidence
	revision int
}

// Episodes collects findings, of any number of revisions each. The zero value is empty.
type Episodes struct {
	all map[string]*Episode
}

// Add takes one revision.
func (s *Episodes) Add(f *finding.Finding) {
	if s.all == nil {
		s.all = map[string]*Episode{}
	}
	old, known := s.all[f.ID]
	told := opened(f)
	if known && old.Opened.Before(told) {
		told = old.Opened
	}
	if known && old.revision >= f.Revision {
		old.Opened = told
		return
	}
	s.all[f.ID] = &Episode{
		ID: f.ID, Detector: f.Detector, Severity: f.Severity, Score: f.Score, Entity: f.Entity, Related: slices.Clone(f.Related),
		Service: f.Service, First: at(f.FirstSeen), Opened: told, Last: at(f.LastSeen), revision: f.Revision,
	}
}

// opened is the time of the event that opened the episode, which is the first of its samples as long as it lives. The
// first evidence is older: it is what the detector had not been sure of. A finding of tallies has no samples; what had been
// seen last when it was first told had been seen just then.
func opened(f *finding.Finding) time.Time {
	if len(f.Samples) == 0 {
		return at(f.LastSeen)
	}
	return at(min(max(f.Samples[0].Time, f.FirstSeen), f.LastSeen))
}

// served is the service that an episode is of; "" where it does not say.
func (e *Episode) served() string {
	if e.Entity.Kind == event.KindService || e.Entity.Kind == event.KindUnknown {
		return e.Entity.Value
	}
	return e.Service
}

func at(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// All is the episodes in the order in which they opened.
func (s *Episodes) All() []*Episode {
	all := make([]*Episode, 0, len(s.all))
	for _, e := range s.all {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *Episode) int {
		return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// longestFinding is the longest line of findings that is read: some ten times what a finding may come to.
const longestFinding = 4 << 20

// Read adds findings from JSON Lines. A line that is none is an error: what is left out would be counted as missed.
func (s *Episodes) Read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestFinding)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var f finding.Finding
		err := json.Unmarshal(line, &f)
		if err == nil && (f.ID == "" || f.Detector == "" || f.LastSeen < f.FirstSeen) {
			err = errors.New("it is no finding: want an id, a detector, and first_seen before last_seen")
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		s.Add(&f)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}
