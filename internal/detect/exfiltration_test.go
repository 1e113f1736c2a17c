package detect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

func exfiltrationRefusals() []refusal {
	with := func(change func(*ExfiltrationConfig)) func() error {
		return func() error {
			c := DefaultExfiltration()
			change(&c)
			return NewExfiltration(c).Validate()
		}
	}
	return []refusal{
		{"alerts_per_day", with(func(c *ExfiltrationConfig) { c.AlertsPerDay = 0 })},
		{"answers", with(func(c *ExfiltrationConfig) { c.Answers = 0 })},
		{"excess", with(func(c *ExfiltrationConfig) { c.Excess = 0 })},
		{"bytes", with(func(c *ExfiltrationConfig) { c.Bytes = 0 })},
		{"ratio", with(func(c *ExfiltrationConfig) { c.Ratio = 0 })},
		{"peers", with(func(c *ExfiltrationConfig) { c.Peers = 0 })},
	}
}

func exfiltrationThresholds() []threshold {
	yesterday := func(script string) string { return strings.ReplaceAll(script, `[01/Jun/2026:`, `[31/May/2026:`) }
	others := twice()
	usual := strings.ReplaceAll(yesterday(sized(200, "10s", 9_000, "23:00:00")), "203.0.113.9", "198.51.100.{i%2}")
	day := func(n int) string { // n MB an hour, for ten hours
		return strings.ReplaceAll(sized(600, "1m", n*1e6/60, "00:00:10"), "[01/", "[06/")
	}
	return []threshold{
		{"answers", 3, none, finding.Low, func(n int) string { return others + usual + sized(n, "5s", 4e6, "10:00:00") }},
		{"excess", 80, none, finding.Low, func(n int) string { // 29 without a state, 51 of which 9 kB are usual
			return others + usual + sized(n, "5s", 108e3, "10:00:00")
		}},
		{"a route that is known", 157, none, finding.Low, func(n int) string {
			// 29 answers to each of the two clients are not seen, and the first large one is the hundredth.
			return others + strings.Replace(usual, "repeat 200", fmt.Sprintf("repeat %d", n), 1) + sized(4, "5s", 4e6, "10:00:00")
		}},
		{"much larger", 65536, none, finding.Low, func(n int) string {
			return others + usual + sized(200, "5s", n, "10:00:00")
		}},
		{"bytes of a day", 6, none, finding.Low, func(n int) string {
			return sized(7200, "1m", 9e3, "00:00:00") + day(n)
		}},
		{"known by itself", 26, finding.Low, finding.Medium, func(n int) string { // of an hour, up to 20 MB and what is in the last answer
			return sized(7200, "1m", 9e3, "00:00:00") + strings.ReplaceAll(day(n), "repeat 600", "repeat 1080")
		}},
	}
}

// leak adds answers of a usual size, and then larger ones for somebody.
func (g *traffic) leak() {
	for i := range 360 {
		g.add(fmt.Sprintf("198.18.8.%d", i%2), time.Duration(i)*time.Second-time.Hour, "GET", "/export", 200).SetBodyBytesOut(9000)
	}
	for i := range 4 {
		g.add("203.0.113.13", 75*time.Second+time.Duration(i)*300*time.Millisecond, "GET", "/export", 200).SetBodyBytesOut(4_000_000)
	}
}

// TestUsualAnswers is about routes that share a place, and answers that are no measure.
func TestUsualAnswers(t *testing.T) {
	var h habits
	for range 150 {
		h.usual(7, 1000)
	}
	if usual, much := h.usual(7, 100_000); !much || usual < 999 || usual > 1001 {
		t.Errorf("of answers of 1000 bytes, %g is usual and 100000 much larger: %v", usual, much)
	}
	if _, much := h.usual(7, 60_000); much {
		t.Error("60 kB are much larger than usual, want 64 KiB at least")
	}
	other := uint64(7 + answerRoutes)
	for range 40 {
		if _, much := h.usual(other, 100_000); much {
			t.Error("a route that nobody knows has a usual size")
		}
	}
	if _, much := h.usual(7, 100_000); !much {
		t.Error("a route that shares a place with another was forgotten")
	}
	for range 300 {
		h.usual(other, 100_000)
	}
	if usual, _ := h.usual(other, 100_000); usual < 99_000 {
		t.Errorf("%g is usual for a route that is asked for more, want 100000", usual)
	}
}

// TestExfiltrationCapsHours is about hours that are volume_anomaly's.
func TestExfiltrationCapsHours(t *testing.T) {
	d, all := NewExfiltration(DefaultExfiltration()), &habits{}
	var s exfiltrationState
	ev := event.Event{}
	ev.SetStatus(200)
	ev.SetBodyBytesOut(9_000_000)
	for i := range 12 {
		at := start.Add(time.Duration(i) * 15 * time.Minute)
		o := Observation{Event: &ev, Time: at.UnixNano(), Answer: AnswerOK, RouteHash: 3, habits: all}
		d.Observe(&s, &o)
	}
	if want := uint64(3 * loudHour); s.Sent != want {
		t.Errorf("%d bytes of three hours with 36 MB each, want %d", s.Sent, want)
	}
	ev.SetBodyBytesOut(-5)
	o := Observation{Event: &ev, Time: start.UnixNano(), Answer: AnswerOK, habits: all}
	if s.add(&o) || s.Sent != 3*loudHour {
		t.Error("an answer of less than nothing counts")
	}
}
