package tally

import (
	"slices"
	"testing"
	"time"
)

const minute = int64(time.Minute)

func TestProgressWaitsForPartitions(t *testing.T) {
	var p Progress
	for _, tt := range []struct {
		name      string
		partition int32
		until     int64
		want      int64
	}{
		{"the first", 0, 100 * minute, 100 * minute},
		{"one that is behind", 1, 98 * minute, 98 * minute},
		{"one that is ahead", 0, 101 * minute, 98 * minute},
		{"it follows", 1, 99 * minute, 99 * minute},
		{"so far ahead that nobody waits", 0, 110 * minute, 110 * minute},
		{"it comes back", 1, 105 * minute, 105 * minute},
		{"a clock that was wrong is put right", 0, 50 * minute, 105 * minute},
	} {
		p.Note(tt.partition, tt.until)
		if got := p.Settled(); got != tt.want {
			t.Errorf("%s: settled at minute %d, want %d", tt.name, got/minute, tt.want/minute)
		}
		var saved Progress
		if err := saved.ReadFrom(p.AppendTo(nil)); err != nil || saved.Settled() != p.Settled() {
			t.Errorf("%s: restored as %d, %v", tt.name, saved.Settled()/minute, err)
		}
	}
}

func TestProgressIsBounded(t *testing.T) {
	var p Progress
	for i := range int32(2 * maxPartitions) {
		p.Note(i, int64(i))
	}
	if len(p.marks) > maxPartitions {
		t.Errorf("%d partitions", len(p.marks))
	}
	for _, b := range [][]byte{{}, {1}, {0xff, 0xff, 0xff, 0x7f}, {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0}} {
		if err := p.ReadFrom(b); err == nil {
			t.Errorf("%v was read", b)
		}
	}
}

// popped are the minutes that are over, as start and what is in them.
func popped(m *Minutes[int], settled int64) (all [][2]int64) {
	for {
		start, n, ok := m.Pop(settled)
		if !ok {
			return all
		}
		all = append(all, [2]int64{start / minute, int64(n)})
	}
}

func TestMinutes(t *testing.T) {
	var m Minutes[int]
	add := func(at int64, n int) bool {
		v := m.At(at)
		if v != nil {
			*v += n
		}
		return v != nil
	}
	if got := popped(&m, 1000*minute); got != nil {
		t.Errorf("before the first: %v", got)
	}
	add(1000*minute, 1)
	add(1000*minute+59e9, 2)
	add(1002*minute, 4)
	if got := popped(&m, 1001*minute-1); got != nil {
		t.Errorf("an unsettled minute: %v", got)
	}
	if got, want := popped(&m, 1002*minute+30e9), [][2]int64{{1000, 3}, {1001, 0}}; !slices.Equal(got, want) {
		t.Errorf("popped %v, want %v", got, want)
	}
	if add(1001*minute, 8) {
		t.Error("added to a minute that is over")
	}
	if add((1002+ring)*minute, 8) {
		t.Error("added beyond the ring")
	}
	if got, want := popped(&m, 1004*minute), [][2]int64{{1002, 4}, {1003, 0}}; !slices.Equal(got, want) {
		t.Errorf("popped %v, want %v", got, want)
	}
	add(1005*minute, 16)
	long := popped(&m, (1005+7*24*60)*minute)
	if len(long) != longest || slices.ContainsFunc(long, func(v [2]int64) bool { return v[1] != 0 }) {
		t.Errorf("a week gave %d minutes", len(long))
	}
	if !add((1005+7*24*60)*minute, 32) {
		t.Error("nothing can be added after a gap")
	}
}
