package detect

import (
	"fmt"
	"reflect"
	"unsafe"
)

// owner is the entity that a state belongs to.
type owner struct {
	Ref     uint32 // record number + 1, 0 when the slot is free
	Kind    uint8
	Chances uint8
	_       [2]byte
	Episode uint32 // episode number + 1, 0 when none is open
}

// maxChances is the most chances of a state of which every entity has one: those that come once go before those that
// come again and again, and whoever must go is found in a bounded time.
const maxChances = 15

// slab holds the states of one detector: bounded, without pointers, evicting by second chance like the table.
type slab[S any] struct {
	chunks [][]S
	owners []owner
	free   []uint32
	limit  int
	hand   uint32
}

// few is how many states a chunk holds where one is large: a few endpoints should not cost megabytes.
const few = 1 << 3

// perChunk is how many states a chunk holds; the compiler knows it.
func perChunk[S any]() uint32 {
	var state S
	if unsafe.Sizeof(state) > 1<<10 {
		return few
	}
	return chunk
}

func (s *slab[S]) at(i uint32) *S { return &s.chunks[i/perChunk[S]()][i%perChunk[S]()] }

// take returns a zeroed slot for an owner; evict is called with the owner whose state had to go.
func (s *slab[S]) take(o owner, evict func(owner)) uint32 {
	var i uint32
	switch {
	case len(s.free) > 0:
		i = s.free[len(s.free)-1]
		s.free = s.free[:len(s.free)-1]
	case len(s.owners) < s.limit:
		i = uint32(len(s.owners))
		if int(i/perChunk[S]()) == len(s.chunks) {
			s.chunks = append(s.chunks, make([]S, perChunk[S]()))
		}
		s.owners = append(s.owners, owner{})
	default:
		i = s.victim()
		evict(s.owners[i])
	}
	var zero S
	*s.at(i), s.owners[i] = zero, o
	return i
}

func (s *slab[S]) victim() uint32 {
	for {
		i := s.hand
		if s.hand++; int(s.hand) >= len(s.owners) {
			s.hand = 0
		}
		o := &s.owners[i]
		switch {
		case o.Episode > 0:
		case o.Chances > 0:
			o.Chances--
		default:
			return i
		}
	}
}

func (s *slab[S]) drop(i uint32) {
	s.owners[i] = owner{}
	s.free = append(s.free, i)
}

// checkState refuses a state type that a plain copy of its memory does not capture exactly: one with pointers, with
// sizes that differ between machines, or with padding, whose bytes are undefined.
func checkState(t reflect.Type) error {
	size, err := packed(t)
	if err != nil {
		return err
	}
	if size != t.Size() {
		return fmt.Errorf("state %s has %d bytes of padding: reorder its fields or add blank ones", t, t.Size()-size)
	}
	return nil
}

func packed(t reflect.Type) (uintptr, error) {
	switch t.Kind() {
	case reflect.Bool, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16,
		reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return t.Size(), nil
	case reflect.Array:
		n, err := packed(t.Elem())
		return n * uintptr(t.Len()), err
	case reflect.Struct:
		var sum uintptr
		for f := range t.Fields() {
			n, err := packed(f.Type)
			if err != nil {
				return 0, fmt.Errorf("%s.%s: %w", t, f.Name, err)
			}
			sum += n
		}
		return sum, nil
	default:
		return 0, fmt.Errorf("%s is no fixed-size value without pointers", t)
	}
}
