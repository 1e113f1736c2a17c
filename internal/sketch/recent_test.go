package sketch

import (
	"math/rand/v2"
	"testing"
)

// TestRecentAgainstSets compares with sets by generation, while these are held exactly.
func TestRecentAgainstSets(t *testing.T) {
	const span = 1000
	rng := rand.New(rand.NewPCG(1, 1))
	var r Recent
	sets := map[int64]map[uint64]bool{}
	newest := int64(0)
	for range 3000 {
		newest += rng.Int64N(60)
		at := newest - rng.Int64N(span*5/2)
		v := uint64(rng.IntN(20)+1) << 40 // their upper halves differ
		g := floorDiv(at, span)
		head := max(floorDiv(newest, span), 0)
		r.Add(newest, span, 1<<40)
		add(sets, floorDiv(newest, span), 1<<40)
		r.Add(at, span, v)
		if head-g <= 1 {
			add(sets, g, v)
		}
		union := map[uint64]bool{}
		for _, set := range []map[uint64]bool{sets[head], sets[head-1]} {
			for v := range set {
				union[v] = true
			}
		}
		if r.Count() != len(union) {
			t.Fatalf("%d, want %d", r.Count(), len(union))
		}
		for n := range 30 {
			if r.AtLeast(n) != (len(union) >= n) {
				t.Fatalf("AtLeast(%d) of %d is %v", n, len(union), r.AtLeast(n))
			}
		}
		for v := range union {
			if !r.Has(v) {
				t.Fatal("a value that was added is not there")
			}
		}
	}
}

func add(sets map[int64]map[uint64]bool, g int64, v uint64) {
	if sets[g] == nil {
		sets[g] = map[uint64]bool{}
	}
	sets[g][v] = true
}

func TestRecentForgets(t *testing.T) {
	var r Recent
	r.Add(0, 10, 1<<40)
	r.Add(15, 10, 2<<40)
	if r.Count() != 2 {
		t.Errorf("%d in two generations, want 2", r.Count())
	}
	if r.Add(1, 10, 1<<40); r.Count() != 2 {
		t.Errorf("a value of the older generation counts twice: %d", r.Count())
	}
	r.Add(35, 10, 3<<40)
	if r.Count() != 1 {
		t.Errorf("%d after a gap, want 1", r.Count())
	}
	if r.Add(0, 10, 4<<40) || r.Count() != 1 {
		t.Error("a value older than both generations counts")
	}
}

func BenchmarkRecentAdd(b *testing.B) {
	var r Recent
	for i := 0; b.Loop(); i++ {
		r.Add(int64(i), 1<<20, uint64(i)*0x9e3779b97f4a7c15)
	}
}

func BenchmarkDistinctCount(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	var d Distinct
	for range 1000 {
		d.Add(rng.Uint64())
	}
	for b.Loop() {
		d.Count()
	}
}

func BenchmarkRecentCount(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	var r Recent
	for i := range int64(2000) {
		r.Add(i, 1000, rng.Uint64())
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Count()
	}
}
