package literal

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type hit struct{ ID, End int }

// slowly is what a Set does, without an automaton.
func slowly(patterns []Pattern, text string) map[hit]bool {
	low, found := strings.ToLower(text), map[hit]bool{}
	for id, p := range patterns {
		for end := len(p.Text); end <= len(low); end++ {
			start := end - len(p.Text)
			if low[start:end] != p.Text || p.WordStart && start > 0 && IsWord(low[start-1]) || p.WordEnd && end < len(low) && IsWord(low[end]) {
				continue
			}
			found[hit{id, end}] = true
		}
	}
	return found
}

func TestSetFindsAll(t *testing.T) {
	var patterns []Pattern
	for _, s := range []string{"a", "ab", "bab", "bc", "bca", "c", "caa", `\bab`, `bc\b`, `\bca\b`, "aaaa", "b\\sc"} {
		patterns = append(patterns, Parse(s))
	}
	m, ok := New(patterns)
	if !ok {
		t.Fatal("too many")
	}
	seed := uint32(1)
	for range 2000 {
		var b []byte
		for range 12 {
			seed = seed*1664525 + 1013904223
			b = append(b, "abcABC ax"[(seed>>16)%9])
		}
		text := string(b)
		got := map[hit]bool{}
		m.Each(text, func(id, end int) { got[hit{id, end}] = true })
		if diff := cmp.Diff(slowly(patterns, text), got); diff != "" {
			t.Fatalf("Each(%q) (-want +got):\n%s", text, diff)
		}
	}
}
