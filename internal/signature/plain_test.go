package signature

import (
	"strings"
	"testing"

	"gatewatch/internal/event"
)

// TestPlainRequestsShowNothing holds the texts that are passed over to what a Probe says of them.
func TestPlainRequestsShowNothing(t *testing.T) {
	p, err := NewProbe(1)
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAgents(1)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", maxAgent)
	texts := []string{
		"", "-", "/", "/shop/chairs", "q=chair&page=2", "/../etc/passwd", "/a%2e%2e/b", "id=1'--", "q=<script>", "${jndi:ldap://x}",
		"Mozilla/5.0 (X11; Linux x86_64; rv:129.0)", "() { :;}; echo", long, long + "<script>alert(1)</script>", long + "'",
		"https://shop.example/?q='or'1'='1", "1 or 1=1", "\t", "\xff", "a:b", "a\"b",
	}
	found := 0
	for _, path := range texts {
		for _, query := range texts {
			for _, header := range texts {
				agent, plain := a.Look(header)
				if plain != PlainHeader(header) || agent != a.Classify(header) {
					t.Fatalf("Look(%.60q) = %+v, %v", header, agent, plain)
				}
				e := event.Event{Path: path, Query: query, UserAgent: header, Referrer: header}
				v := p.Inspect(&e)
				if v.Score > 0 {
					found++
				}
				if plain && PlainPath(path) && PlainQuery(query) && v != (Verdict{}) {
					t.Fatalf("%+v of a plain request: path %.60q, query %.60q, headers %.60q", v, path, query, header)
				}
			}
		}
	}
	if found == 0 {
		t.Error("nothing was found in any of them")
	}
}
