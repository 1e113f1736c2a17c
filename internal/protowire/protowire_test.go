package protowire

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFields(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want []Field
		bad  bool
	}{
		{"nothing", "", nil, false},
		{
			"all kinds", "\x08\x96\x01\x11\x01\x00\x00\x00\x00\x00\x00\x80\x1a\x02hi\x25\x02\x00\x00\x00\x82\x7d\x00",
			[]Field{
				{Number: 1, Kind: Varint, Value: 150, Raw: []byte("\x08\x96\x01")},
				{Number: 2, Kind: Fixed64, Value: 1<<63 | 1, Raw: []byte("\x11\x01\x00\x00\x00\x00\x00\x00\x80")},
				{Number: 3, Kind: Bytes, Bytes: []byte("hi"), Raw: []byte("\x1a\x02hi")},
				{Number: 4, Kind: Fixed32, Value: 2, Raw: []byte("\x25\x02\x00\x00\x00")},
				{Number: 2000, Kind: Bytes, Bytes: []byte{}, Raw: []byte("\x82\x7d\x00")},
			},
			false,
		},
		{"cut off in a tag", "\x80", nil, true},
		{"cut off in a varint", "\x08\x80", nil, true},
		{"endless varint", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nil, true},
		{"cut off in bytes", "\x0a\x03ab", nil, true},
		{"length beyond memory", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nil, true},
		{"cut off in eight bytes", "\x09\x01\x02", nil, true},
		{"cut off in four bytes", "\x0d\x01\x02", nil, true},
		{"field 0", "\x02\x00", nil, true},
		{"group", "\x0b\x0c", nil, true},
		{"good before bad", "\x08\x01\x0a\x05", []Field{{Number: 1, Kind: Varint, Value: 1, Raw: []byte("\x08\x01")}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Walk([]byte(tt.in))
			var got []Field
			for f.Next() {
				got = append(got, f.At)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || f.Bad() != tt.bad || Valid([]byte(tt.in)) == tt.bad {
				t.Errorf("bad %v, want %v (-want +got):\n%s", f.Bad(), tt.bad, diff)
			}
		})
	}
}

func TestAppend(t *testing.T) {
	b := AppendVarint(AppendBytes(nil, 3, []byte("hi")), 1, 150)
	if want := []byte("\x1a\x02hi\x08\x96\x01"); !bytes.Equal(b, want) {
		t.Errorf("got %q, want %q", b, want)
	}
}
