package accesslog

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"gatewatch/internal/accesslog/envelope"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
)

// DefaultMaxLine is the longest line that is read by default, in bytes: far beyond any real request line and headers.
const DefaultMaxLine = 256 << 10

// Config says how the lines of one source are read.
type Config struct {
	// Format is the name of the format of all lines; envelopes around them are opened all the same. Default: recognise.
	Format string
	// Custom are formats of the configuration, tried before the others in their order. Default: none.
	Custom []format.Definition
	// MaxLine is the longest line that is read, in bytes. A record that holds a batch of lines may be longer, up to
	// envelope.MaxInflated. Default: DefaultMaxLine.
	MaxLine int
	// Zone is the offset from UTC of times that are logged without one. Default: 0.
	Zone time.Duration
	// Trust is the span of times that are believed. Default: from event.Earliest on, without end.
	Trust event.Trust
	// Resolver finds the client behind proxies. Default: the client is whom the gateway logged.
	Resolver *identity.Resolver
	// Redactor replaces secrets. Default: they stay.
	Redactor *identity.Redactor
}

// Validate tells all faults of the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.MaxLine < 0 || c.MaxLine > envelope.MaxInflated {
		errs = append(errs, fmt.Errorf("maximum line length %d: must be from 0 to %d bytes", c.MaxLine, envelope.MaxInflated))
	}
	if c.Zone < -24*time.Hour || c.Zone > 24*time.Hour {
		errs = append(errs, fmt.Errorf("zone %v: must be within a day of UTC", c.Zone))
	}
	seen := make(map[string]bool)
	names := make([]string, 0, len(c.Custom))
	for _, d := range c.definitions() {
		if seen[d.Name] {
			errs = append(errs, fmt.Errorf("format %q is defined twice", d.Name))
		}
		seen[d.Name] = true
		names = append(names, d.Name)
	}
	if c.Format != "" && !seen[c.Format] {
		errs = append(errs, fmt.Errorf("unknown format %q: the formats are %s", c.Format, strings.Join(names, ", ")))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.MaxLine == 0 {
		c.MaxLine = DefaultMaxLine
	}
	if c.Trust == (event.Trust{}) {
		c.Trust = event.Trust{NotBefore: event.Earliest, NotAfter: math.MaxInt64}
	}
	return c
}

// definitions are all formats: the custom ones, then JSON, then text, each in the order in which they are tried.
func (c Config) definitions() []format.Definition {
	all := append([]format.Definition(nil), c.Custom...)
	all = append(all, jsonlog.Definitions()...)
	return append(all, text.Definitions(c.Zone)...)
}

// Formats are the built-in formats.
func Formats() []format.Definition { return Config{}.definitions() }
