package heavy

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gatewatch/internal/sketch"
)

// TestAdversaryPushesOut: values that occur once each do not push out one that occurs often, nor hide how much it weighs.
func TestAdversaryPushesOut(t *testing.T) {
	for name, make := range followers() {
		f := make()
		if f.slots() == 1 {
			continue // its bound is the whole
		}
		rng := rand.New(rand.NewPCG(1, 1))
		const n = 40_000
		// Just above the share that is always followed.
		share := 1.2 / float64(f.slots())
		heavy := 0
		for i := range n {
			o := occurrence{0, fmt.Sprint("once ", i), 1}
			if rng.Float64() < share {
				o.name = "heavy"
				heavy++
			}
			f.add(o)
		}
		low, high := f.share("heavy")
		if got := float64(heavy) / n; low > got || high < got || high > got+1/float64(f.slots()) || high == 0 {
			t.Errorf("%s: a share of %.4f is between %.4f and %.4f", name, got, low, high)
		}
	}
}

// TestAdversaryBlowsMemory: no number and no choice of values makes a ranking larger than its bound.
func TestAdversaryBlowsMemory(t *testing.T) {
	r := NewRanking(sketch.Key{4}, 50, halfLife)
	long := strings.Repeat("x", 1<<16)
	for i := range 50_000 {
		v := fmt.Sprint(i)
		if i%1000 == 0 {
			v = long + v
		}
		r.Add(int64(i), v, 1)
	}
	if len(r.slots) != 50 || len(r.heap) != 50 || len(r.index) != 128 {
		t.Errorf("%d slots, %d in the heap, %d places", len(r.slots), len(r.heap), len(r.index))
	}
	if b, _ := r.AppendBinary(nil); len(b) > 50*(NameLength+25)+40 {
		t.Errorf("%d bytes are written", len(b))
	}
	if name := r.Top(0, 1)[0].Name; len(name) > NameLength {
		t.Errorf("a name of %d bytes", len(name))
	}
}

// TestLayout: a Hitters is a value whose memory is all there is to it.
func TestLayout(t *testing.T) {
	const want = 8 + 8 + Slots*(8+8+8)
	if got := reflect.TypeFor[Hitters]().Size(); got != want || want != 784 {
		t.Errorf("%d bytes, the fields take %d", got, want)
	}
	if got := reflect.TypeFor[ranked]().Size(); got != 96 { // with 4 bytes in the heap and 8 to 16 in the index, about 112
		t.Errorf("%d bytes a name, want 96", got)
	}
	for _, k := range []struct{ k, places int }{{-1, 4}, {1, 4}, {2, 4}, {100, 256}, {1 << 20, 2 * MaxRanked}} {
		if r := NewRanking(sketch.Key{}, k.k, 0); len(r.index) != k.places || cap(r.slots) != r.limit {
			t.Errorf("k = %d: %d places for %d slots", k.k, len(r.index), r.limit)
		}
	}
}
