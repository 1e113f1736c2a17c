package detect

import (
	"fmt"
	"testing"
	"time"

	"gatewatch/internal/baseline"
	"gatewatch/internal/finding"
)

// took are n requests of many clients that take as many milliseconds, from an hour of June 2026 on.
func took(n int, step, path string, milliseconds int, at string) string {
	return fmt.Sprintf("repeat %d step %s {\"timestamp\":\"2026-06-%sZ\",\"client_ip\":\"198.51.100.{i%%200}\",\"method\":\"GET\","+
		"\"host\":\"shop.example\",\"service\":\"shop\",\"path\":%q,\"status\":200,\"duration_us\":%d0{i%%9}}\n", n, step, at, path, milliseconds*10)
}

func latencyShiftThresholds() []threshold {
	days := took(2220, "1m", "/page", 20, "01T00:00:30")
	after := took(10, "1m", "/page", 20, "02T14:30:30")
	return []threshold{
		{"requests", 14, none, finding.Low, func(n int) string { // and as many of the minutes around
			return days + took(n, "10s", "/page", 80, "02T13:00:30") + after
		}},
		{"ratio", 32, none, finding.Low, func(n int) string { // durations are known to a factor of 1.4
			return days + took(240, "15s", "/page", n, "02T13:00:30") + after
		}},
		{"twice the ratio", 64, finding.Low, finding.Medium, func(n int) string {
			return days + took(240, "15s", "/page", n, "02T13:00:30") + after
		}},
		{"increase", 16, none, finding.Medium, func(n int) string { // of four milliseconds
			return took(2220, "1m", "/page", 4, "01T00:00:30") + took(240, "15s", "/page", n, "02T13:00:30") + after
		}},
	}
}

func TestDayPart(t *testing.T) {
	india, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct {
		name string
		zone *time.Location
		at   string
		want int
	}{
		{"midnight", nil, "2026-06-01T00:00:00Z", 0},
		{"before ten past", nil, "2026-06-01T00:09:59Z", 0},
		{"ten past", nil, "2026-06-01T00:10:00Z", 1},
		{"the last", nil, "2026-06-01T23:59:59Z", 143},
		{"half an hour off", india, "2026-06-01T00:00:00Z", 5*6 + 3},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayPart(baseline.NewHours(tt.zone, nil), at.UnixNano()); got != tt.want {
			t.Errorf("%s: part %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestLatencyShiftGetsUsedToIt has a service become twice as slow for good on its fourth day.
func TestLatencyShiftGetsUsedToIt(t *testing.T) {
	d, meters := NewLatencyShift(DefaultLatencyShift()), &meterings{}
	var s latencyShiftState
	told := map[int]int{}
	for minute := range 8 * 24 * 60 {
		slot := 16 + minute%3
		if minute >= 3*24*60 {
			slot += 2
		}
		o := minuteOfService(minute, 10, 0)
		o.meters, o.Settled = meters, o.Settled+1
		o.Endpoint = 0
		if _, so := d.Observe(&s, &o); so {
			told[minute/(24*60)]++
		}
		o.Endpoint = 9
		o.Tally.Durations[slot] = 10
		if _, so := d.Observe(&s, &o); so {
			told[minute/(24*60)]++
		}
	}
	if told[0]+told[1]+told[2] > 0 || told[3] < 600 || told[4] > 60 || told[5]+told[6]+told[7] > 0 {
		t.Errorf("told by day: %v, want it on the fourth", told)
	}
}
