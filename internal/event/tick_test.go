package event

import (
	"math"
	"testing"
)

func TestTick(t *testing.T) {
	for _, at := range []int64{1, 1_780_300_000_000_000_000, 1_780_300_000_123_456_789} {
		if got, ok := ParseTick(AppendTick(nil, at)); got != at || !ok {
			t.Errorf("%d came back as %d, %v", at, got, ok)
		}
	}
	if got, want := string(AppendTick(nil, 1_780_300_000_500_000_000)), "2026-06-01T07:46:40.5Z"; got != want {
		t.Errorf("a tick of %s, want %s", got, want)
	}
	for _, text := range []string{
		"", "now", "1780300000", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2262-01-01T00:00:00Z", "9999-01-01T00:00:00Z",
		string(AppendTick(nil, math.MinInt64)),
	} {
		if at, ok := ParseTick([]byte(text)); ok {
			t.Errorf("%q was taken for %d", text, at)
		}
	}
}
