package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/config"
	"gatewatch/internal/config/span"
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
	got, err := settings(sourceFile{"config.go", []byte(specimen)})
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
		{"no struct", "package config", "no struct Config in the sources"},
		{"no Go", "type", "parsing source"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := settings(sourceFile{"config.go", []byte(tt.in)}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("settings: %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDefaultsAreTrue holds the comments' defaults against the code's.
func TestDefaultsAreTrue(t *testing.T) {
	list := ownSettings(t)
	defaults := values(reflect.ValueOf(config.Default()), "")
	for _, s := range list {
		v, ok := defaults[s.key]
		if !ok || s.kind == "mapping" {
			continue
		}
		want := said(v)
		if strings.HasSuffix(s.key, ".admin.listen") {
			continue // each service has its own, which the comment of admin says; see TestAdminDefaults
		}
		if want != "" && s.fallback != want {
			t.Errorf("%s: the comment says default %q, the code %q", s.key, s.fallback, want)
		}
		// A default in words is one of nothing: "none", "the system's".
		if want == "" && strings.ContainsAny(s.fallback, "0123456789") {
			t.Errorf("%s: the comment says default %q, the code has none", s.key, s.fallback)
		}
	}
}

func TestAdminDefaults(t *testing.T) {
	d := config.Default()
	want := map[string]string{
		"ingest.admin": d.Ingest.Admin.Listen, "detector.admin": d.Detector.Admin.Listen, "alerter.admin": d.Alerter.Admin.Listen,
	}
	for _, s := range ownSettings(t) {
		if at, ok := want[s.key]; ok && s.fallback != at {
			t.Errorf("%s: the comment says default %q, the code %q", s.key, s.fallback, at)
		}
	}
}

// said is a value as a comment says it, "" for nothing.
func said(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Duration:
		return span.Format(x)
	case []string:
		return strings.Join(x, ", ")
	case bool, int:
		return fmt.Sprint(x)
	case string:
		return x
	default:
		return ""
	}
}

// ownSettings are the settings of gatewatch.yaml.
func ownSettings(t *testing.T) []setting {
	t.Helper()
	var files []sourceFile
	for _, name := range []string{"config.go", "stream.go"} {
		text, err := os.ReadFile("../../internal/config/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sourceFile{name, text})
	}
	list, err := settings(files...)
	if err != nil {
		t.Fatal(err)
	}
	return list
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
