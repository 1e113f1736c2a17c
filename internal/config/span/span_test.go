package span

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]time.Duration{"90s": 90 * time.Second, "7d": 168 * time.Hour, "2w": 336 * time.Hour, "1h30m": 90 * time.Minute} {
		if got, err := Parse(in); got != want || err != nil {
			t.Errorf("Parse(%s) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "d", "-1d", "99999999d", "1.5d", "soon", "7"} {
		if got, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", time.Second: "1s", 90 * time.Second: "1m30s", 5 * time.Minute: "5m", time.Hour: "1h", 90 * time.Minute: "1h30m",
		24 * time.Hour: "1d", 36 * time.Hour: "36h", 7 * 24 * time.Hour: "7d", 10*time.Minute + time.Second: "10m1s",
	} {
		got := Format(d)
		if got != want {
			t.Errorf("Format(%v) = %s, want %s", d, got, want)
		}
		if back, err := Parse(got); back != d || err != nil {
			t.Errorf("Parse(%s) = %v, %v; want %v", got, back, err, d)
		}
	}
}
