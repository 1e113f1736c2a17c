package detect

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// memory is a value's memory. Only for types that checkState accepts.
func memory[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}

// writer appends a snapshot's values, little-endian.
type writer struct{ b []byte }

func (w *writer) u8(v uint8)     { w.b = append(w.b, v) }
func (w *writer) u32(v uint32)   { w.b = binary.LittleEndian.AppendUint32(w.b, v) }
func (w *writer) u64(v uint64)   { w.b = binary.LittleEndian.AppendUint64(w.b, v) }
func (w *writer) i64(v int64)    { w.u64(uint64(v)) }
func (w *writer) n(v int)        { w.b = binary.AppendUvarint(w.b, uint64(v)) }
func (w *writer) raw(v []byte)   { w.b = append(w.b, v...) }
func (w *writer) bytes(v []byte) { w.n(len(v)); w.raw(v) }
func (w *writer) str(v string)   { w.n(len(v)); w.b = append(w.b, v...) }

// lengthSize is the size of a section's length: a varint with as many bytes as its largest value needs, whatever the value,
// so that it can be written when the section is there already.
const lengthSize = 5

// section appends what fill writes, with its length before it, so that a reader that does not know it can pass it by.
func (w *writer) section(fill func(*writer)) {
	at := len(w.b)
	w.b = append(w.b, make([]byte, lengthSize)...)
	fill(w)
	n := uint64(len(w.b) - at - lengthSize)
	for i := range lengthSize {
		w.b[at+i] = byte(n) | 0x80
		n >>= 7
	}
	w.b[at+lengthSize-1] &^= 0x80
}

var errShort = errors.New("snapshot ends early")

// reader takes a snapshot's values off; after the first fault everything is zero.
type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.err = errors.Join(r.err, errShort)
		r.b = nil
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) u8() uint8 {
	if v := r.take(1); v != nil {
		return v[0]
	}
	return 0
}

func (r *reader) u32() uint32 {
	if v := r.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (r *reader) u64() uint64 {
	if v := r.take(8); v != nil {
		return binary.LittleEndian.Uint64(v)
	}
	return 0
}

func (r *reader) i64() int64 { return int64(r.u64()) }

// n reads a count of things that take at least one byte each, so that a corrupt one cannot ask for much memory.
func (r *reader) n() int {
	v, k := binary.Uvarint(r.b)
	if k <= 0 || v > uint64(len(r.b)) {
		r.take(-1)
		return 0
	}
	r.b = r.b[k:]
	return int(v)
}

func (r *reader) bytes() []byte { return r.take(r.n()) }
func (r *reader) str() string   { return string(r.bytes()) }
