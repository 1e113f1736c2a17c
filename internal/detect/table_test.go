package detect

import (
	"math/rand/v2"
	"testing"

	"gatewatch/internal/event"
)

// TestTableAgainstMap compares a table with a map of what must be in it, with keys that collide in the index.
func TestTableAgainstMap(t *testing.T) {
	for _, limit := range []int{1, 7, 1000, 3000} {
		rng := rand.New(rand.NewPCG(1, uint64(limit)))
		oracle := map[event.Key]uint32{}
		tab := newTable(limit, 1, func(_ *table, r *record) { delete(oracle, r.Key) })
		for range 50_000 {
			k := event.Key{Lo: rng.Uint64N(uint64(limit) * 2), Hi: rng.Uint64N(2)}
			if rng.IntN(3) == 0 {
				ref, ok := tab.find(k)
				if want, in := oracle[k]; ok != in || ok && ref != want {
					t.Fatalf("limit %d: find(%v) = %d, %v; want %d, %v", limit, k, ref, ok, want, in)
				}
				continue
			}
			_, in := oracle[k]
			ref, fresh := tab.get(k)
			if fresh == in || in && ref != oracle[k] {
				t.Fatalf("limit %d: get(%v) = %d, fresh %v; in the map %v as %d", limit, k, ref, fresh, in, oracle[k])
			}
			oracle[k] = ref
			if tab.at(ref).Key != k {
				t.Fatalf("limit %d: the record of %v is that of %v", limit, k, tab.at(ref).Key)
			}
			tab.at(ref).Chances = uint8(rng.IntN(3))
		}
		if len(oracle) != tab.used || tab.used > limit {
			t.Fatalf("limit %d: %d used, %d in the map", limit, tab.used, len(oracle))
		}
		for k, want := range oracle {
			if ref, ok := tab.find(k); !ok || ref != want {
				t.Fatalf("limit %d: lost %v", limit, k)
			}
		}
	}
}

func TestTableSparesThePinned(t *testing.T) {
	tab := newTable(4, 1, func(*table, *record) {})
	pinned, _ := tab.get(event.Key{Lo: 1})
	tab.at(pinned).Pins = 1
	for n := range uint64(100) {
		tab.get(event.Key{Lo: n + 10})
	}
	if ref, ok := tab.find(event.Key{Lo: 1}); !ok || ref != pinned {
		t.Error("the pinned record was evicted")
	}
	if tab.evicted != 97 {
		t.Errorf("%d evicted, want 97", tab.evicted)
	}
}

func TestTableGivesSecondChances(t *testing.T) {
	tab := newTable(3, 1, func(*table, *record) {})
	for n := range uint64(3) {
		ref, _ := tab.get(event.Key{Lo: n + 1})
		tab.at(ref).Chances = uint8(n % 2) // the second has a chance
	}
	tab.get(event.Key{Lo: 10})
	tab.get(event.Key{Lo: 11})
	if _, ok := tab.find(event.Key{Lo: 2}); !ok {
		t.Error("the record with a chance went before the one without")
	}
}
