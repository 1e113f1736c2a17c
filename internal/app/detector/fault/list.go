// Package fault keeps what is wrong with a detector now, for those who ask whether it is ready.
package fault

import (
	"slices"
	"strings"
	"sync"
)

// List is what is wrong now, by what readiness asks about and where it is. Any goroutine may use it.
type List struct {
	mu     sync.Mutex // guards faults
	faults map[place]string
}

type place struct{ check, where string }

// Set notes what is wrong somewhere, or with nil that nothing is.
func (l *List) Set(check, where string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		delete(l.faults, place{check, where})
		return
	}
	if l.faults == nil {
		l.faults = map[place]string{}
	}
	l.faults[place{check, where}] = err.Error()
}

// Of tells what is wrong with one thing, "" for nothing.
func (l *List) Of(check string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for f, what := range l.faults {
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
