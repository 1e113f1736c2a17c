package config

import (
	"slices"

	"gatewatch/internal/finding"

	"gatewatch/internal/config/spell"
)

// severities are the severities of findings, the least first.
func severities() []string {
	var out []string
	for s := finding.Info; s <= finding.Critical; s++ {
		out = append(out, s.String())
	}
	return out
}

// Choices are the values that a key may have, nil for one that may have others; NAME stands for a name of the user's.
func Choices(key string) []string {
	switch key {
	case "kafka.sasl.mechanism":
		return []string{"plain", "scram-sha-256", "scram-sha-512"}
	case "clickhouse.compression":
		return []string{"lz4", "none"}
	case "log.level":
		return []string{"debug", "info", "warn", "error"}
	case "log.format":
		return []string{"json", "text", "auto"}
	case "alerter.min_severity", "alerter.receivers.NAME.min_severity":
		return severities()
	default:
		return nil
	}
}

// oneOf faults a value that is none of its key's choices.
func (d *decoder) oneOf(key, value string) {
	if choices := Choices(key); !slices.Contains(choices, value) {
		d.Fault(key, "%s", spell.Unknown("value", value, choices))
	}
}

// severity is oneOf for a severity that may be left out.
func (d *decoder) severity(key, value string) {
	if value != "" && !slices.Contains(severities(), value) {
		d.Fault(key, "%s", spell.Unknown("severity", value, severities()))
	}
}
