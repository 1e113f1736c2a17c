package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode"
)

// TestLogHoldsNoControlCharacters: what attackers wrote must not reach a terminal as a command to it, nor end a line.
func TestLogHoldsNoControlCharacters(t *testing.T) {
	var hostile strings.Builder
	for r := range rune(0x100) {
		hostile.WriteRune(r)
	}
	hostile.WriteString("\u2028\u202e\u2066\ufeff\xff\xc2\U000e0001 ünïcode 日本 😀")
	for name, text := range map[string]bool{"text": true, "json": false} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			log := NewLog(&b, slog.LevelInfo, text)
			log.Info("line rejected", "reason", hostile.String(), "err", errors.New(hostile.String()))
			line := strings.TrimSuffix(b.String(), "\n")
			for _, r := range line {
				if !unicode.IsPrint(r) {
					t.Errorf("%U is in the log as it is", r)
				}
			}
			if !strings.Contains(line, "ünïcode 日本 😀") {
				t.Errorf("letters of other languages are gone: %s", line)
			}
		})
	}
}

func TestEscapedJSONReadsBack(t *testing.T) {
	var b bytes.Buffer
	const want = "\x1b[31m\u009b2J\u202e\x7f \U000e0001 ü"
	NewLog(&b, slog.LevelInfo, false).Info("x", "v", want)
	var got struct{ V string }
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got.V != want {
		t.Errorf("%q, %v; want %q", got.V, err, want)
	}
}

func TestDurationsCanBeRead(t *testing.T) {
	var b bytes.Buffer
	NewLog(&b, slog.LevelInfo, false).Info("x", "pause", 90*time.Second)
	if !strings.Contains(b.String(), `"pause":"1m30s"`) {
		t.Errorf("log %s", b.String())
	}
}

func TestLevels(t *testing.T) {
	last := slog.Level(-100)
	for _, name := range Levels() {
		l, err := ParseLevel(name)
		if err != nil || l <= last {
			t.Errorf("ParseLevel(%s) = %v, %v; want more than %v", name, l, err, last)
		}
		last = l
	}
	if _, err := ParseLevel("loud"); err == nil || !strings.Contains(err.Error(), "debug, info, warn, error") {
		t.Errorf("ParseLevel(loud): %v, want the levels there are", err)
	}
	var b bytes.Buffer
	level := new(slog.LevelVar)
	level.Set(slog.LevelWarn)
	log := NewLog(&b, level, true)
	log.Info("not heard")
	level.Set(slog.LevelInfo)
	log.Info("heard")
	if got := b.String(); strings.Contains(got, "not heard") || !strings.Contains(got, "heard") {
		t.Errorf("log %q", got)
	}
}
