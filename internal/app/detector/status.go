package detector

import (
	"slices"
	"strings"
	"sync"
)

// status is what is wrong now, by what readiness asks about and where it is.
type status struct {
	mu     sync.Mutex // guards faults
	faults map[fault]string
}

type fault struct{ check, where string }

// set notes what is wrong somewhere, or with nil that nothing is.
func (s *status) set(check, where string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.faults, fault{check, where})
		return
	}
	if s.faults == nil {
		s.faults = map[fault]string{}
	}
	s.faults[fault{check, where}] = err.Error()
}

// of tells what is wrong with one thing, "" for nothing.
func (s *status) of(check string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for f, what := range s.faults {
		if f.check == check {
			all = append(all, f.where+": "+what)
		}
	}
	slices.Sort(all)
	if len(all) > 3 {
		all = append(all[:3], "…")
	}
	return strings.Join(all, "; ")
}
