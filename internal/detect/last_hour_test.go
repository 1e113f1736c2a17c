package detect

import (
	"testing"
	"time"
)

func TestLastHour(t *testing.T) {
	const minute = int64(time.Minute)
	var l lastHour[int]
	add := func(at int64, n int) bool {
		v := l.at(at)
		if v != nil {
			*v += n
		}
		return v != nil
	}
	for _, tt := range []struct {
		name     string
		settled  int64
		from, to uint32
	}{
		{"the first", 1000 * minute, 0, 0},
		{"within a minute", 1000*minute + 30e9, 0, 0},
		{"it ends, and some of it is still to come", 1001 * minute, 0, 0},
		{"now it has come", 1001*minute + 10e9, 1000, 1001},
		{"a long gap", 1400 * minute, 0, 0},
		{"of which the last hour is kept", 1401 * minute, 1400 - keptMinutes, 1400},
		{"back, as long as a partition is slow", 1390 * minute, 0, 0},
		{"back, as the clock was wrong", 1000 * minute, 0, 0},
		{"and on from there", 1001 * minute, 0, 0},
		{"as if it had been the first", 1002 * minute, 1000, 1001},
	} {
		if from, to := l.hear(tt.settled); from != tt.from || to != tt.to {
			t.Errorf("%s: settled %d to %d, want %d to %d", tt.name, from, to, tt.from, tt.to)
		}
	}
	if !add(1001*minute, 1) || !add(1001*minute+59e9, 2) || !add(1010*minute, 4) {
		t.Error("what is not settled was refused")
	}
	if add(1000*minute, 8) {
		t.Error("added to a minute that is settled")
	}
	if add(2000*minute, 8) {
		t.Error("added to a minute of another age")
	}
	if got := [...]int{l.of(1001), l.of(1002), l.of(1010)}; got != [...]int{3, 0, 4} {
		t.Errorf("minutes hold %v", got)
	}
}
