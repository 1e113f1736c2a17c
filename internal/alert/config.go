package alert

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/finding"
)

// Config says when people are told.
type Config struct {
	// MinSeverity is the least severity of a finding that opens an incident. Default: medium.
	MinSeverity finding.Severity
	// GroupWait is how long the first finding of an incident waits for others. Default: 0.
	GroupWait time.Duration
	// GroupInterval is how long news waits after the last notification, unless the severity rises. Default: 5m.
	GroupInterval time.Duration
	// RepeatInterval is after how long an incident that is still open is told again. Default: 4h.
	RepeatInterval time.Duration
	// Stale is after how long without news an incident counts as over: a detector closes a finding only when it sees
	// traffic, and does not speak of one that goes on as before. Default: 24h.
	Stale time.Duration
	// MaxGroups is how many incidents are remembered, those that are over included. Default: 10000.
	MaxGroups int
	// MaxFindings is how many findings of one incident are remembered. Default: 16.
	MaxFindings int
}

// DefaultConfig is what holds where nothing else is said.
func DefaultConfig() Config {
	return Config{
		MinSeverity: finding.Medium, GroupInterval: 5 * time.Minute, RepeatInterval: 4 * time.Hour, Stale: 24 * time.Hour,
		MaxGroups: 10_000, MaxFindings: 16,
	}
}

// Validate tells everything that is wrong.
func (c Config) Validate() error {
	var all []error
	fault := func(bad bool, format string, args ...any) {
		if bad {
			all = append(all, fmt.Errorf(format, args...))
		}
	}
	fault(c.MinSeverity < finding.Info || c.MinSeverity > finding.Critical, "min severity %d is none", c.MinSeverity)
	fault(c.GroupWait < 0, "group wait %v is negative", c.GroupWait)
	fault(c.GroupInterval <= 0, "group interval %v is not positive", c.GroupInterval)
	fault(c.RepeatInterval < c.GroupInterval, "repeat interval %v is shorter than group interval %v", c.RepeatInterval, c.GroupInterval)
	fault(c.Stale <= c.GroupInterval, "stale %v is not longer than group interval %v", c.Stale, c.GroupInterval)
	fault(c.MaxGroups < 1, "max groups %d is not positive", c.MaxGroups)
	fault(c.MaxFindings < 1, "max findings %d is not positive", c.MaxFindings)
	return errors.Join(all...)
}
