package sketch

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/axiomhq/hyperloglog"
)

// BenchmarkSlab is three sets for each of a hundred thousand clients, of whom most have a handful of values: what they take
// and what a garbage collection costs, beside other ways to hold them in the same run.
func BenchmarkSlab(b *testing.B) {
	const clients, sets = 100_000, 3
	for _, tt := range []struct {
		name string
		make func() (add func(set int, hash uint64), hold any)
	}{
		{"few", func() (func(int, uint64), any) {
			slab := make([]Few, clients*sets)
			return func(set int, hash uint64) { slab[set].Add(hash) }, slab
		}},
		{"distinct", func() (func(int, uint64), any) {
			slab := make([]Distinct, clients*sets)
			return func(set int, hash uint64) { slab[set].Add(hash) }, slab
		}},
		{"map", func() (func(int, uint64), any) {
			slab := make([]map[uint64]struct{}, clients*sets)
			return func(set int, hash uint64) {
				if slab[set] == nil {
					slab[set] = map[uint64]struct{}{}
				}
				slab[set][hash] = struct{}{}
			}, slab
		}},
		{"axiomhq p11", func() (func(int, uint64), any) {
			slab := make([]*hyperloglog.Sketch, clients*sets)
			return func(set int, hash uint64) {
				if slab[set] == nil {
					slab[set], _ = hyperloglog.NewSketch(11, true)
				}
				slab[set].InsertHash(hash)
			}, slab
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				add, hold := tt.make()
				rng := rand.New(rand.NewPCG(1, 1))
				start, adds := time.Now(), 0
				for set := range clients * sets {
					n := manyValues(rng)
					adds += n
					for range n {
						add(set, rng.Uint64())
					}
				}
				took := time.Since(start)
				runtime.GC()
				runtime.ReadMemStats(&after)
				start = time.Now()
				runtime.GC()
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms/GC")
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/clients, "B/client")
				b.ReportMetric(float64(took.Nanoseconds())/float64(adds), "ns/add")
				runtime.KeepAlive(hold)
			}
		})
	}
}

// manyValues is how many values a set has: 80 % up to 3, 15 % up to 16, 4.5 % up to 100, the rest up to 5000.
func manyValues(rng *rand.Rand) int {
	switch p := rng.IntN(1000); {
	case p < 800:
		return 1 + rng.IntN(3)
	case p < 950:
		return 4 + rng.IntN(13)
	case p < 995:
		return 17 + rng.IntN(84)
	default:
		return 100 + rng.IntN(4900)
	}
}
