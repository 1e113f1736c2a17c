package heavy

import (
	"bytes"
	"math"
	"testing"
	"unsafe"
)

// FuzzMemory: a Hitters is stored as its memory and may come back as any bytes. What it then says is nothing, but no method
// panics.
func FuzzMemory(f *testing.F) {
	f.Add([]byte{0}, int64(0))
	f.Add([]byte{0xff}, int64(math.MaxInt64))
	f.Add(bytes.Repeat([]byte{0, 0, 0, 0, 0, 0, 0xf0, 0x7f}, 2), int64(math.MinInt64)) // infinite weights
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, 0}, int64(1e18))
	f.Fuzz(func(_ *testing.T, b []byte, at int64) {
		var h, o Hitters
		memory := unsafe.Slice((*byte)(unsafe.Pointer(&h)), unsafe.Sizeof(h))
		for n := 0; n < len(memory) && len(b) > 0; {
			n += copy(memory[n:], b)
		}
		for _, halfLife := range []int64{1, 1e12, math.MaxInt64} {
			h.Add(at, halfLife, uint64(at), 1)
			h.Top(at, halfLife, nil)
			h.Share(uint64(at))
			o.Add(0, halfLife, 1, 1)
			o.Merge(&h, halfLife)
			h.Merge(&o, halfLife)
		}
	})
}
