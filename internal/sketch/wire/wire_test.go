package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
)

func TestReader(t *testing.T) {
	b := []byte{3, 7}
	b = binary.LittleEndian.AppendUint64(b, 1<<40)
	b = AppendFloat(b, 2.5)
	b = binary.AppendUvarint(b, 300)
	b = append(b, "name"...)
	r := Read(b)
	if err := r.Open("thing", 3); err != nil {
		t.Fatal(err)
	}
	if u8, u64, f, n, s := r.U8(), r.U64(), r.Float(), r.Count(300), r.Take(4); u8 != 7 || u64 != 1<<40 || f != 2.5 || n != 300 || string(s) != "name" {
		t.Errorf("read %d, %d, %g, %d, %q", u8, u64, f, n, s)
	}
	if err := r.Done("thing"); err != nil {
		t.Error(err)
	}
	if r.Take(1) != nil || !r.Bad() || r.U8() != 0 || r.U64() != 0 || r.Float() != 0 || r.Count(9) != 0 {
		t.Error("there is something behind the end")
	}
	for cut := range b {
		r := Read(b[:cut])
		_ = r.Open("thing", 3)
		r.U8()
		r.U64()
		r.Float()
		r.Count(300)
		r.Take(4)
		if err := r.Done("thing"); !errors.Is(err, ErrMalformed) {
			t.Errorf("the first %d bytes: %v", cut, err)
		}
	}
}

func TestReaderRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		b    []byte
		read func(*Reader)
	}{
		{"a negative number", AppendFloat(nil, -1), func(r *Reader) { r.Float() }},
		{"no number", AppendFloat(nil, math.NaN()), func(r *Reader) { r.Float() }},
		{"infinity", AppendFloat(nil, math.Inf(1)), func(r *Reader) { r.Float() }},
		{"a count above its limit", []byte{10}, func(r *Reader) { r.Count(9) }},
		{"a count without end", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, func(r *Reader) { r.Count(math.MaxUint64) }},
		{"bytes that are left over", []byte{1, 2}, func(r *Reader) { r.U8() }},
		{"what the caller refuses", nil, func(r *Reader) { r.Fail() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := Read(tt.b)
			tt.read(&r)
			if err := r.Done("thing"); !errors.Is(err, ErrMalformed) {
				t.Errorf("Done() = %v", err)
			}
		})
	}
	r := Read([]byte{2})
	if err := r.Open("thing", 1); !errors.Is(err, ErrVersion) {
		t.Errorf("Open() = %v", err)
	}
	if r := Read(nil); !errors.Is(r.Open("thing", 1), ErrMalformed) {
		t.Error("nothing has a version")
	}
}
