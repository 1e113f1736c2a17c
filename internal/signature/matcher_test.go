package signature

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type hit struct{ ID, End int }

// slowly is what matcher does, without an automaton.
func slowly(patterns []literal, text string) map[hit]bool {
	low, found := strings.ToLower(text), map[hit]bool{}
	for id, p := range patterns {
		for end := len(p.text); end <= len(low); end++ {
			start := end - len(p.text)
			if low[start:end] != p.text || p.wordStart && start > 0 && isWord(low[start-1]) || p.wordEnd && end < len(low) && isWord(low[end]) {
				continue
			}
			found[hit{id, end}] = true
		}
	}
	return found
}

func TestMatcherFindsAll(t *testing.T) {
	var patterns []literal
	for _, s := range []string{"a", "ab", "bab", "bc", "bca", "c", "caa", `\bab`, `bc\b`, `\bca\b`, "aaaa", "b\\sc"} {
		patterns = append(patterns, parseLiteral(s))
	}
	m, ok := newMatcher(patterns)
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
		m.each(text, func(id, end int) { got[hit{id, end}] = true })
		if diff := cmp.Diff(slowly(patterns, text), got); diff != "" {
			t.Fatalf("each(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestListsCompile(t *testing.T) {
	agents(t)
	lures(t)
	probe(t)
}
