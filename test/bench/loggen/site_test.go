package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

var combined = regexp.MustCompile(
	`^[0-9a-f.:]+ - - \[18/Mar/2025:\d\d:\d\d:\d\d \+0000\] "(GET|POST) /[^ "]* HTTP/1\.1" \d{3} \d+ "[^"]*" "[^"]+"\n$`)

func generate(t *testing.T, lines, clients int, seed uint64) []byte {
	t.Helper()
	s, err := newSite(lines, clients, seed)
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for i := range lines {
		b = s.appendLine(b, i)
	}
	return b
}

func TestLinesAreCombined(t *testing.T) {
	for line := range strings.Lines(string(generate(t, 20_000, 1000, 1))) {
		if !combined.MatchString(line) {
			t.Fatalf("not in the combined format: %q", line)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := generate(t, 5000, 1000, 1), generate(t, 5000, 1000, 1)
	if !bytes.Equal(a, b) {
		t.Error("two logs of one seed differ")
	}
	if bytes.Equal(a, generate(t, 5000, 1000, 2)) {
		t.Error("logs of two seeds are equal")
	}
}

func TestTrafficIsMixed(t *testing.T) {
	log := string(generate(t, 400_000, 10_000, 1))
	clients, agents := map[string]bool{}, map[string]bool{}
	v6, missing := 0, 0
	for line := range strings.Lines(log) {
		client, _, _ := strings.Cut(line, " ")
		if strings.Contains(client, ":") && !clients[client] {
			v6++
		}
		clients[client] = true
		agents[strings.Split(line, `"`)[5]] = true
		if strings.Contains(line, `" 404 `) {
			missing++
		}
	}
	if n := len(clients); n != 10_007 {
		t.Errorf("%d clients, want 10 000 and 7 attackers", n)
	}
	if share := float64(v6) / float64(len(clients)); share < 0.1 || share > 0.15 {
		t.Errorf("%.3f of the clients have IPv6, want one in eight", share)
	}
	if len(agents) < 1000 {
		t.Errorf("%d user agents, want thousands", len(agents))
	}
	// 3 % of the visits and about 5000 of the attackers' requests: 400 000 × 0.03 + 5000.
	if missing < 15_000 || missing > 19_000 {
		t.Errorf("%d misses, want about 17 000", missing)
	}
	for _, want := range []string{`\x22`, "sqlmap", "/.env", "Nikto"} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in the log", want)
		}
	}
}
