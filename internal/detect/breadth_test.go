package detect

import (
	"fmt"
	"strings"
	"testing"

	"gatewatch/internal/finding"
)

func breadthRefusals() []refusal {
	with := func(change func(*BreadthAnomalyConfig)) func() error {
		return func() error {
			c := DefaultBreadthAnomaly()
			change(&c)
			return NewBreadthAnomaly(c).Validate()
		}
	}
	return []refusal{
		{"alerts_per_day", with(func(c *BreadthAnomalyConfig) { c.AlertsPerDay = -1 })},
		{"objects", with(func(c *BreadthAnomalyConfig) { c.Objects = 1 })},
		{"routes", with(func(c *BreadthAnomalyConfig) { c.Routes = 0 })},
		{"day_objects", with(func(c *BreadthAnomalyConfig) { c.DayObjects = 1 })},
		{"ratio", with(func(c *BreadthAnomalyConfig) { c.Ratio = 0.9 })},
		{"peers", with(func(c *BreadthAnomalyConfig) { c.Peers = 0 })},
	}
}

// twice is thirty clients that come in two hours each, the last when the attacker does.
func twice() string {
	var b strings.Builder
	for _, at := range []string{"04:59:30", "05:00:30"} {
		b.WriteString(strings.NewReplacer("203.0.113.9", "198.51.100.{i}", `[01/Jun/2026:`, `[31/May/2026:`).Replace(
			later(requests(30, "1h", "GET /page", 200), at)))
	}
	return b.String()
}

// breadthAnomalyThresholds begin with the 29 requests that leave no state, and count estimates of what comes then.
func breadthAnomalyThresholds() []threshold {
	before := func(request string) string { return requests(29, "1s", request, 200) }
	others := twice()
	return []threshold{
		{"objects", 88, none, finding.Low, func(n int) string {
			return others + before("GET /") + later(requests(n, "5s", "GET /doc/{i}", 200), "10:00:30")
		}},
		{"pages", 93, none, finding.Low, func(n int) string {
			return others + before("GET /") + later(requests(n, "5s", "GET /list?size=9&page={i}", 200), "10:00:30")
		}},
		{"routes", 40, none, finding.Low, func(n int) string {
			var b strings.Builder
			for i := range n {
				b.WriteString(later(requests(1, "1s", "GET /"+string(rune('a'+i/26))+string(rune('a'+i%26)), 200), fmt.Sprintf("10:%02d:00", 1+i%58)))
			}
			return others + before("GET /") + b.String()
		}},
		{"known by itself", 456, finding.Low, finding.Medium, func(n int) string {
			own := strings.Replace(requests(1200, "90s", "GET /doc/{i%9}", 200), `[01/Jun/2026:`, `[31/May/2026:`, 1)
			return own + later(requests(n, "2s", "GET /doc/{i}", 200), "16:10:00")
		}},
		{"peers", 20, none, finding.Low, func(n int) string {
			return strings.ReplaceAll(others, "repeat 30", fmt.Sprintf("repeat %d", n+1)) + // what is known fades a little
				later(requests(400, "1s", "GET /doc/{i}", 200), "01:00:10")
		}},
	}
}

func TestPageOf(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"", ""},
		{"page=7", "7"},
		{"q=lamp&page=7&size=20", "7"},
		{"q=lamp&page=", ""},
		{"offset=40", "40"},
		{"cursor=bGFtcA", "bGFtcA"},
		{"page%5Bnumber%5D=3", "3"},
		{"from=1780000000", ""},
		{"pager=1", ""},
		{"page=" + strings.Repeat("9", 65), ""},
		{strings.Repeat("a=1&", 16) + "page=1", ""},
	} {
		if got := pageOf(tt.query); got != tt.want {
			t.Errorf("pageOf(%q) = %q, want %q", tt.query, got, tt.want)
		}
	}
}

// TestBreadthKeepsHoursAndDaysApart goes through two hours of a day, and into the next.
func TestBreadthKeepsHoursAndDaysApart(t *testing.T) {
	d, all := NewBreadthAnomaly(DefaultBreadthAnomaly()), &habits{}
	var s breadthAnomalyState
	ask := func(at string, from, to int) {
		for i := from; i < to; i++ {
			ev := parseScript(t, fmt.Sprintf("repeat 1 step 1s 192.0.2.1 - - [01/Jun/2026:%s +0000] \"GET /doc/%d HTTP/1.1\" 200 9 \"-\" \"x\"", at, i))[0]
			o := Observation{Event: &ev, Time: ev.Time, habits: all, RouteHash: 5}
			o.Object.Kind, o.Object.Hash = 1, uint64(i+1)<<33
			d.Observe(&s, &o)
		}
	}
	want := func(when string, hour, day uint32) {
		t.Helper()
		if s.Found[objectsHour] != hour || s.Found[objectsDay] != day {
			t.Errorf("%s: %d in the hour and %d in the day, want %d and %d", when, s.Found[objectsHour], s.Found[objectsDay], hour, day)
		}
	}
	ask("10:00:00", 0, 9)
	want("an hour", 9, 9)
	ask("11:00:00", 4, 14)
	want("the next", 10, 14)
	ask("10:59:59", 14, 15)
	want("a late one", 11, 15)
	if got := s.Pasts[objectsHour].Slow; got.Whole != 1 || got.Sum != 8 {
		t.Errorf("of the first hour %v was learned, want 9 less one", got)
	}
	if s.Pasts[objectsDay].Slow.Whole != 0 {
		t.Error("a day was learned before its end")
	}
}
