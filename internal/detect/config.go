package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/route"
)

// Config bounds the engine and seeds its hashes.
type Config struct {
	// Seed keys every hash that decides about identity or counts. It is part of the state: keep it secret and constant.
	Seed uint64
	// Lateness is how far behind the newest event an event may be and still count in full.
	Lateness time.Duration
	// MaxEntities bounds the entities remembered, per kind.
	MaxEntities int
	// MaxStates bounds the states of each detector.
	MaxStates int
	// MaxEpisodes bounds the episodes open at once.
	MaxEpisodes int
	// Zone is where the people live whose hours and days make the rhythm of the traffic; nil is UTC.
	Zone *time.Location
	// Holidays are days on which they do not do what they do on other days of the week; nil has none.
	Holidays *baseline.Calendar
	// Routes are patterns of what routes are for, ahead of the built-in ones.
	Routes []route.Rule
}

// DefaultConfig remembers a million clients.
func DefaultConfig() Config {
	return Config{
		Lateness:    time.Minute,
		MaxEntities: 1 << 20,
		MaxStates:   1 << 18,
		MaxEpisodes: 1 << 14,
	}
}

// Validate returns every fault at once.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(c.Lateness >= 0 && c.Lateness <= time.Hour, "lateness %s: want 0 to 1h", c.Lateness)
	check(c.MaxEntities >= 1 && c.MaxEntities <= maxRecords, "max_entities %d: want 1 to %d", c.MaxEntities, maxRecords)
	check(c.MaxStates >= 1 && c.MaxStates <= 1<<28, "max_states %d: want 1 to %d", c.MaxStates, 1<<28)
	check(c.MaxEpisodes >= 1, "max_episodes %d: want at least 1", c.MaxEpisodes)
	check(c.MaxEpisodes < c.MaxEntities && c.MaxEpisodes < c.MaxStates,
		"max_episodes %d: want fewer than max_entities and max_states, so that something can be evicted", c.MaxEpisodes)
	return errors.Join(errs...)
}
