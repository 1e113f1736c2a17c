package sketch

import (
	"bytes"
	"math"
	"testing"
	"unsafe"
)

// fill gives a value the memory b, repeated.
func fill[T any](v *T, b []byte) {
	memory := unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
	for n := 0; n < len(memory) && len(b) > 0; {
		n += copy(memory[n:], b)
	}
}

// FuzzMemory: sketches that are stored as their memory may come back as any bytes. What they then say is nothing, but no
// method panics or takes forever.
func FuzzMemory(f *testing.F) {
	f.Add([]byte{0}, int64(0))
	f.Add([]byte{0xff}, int64(math.MaxInt64))
	f.Add([]byte{0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, int64(math.MaxInt64))
	f.Add([]byte{0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, int64(math.MaxInt64))
	f.Add([]byte{0x80, 0, 0, 0, 0, 0, 0}, int64(math.MinInt64))
	f.Add([]byte{40, 0, 0, 0}, int64(1e18))
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 4, 0, 0, 0}, int64(1e18))
	f.Add([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 40, 0, 0, 0, 3}, int64(1e18))
	f.Add(bytes.Repeat([]byte{7, 0, 0, 0}, 5), int64(1))
	f.Add([]byte("\xff\x00\xe8\x00\x00\x00\xff\x00\xe8\x03\x00\x00\x04\x00\x00\x00\xff\x00\xe8\x00\x00\x00\x00\x00\x00\x04\x00\x000"), int64(1e18+79))
	f.Fuzz(func(_ *testing.T, b []byte, at int64) {
		fuzzCounts(b, at)
		fuzzValues(b, uint64(at))
		fuzzNovelty[SmallFilter](b, at)
		fuzzQuantiles[Coarse](b, uint64(at))
	})
}

func fuzzCounts(b []byte, at int64) {
	var w, otherWindow Window
	fill(&w, b)
	w.Add(at, 1, 1)
	w.Sum(at, 1000)
	otherWindow.Merge(&w)
	var r, otherRing Ring[[24]uint32]
	fill(&r, b)
	r.Add(at, 1, 1)
	r.Advance(at, 1000)
	r.Sum(24)
	otherRing.Merge(&r)
	var n, otherRecent Recent
	fill(&n, b)
	n.Add(at, 1, uint64(at))
	n.AtLeast(50)
	otherRecent.Merge(&n)
}

func fuzzValues(b []byte, hash uint64) {
	var few, otherFew Few
	fill(&few, b)
	few.Has(hash)
	few.Add(hash)
	otherFew.Merge(&few)
	few.Merge(&otherFew)
	few.Count()
	var d, otherDistinct Distinct
	fill(&d, b)
	d.Has(hash)
	d.Add(hash)
	otherDistinct.Merge(&d)
	d.Merge(&otherDistinct)
	d.Count()
	var m, otherBitmap Bitmap
	fill(&m, b)
	m.Add(hash)
	m.Remove(hash)
	m.Count()
	otherBitmap.Merge(&m)
}

func fuzzNovelty[F Filter](b []byte, at int64) {
	var n, other Novelty[F]
	fill(&n, b)
	for i := range uint64(20) {
		n.Add(at, 1000, 10, i<<59)
	}
	n.Count(at, 10)
	other.Merge(&n)
	n.Merge(&other)
}

func fuzzQuantiles[R Resolution](b []byte, v uint64) {
	var q, other Quantiles[R]
	fill(&q, b)
	q.Quantile(0.5)
	q.Above(v)
	copied := q
	copied.Halve()
	copied.Add(v)
	for _, v := range []uint64{v, 0, 1, math.MaxUint64} {
		q.Add(v)
	}
	other.Add(v)
	other.Merge(&q)
	q.Merge(&other)
	_, _ = q.AppendBinary(nil)
	q.Error()
}
