package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTallies: for two days, a page is asked for once a minute, and three others; then everybody asks for the first, and
// after that nobody for the second. What requests come to travels through the topic of facets, and the services find what
// scan finds in the same lines, under the same ids.
func TestTallies(t *testing.T) {
	const days, surge, after = 2, 900, 110
	begin := time.Now().Add(-(days + 1) * 24 * time.Hour).Truncate(time.Hour)
	end := begin.Add(days * 24 * time.Hour)
	var lines [][]byte
	ask := func(at time.Time, client int, path string) {
		lines = append(lines, request(at, fmt.Sprintf("198.51.100.%d", client%200), "-", "GET "+path, 200))
	}
	for i := range days * 24 * 60 {
		for k, path := range []string{"/a", "/b", "/c", "/d"} {
			ask(begin.Add(time.Duration(i)*time.Minute+time.Duration(k*11)*time.Second), i, path)
		}
	}
	for i := range surge {
		ask(end.Add(time.Duration(i)*180*time.Millisecond), i, "/a")
	}
	for i := range after {
		for k, path := range []string{"/a", "/c", "/d"} {
			ask(end.Add(time.Duration(i+3)*time.Minute+time.Duration(k*11)*time.Second), i, path)
		}
	}
	want := names(scan(t, lines), byID)
	for _, detector := range []string{"traffic_surge GET /a", "traffic_drop GET /b"} {
		if !slices.ContainsFunc(want, func(f string) bool { return strings.HasSuffix(f, detector) }) {
			t.Errorf("scan did not find %s, but %q", detector, want)
		}
	}
	p := start(t, 1)
	p.Send(lines, 0)
	stored(t, p, len(lines))
	p.Until(30*time.Second, "the findings are those of scan", func() (bool, string) {
		diff := difference(want, column(p.Query("SELECT concat(id, ' ', detector, ' ', entity) FROM findings_latest")))
		return diff == "", diff
	})
}
