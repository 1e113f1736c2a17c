package simulate

import (
	"strings"
	"testing"
)

func TestDefaultIsValid(t *testing.T) {
	cfg := DefaultConfig()
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*Config)
		want  string
	}{
		{"no days", func(c *Config) { c.Days = 0 }, "days 0"},
		{"no clients", func(c *Config) { c.Clients = 0 }, "clients 0"},
		{"too many clients", func(c *Config) { c.Clients = 1 << 30 }, "clients 1073741824"},
		{"start", func(c *Config) { c.Start = "tomorrow" }, `start "tomorrow"`},
		{"zone", func(c *Config) { c.Zone = "Mars/Phobos" }, `zone "Mars/Phobos"`},
		{"activity", func(c *Config) { c.Activity = 0 }, "activity 0"},
		{"format", func(c *Config) { c.Format = "xml" }, `format "xml"`},
		{"attack", func(c *Config) { c.Attacks = []string{"flood", "heist"} }, `attack "heist"`},
		{"all among others", func(c *Config) { c.Attacks = []string{"flood", "all"} }, `attack "all"`},
		{"scenario", func(c *Config) { c.Scenarios = []string{"comet"} }, `scenario "comet"`},
		{"holiday", func(c *Config) { c.Holidays = []string{"friday"} }, `holiday "friday"`},
		{"repeat", func(c *Config) { c.Repeat = 0 }, "repeat 0"},
		{"intensity", func(c *Config) { c.Intensity = -1 }, "intensity -1"},
		{"stealth", func(c *Config) { c.Stealth = 1.5 }, "stealth 1.5"},
		{"quiet", func(c *Config) { c.Quiet = 30 }, "quiet 30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.Days = 30
			tt.spoil(&cfg)
			err := cfg.Validate()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want it to name %s", err, tt.want)
			}
			if _, other := New(cfg, &memory{}); other == nil {
				t.Error("a simulation was made of it")
			}
		})
	}
}
