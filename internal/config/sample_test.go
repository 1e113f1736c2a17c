package config

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// suggestion is a line of the sample that is turned off: a comment that is a key with a value, or a key alone.
var suggestion = regexp.MustCompile(`(?m)^( *)# ( *[a-z_-]+:( .*)?)$`)

// TestSample: the annotated sample loads as it is, and what it suggests is right as well but for files that are not there.
func TestSample(t *testing.T) {
	const path = "../../deploy/gatewatch.yaml"
	nothing := func(string) (string, bool) { return "", false }
	cfg, err := Load(path, nothing)
	if err != nil || len(cfg.Warnings()) > 0 {
		t.Fatalf("%v, warnings %v", err, cfg.Warnings())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Replace(b, []byte("# yaml-language-server"), []byte("# The language server"), 1)
	text := string(suggestion.ReplaceAll(b, []byte("$1$2")))
	if n := strings.Count(string(b), "#") - strings.Count(text, "#"); n < 15 {
		t.Fatalf("%d suggestions, want more", n)
	}
	_, err = Parse(path, []byte(text), nothing)
	if err == nil {
		t.Fatal("the suggested files are there")
	}
	for fault := range strings.SplitSeq(err.Error(), "\n") {
		if !strings.HasSuffix(fault, "does not exist") {
			t.Error(fault)
		}
	}
}
