package kafka

import (
	"math/bits"
	"sync"
	"unsafe"

	"github.com/twmb/franz-go/pkg/kgo"
)

// memory is what fetched batches are decompressed and decoded into, used again when they are released. It is shared by
// the goroutines of one consumer.
type memory struct {
	bytes   shelf[byte]
	records shelf[kgo.Record]

	mu sync.Mutex
	// lent are the sizes of buffers by where they begin. The client clears what it was given before it gives it back, up
	// to its capacity, so that it is given no more than it uses. What it drops is never given back: addresses keep
	// nothing alive, and one that is used again is noted again before it can come back.
	lent map[uintptr]int
}

var (
	_ kgo.PoolRecords         = (*memory)(nil)
	_ kgo.PoolDecompressBytes = (*memory)(nil)
)

const (
	// maxBytes is how much memory for decompressed batches is kept at most, maxRecords how many records.
	maxBytes   = 48 << 20
	maxRecords = 128 << 10
)

func newMemory() *memory {
	return &memory{
		bytes: shelf[byte]{limit: maxBytes, least: leastBytes}, records: shelf[kgo.Record]{limit: maxRecords}, lent: map[uintptr]int{},
	}
}

// GetRecords implements kgo.PoolRecords.
func (m *memory) GetRecords(n int) []kgo.Record { return m.records.take(n) }

// PutRecords implements kgo.PoolRecords.
func (m *memory) PutRecords(r []kgo.Record) { m.records.put(r) }

// GetDecompressBytes implements kgo.PoolDecompressBytes. It is not called, because the decompressor is our own.
func (m *memory) GetDecompressBytes([]byte, kgo.CompressionCodecType) []byte { return nil }

// PutDecompressBytes implements kgo.PoolDecompressBytes.
func (m *memory) PutDecompressBytes(b []byte) {
	if len(b) == 0 {
		return
	}
	at := uintptr(unsafe.Pointer(&b[0]))
	m.mu.Lock()
	size, ok := m.lent[at]
	delete(m.lent, at)
	m.mu.Unlock()
	if ok {
		m.bytes.put(unsafe.Slice(&b[0], size))
	}
}

// lend notes that a buffer is in use and returns its first n bytes, without the rest. Every batch that is decompressed
// goes through here.
func (m *memory) lend(b []byte, n int) []byte {
	if n == 0 {
		m.bytes.put(b)
		return nil
	}
	m.mu.Lock()
	m.lent[uintptr(unsafe.Pointer(&b[0]))] = cap(b)
	m.mu.Unlock()
	return b[:n:n]
}

// shelf keeps slices by size: the class of a slice is the power of two that it holds. Any goroutine may use it.
type shelf[T any] struct {
	limit int // elements kept, over all classes
	least int // class of the smallest slices

	mu      sync.Mutex
	kept    int
	classes [bits.UintSize][][]T
}

// leastBytes is the class of the smallest buffers, so that few batches make many. Records have none: they are larger than
// what they tell of, and a topic may be full of batches of one.
const leastBytes = 9

// take returns a slice of at least n elements, whose content is undefined.
func (s *shelf[T]) take(n int) []T {
	class := max(bits.Len(uint(max(n, 1)-1)), s.least) //nolint:gosec // not negative
	s.mu.Lock()
	defer s.mu.Unlock()
	if free := s.classes[class]; len(free) > 0 {
		last := len(free) - 1
		b := free[last]
		free[last] = nil
		s.classes[class] = free[:last]
		s.kept -= cap(b)
		return b
	}
	return make([]T, 1<<class)
}

// put keeps a slice for the next who needs one of its size, unless enough are kept.
func (s *shelf[T]) put(b []T) {
	b = b[:cap(b)]
	class := bits.Len(uint(len(b))) - 1
	if len(b) < 1<<s.least {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept+len(b) > s.limit {
		return
	}
	s.kept += len(b)
	s.classes[class] = append(s.classes[class], b)
}
