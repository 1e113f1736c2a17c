package detect

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"gatewatch/internal/event"
)

// TestRecordIsALine keeps what every client costs to a line of the processor's cache.
func TestRecordIsALine(t *testing.T) {
	if got := unsafe.Sizeof(record{}); got != 64 {
		t.Errorf("a record takes %d bytes, want 64", got)
	}
}

// TestHeld lets entities get, change and lose states, more of them than a record has room for, and be evicted.
func TestHeld(t *testing.T) {
	const entities, room = 12, 8
	oracle := map[event.Key]map[int]uint32{}
	tab := newTable(room, 1, func(_ *table, r *record) { delete(oracle, r.Key) })
	rng := rand.New(rand.NewPCG(1, 2))
	for step := range 20_000 {
		key := event.Key{Lo: uint64(rng.IntN(entities)) + 1}
		ref, fresh := tab.get(key)
		if fresh {
			oracle[key] = map[int]uint32{}
		}
		col, slot := rng.IntN(maxColumns), uint32(rng.IntN(4))
		if step/2000%2 == 1 {
			slot = min(slot, 1) * uint32(step&1) // times in which most is lost
		}
		tab.hold(tab.at(ref), col, slot)
		if oracle[key][col] = slot; slot == 0 {
			delete(oracle[key], col)
		}
		for k, want := range oracle {
			ref, ok := tab.find(k)
			if !ok {
				t.Fatalf("step %d: %v is gone", step, k)
			}
			for c := range maxColumns {
				if got := tab.slot(tab.at(ref), c); got != want[c] {
					t.Fatalf("step %d: column %d of %v is %d, want %d", step, c, k, got, want[c])
				}
			}
		}
	}
	if len(tab.more) > room {
		t.Errorf("%d entities had more states than a record has room for, of %d at once", len(tab.more), room)
	}
}
