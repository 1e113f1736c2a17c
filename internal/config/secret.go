package config

import (
	"fmt"
	"log/slog"
)

// Secret is a text that is printed nowhere: not by fmt with any verb, not in JSON, YAML or a log.
type Secret string

const hidden = "<secret>"

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// Format hides the secret from the verbs that do not ask for a String, such as %d.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText hides the secret from JSON, YAML and the handlers of slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
