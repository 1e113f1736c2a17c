package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/config"
)

const specimen = `package config

// Config is the file.
type Config struct {
	// MaxLine is the longest line in bytes. Default: 262144.
	MaxLine int
	// HashKeyFile names a file, in place of MaxLine.
	HashKeyFile string
	// Redact says what is secret.
	Redact Redact
	// Formats are formats of your own, by name.
	Formats map[string]Format
	hidden  int
}

// Redact is.
type Redact struct {
	// Keep are names. Default: none beyond x.
	Keep []string
}

// Format is.
type Format struct {
	// JSON maps columns to keys, unlike LogFormat.
	JSON map[string]string
}
`

func TestSettings(t *testing.T) {
	got, err := settings("config.go", []byte(specimen))
	if err != nil {
		t.Fatal(err)
	}
	want := []setting{
		{"max_line", "whole number", "The longest line in bytes.", "262144"},
		{"hash_key_file", "text", "Names a file, in place of `max_line`.", ""},
		{"redact", "mapping", "Says what is secret.", ""},
		{"redact.keep", "list of texts", "Names.", "none beyond x"},
		{"formats", "mapping", "Formats of your own, by name.", ""},
		{"formats.NAME.json", "mapping", "Maps columns to keys, unlike LogFormat.", ""},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(setting{})); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestSettingsFaults(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"no comment", strings.Replace(specimen, "	// JSON maps columns to keys, unlike LogFormat.\n", "", 1), "config.go:24:2: Format.JSON has no comment"},
		{"no struct", "package config", "no struct Config"},
		{"no Go", "type", "parsing source"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := settings("config.go", []byte(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("settings: %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDefaultsAreTrue holds the comments' defaults against the code's.
func TestDefaultsAreTrue(t *testing.T) {
	const path = "../../internal/config/config.go"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := settings(path, src)
	if err != nil {
		t.Fatal(err)
	}
	l := config.Default().Limits
	want := map[string]int{
		"limits.max_entities": l.MaxEntities, "limits.max_states": l.MaxStates, "limits.max_episodes": l.MaxEpisodes,
		"limits.max_findings": l.MaxFindings, "limits.max_line": l.MaxLine,
	}
	for _, s := range list {
		if n, ok := want[s.key]; ok && s.fallback != fmt.Sprint(n) {
			t.Errorf("%s: the comment says default %s, the code %d", s.key, s.fallback, n)
		}
		delete(want, s.key)
	}
	if len(want) > 0 {
		t.Errorf("keys without a line: %v", want)
	}
}

// TestPageIsAConfiguration parses the page's YAML: a reader may copy it.
func TestPageIsAConfiguration(t *testing.T) {
	parts := strings.Split(string(render(nil)), "```")
	for i := 1; i < len(parts); i += 2 {
		text, ok := strings.CutPrefix(parts[i], "yaml\n")
		if !ok {
			t.Fatalf("a block that is no YAML: %q", parts[i])
		}
		if _, err := config.Parse("page.yaml", []byte(text), os.LookupEnv); err != nil {
			t.Errorf("%v in:\n%s", err, text)
		}
	}
	if len(parts) != 5 {
		t.Errorf("%d blocks, want 2", len(parts)/2)
	}
}
