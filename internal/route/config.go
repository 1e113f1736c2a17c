// Package route turns paths into route templates of low cardinality, finds the object id in a request, and tells what a
// route is for: a login, an admin area, a static asset. It knows no detector and keeps nothing about clients, except the
// fixed-size LoginProfile that a login route's state embeds.
package route

import (
	"errors"
	"fmt"
)

// Config bounds a Templater.
type Config struct {
	// Seed seeds the hash of object ids, so that nobody outside can choose ids that collide. Default 0: set it.
	Seed uint64
	// MaxChildren is how many distinct literal children one template may have before they become {slug}. Default 50.
	MaxChildren int
	// MaxNodes bounds the literals remembered below all templates together; unknown ones become {other} beyond it. Default 20 000.
	MaxNodes int
}

// DefaultConfig is the configuration without a file.
func DefaultConfig() Config { return Config{MaxChildren: 50, MaxNodes: 20_000} }

// Validate names every fault of the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.MaxChildren < 2 || c.MaxChildren > 10_000 {
		errs = append(errs, fmt.Errorf("max_children %d: want 2 to 10000", c.MaxChildren))
	}
	if c.MaxNodes < 100 || c.MaxNodes > 1_000_000 {
		errs = append(errs, fmt.Errorf("max_nodes %d: want 100 to 1000000", c.MaxNodes))
	}
	return errors.Join(errs...)
}
