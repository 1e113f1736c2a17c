// Package simulate writes the access log of an imaginary shop: believable traffic of people, apps, partners and machines,
// attacks on it, and the truth about both, so that detectors can be judged. The same seed gives the same bytes. How
// detectors work is not known here.
package simulate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	_ "time/tzdata" // people live in time zones, whether the machine knows of them or not

	"gatewatch/internal/app/simulate/attack"
	"gatewatch/internal/app/simulate/render"
	"gatewatch/internal/app/simulate/scenario"
)

// Config says what is simulated.
type Config struct {
	// Seed makes one simulation differ from the next. Default: 1.
	Seed uint64
	// Start is the first day, from midnight on in Zone. Default: 2026-03-02.
	Start string
	// Zone is the site's time zone. Default: Europe/Berlin.
	Zone string
	// Days is how long. Default: 30.
	Days int
	// Clients is how many people, phones and partners there are. Default: 5000.
	Clients int
	// Activity is a factor of how often they come. Default: 1.
	Activity float64
	// Format is how lines are written: see render.Names. Default: nginx-json.
	Format string
	// Attacks and Scenarios are names, or "all" or "none" alone. Default: all.
	Attacks, Scenarios []string
	// Holidays are dates as in 2026-04-03. Default: a Friday.
	Holidays []string
	// Repeat is how often each attack is made. Default: 1.
	Repeat int
	// Intensity multiplies how much and how fast attackers ask. Default: 1.
	Intensity float64
	// Stealth, from 0 to 1, makes them slower and more like everybody else. Default: 0.
	Stealth float64
	// Quiet is how many days pass before the first attack; negative: a quarter of all, and no more than a week. Default: -1.
	Quiet int
}

// DefaultConfig is a month of five thousand clients under all attacks.
func DefaultConfig() Config {
	return Config{
		Seed: 1, Start: "2026-03-02", Zone: "Europe/Berlin", Days: 30, Clients: 5000, Activity: 1, Format: "nginx-json",
		Attacks: []string{all}, Scenarios: []string{all}, Repeat: 1, Intensity: 1, Quiet: -1,
	}
}

const (
	all  = "all"
	none = "none"
)

// The bounds of a configuration.
const (
	maxDays    = 3660
	maxClients = 1_000_000
	maxRepeat  = 1000
)

// Validate returns every fault at once.
func (c *Config) Validate() error {
	var errs []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	want(c.Days >= 1 && c.Days <= maxDays, "days %d: want 1 to %d", c.Days, maxDays)
	want(c.Clients >= 1 && c.Clients <= maxClients, "clients %d: want 1 to %d", c.Clients, maxClients)
	want(c.Activity > 0 && c.Activity <= 1000, "activity %g: want more than 0, and at most 1000", c.Activity)
	want(c.Repeat >= 1 && c.Repeat <= maxRepeat, "repeat %d: want 1 to %d", c.Repeat, maxRepeat)
	want(c.Intensity > 0 && c.Intensity <= 1000, "intensity %g: want more than 0, and at most 1000", c.Intensity)
	want(c.Stealth >= 0 && c.Stealth <= 1, "stealth %g: want 0 to 1", c.Stealth)
	want(c.Quiet < c.Days, "quiet %d: want fewer than all %d days", c.Quiet, c.Days)
	want(slices.Contains(render.Names(), c.Format), "format %q: want one of %s", c.Format, strings.Join(render.Names(), ", "))
	if _, err := c.begin(); err != nil {
		errs = append(errs, err)
	}
	for _, day := range c.Holidays {
		_, err := time.Parse(time.DateOnly, day)
		want(err == nil, "holiday %q: want a date as in 2026-04-03", day)
	}
	_, err := choose("attack", c.Attacks, attackNames())
	_, other := choose("scenario", c.Scenarios, scenarioNames())
	return errors.Join(append(errs, err, other)...)
}

// begin is midnight of the first day.
func (c *Config) begin() (time.Time, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("zone %q: %w", c.Zone, err)
	}
	begin, err := time.ParseInLocation(time.DateOnly, c.Start, zone)
	if err != nil || begin.Year() < 1990 || begin.Year() > 2200 {
		return time.Time{}, fmt.Errorf("start %q: want a date as in 2026-03-02, from 1990 to 2200", c.Start)
	}
	return begin, nil
}

// quiet is how many days pass before the first attack.
func (c *Config) quiet() int {
	if c.Quiet >= 0 {
		return c.Quiet
	}
	return min(c.Days/4, 7)
}

func attackNames() []string {
	var out []string
	for _, a := range attack.All() {
		out = append(out, a.Name)
	}
	return out
}

func scenarioNames() []string {
	var out []string
	for _, s := range scenario.All() {
		out = append(out, s.Name)
	}
	return out
}

// choose is the part of the known names that is asked for, in their order, so that the order of a flag changes nothing.
func choose(kind string, asked, known []string) ([]string, error) {
	var errs []error
	wanted := map[string]bool{}
	for _, name := range asked {
		switch {
		case name == all && len(asked) == 1:
			return known, nil
		case name == none && len(asked) == 1:
			return nil, nil
		case !slices.Contains(known, name):
			errs = append(errs, fmt.Errorf("%s %q is unknown: --list shows all, and \"all\" or \"none\" stands alone", kind, name))
		}
		wanted[name] = true
	}
	var out []string
	for _, name := range known {
		if wanted[name] {
			out = append(out, name)
		}
	}
	return out, errors.Join(errs...)
}
