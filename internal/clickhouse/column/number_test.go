package column

import (
	"math"
	"testing"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/go-cmp/cmp"
)

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		name string
		rows map[int]int64
		want proto.ColumnType
	}{
		{"bytes", map[int]int64{0: 255, 3: 1, 9: 7}, "UInt8"},
		{"two bytes", map[int]int64{1: 256, 9: math.MaxUint16}, "UInt16"},
		{"four bytes", map[int]int64{5: math.MaxUint16 + 1, 8: math.MaxUint32}, "UInt32"},
		{"more than four bytes", map[int]int64{0: 3, 4: math.MaxUint32 + 1, 8: math.MaxInt64}, "Int64"},
		{"more than four bytes at once", map[int]int64{0: math.MaxInt64, 9: 1}, "Int64"},
		{"negative", map[int]int64{2: 5, 7: -1, 8: math.MinInt64}, "Int64"},
		{"zeros", map[int]int64{}, "UInt8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Number{Kind: "Int64"}
			for range 2 { // the second time in memory used before
				if got := c.Type(); got != "Int64" {
					t.Errorf("empty: Type() = %s", got)
				}
				want := make([]int64, 10)
				for row := range want {
					if v, ok := test.rows[row]; ok {
						want[row] = v
						c.Put(row, v)
					}
				}
				c.Pad(len(want))
				c.Pad(3) // there are more already
				if got := c.Type(); got != test.want {
					t.Errorf("Type() = %s, want %s", got, test.want)
				}
				if diff := cmp.Diff(want, numbers(t, &c)); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
				c.Reset()
			}
		})
	}
}

// numbers decodes a column.
func numbers(t *testing.T, c *Number) []int64 {
	t.Helper()
	b := proto.Buffer{Buf: []byte("what is before it")}
	from := len(b.Buf)
	c.EncodeColumn(&b)
	b.Buf = b.Buf[from:]
	var all []int64
	decode := func(col proto.Column, at func(i int) int64) {
		if err := col.DecodeColumn(b.Reader(), c.Rows()); err != nil {
			t.Fatal(err)
		}
		for i := range col.Rows() {
			all = append(all, at(i))
		}
	}
	switch c.Type() {
	case proto.ColumnTypeUInt8:
		var col proto.ColUInt8
		decode(&col, func(i int) int64 { return int64(col[i]) })
	case proto.ColumnTypeUInt16:
		var col proto.ColUInt16
		decode(&col, func(i int) int64 { return int64(col[i]) })
	case proto.ColumnTypeUInt32:
		var col proto.ColUInt32
		decode(&col, func(i int) int64 { return int64(col[i]) })
	default:
		var col proto.ColInt64
		decode(&col, func(i int) int64 { return col[i] })
	}
	return all
}

func TestFit(t *testing.T) {
	full := &Number{}
	low, text, fixed, plain := NewLow(), NewText(), &Fixed[int64, proto.ColInt64]{}, &String{}
	fill := func(n *Number, l *Low, x *Text, f *Fixed[int64, proto.ColInt64], s *String) {
		for i := range int64(1000) {
			n.Append(i)
			l.Append("value " + string(rune('a'+i%20)))
			x.Append("text " + string(rune('a'+i%20)))
			f.Append(i)
			s.Append("some text")
		}
	}
	fill(full, low, text, fixed, plain)
	n, l, x, f, s := &Number{}, NewLow(), NewText(), &Fixed[int64, proto.ColInt64]{}, &String{}
	n.Fit(full)
	l.Fit(low)
	x.Fit(text)
	f.Fit(fixed)
	s.Fit(plain)
	if got := testing.AllocsPerRun(1, func() {
		fill(n, l, x, f, s)
		for _, c := range []Sparse{n, l, x, f, s} {
			c.Reset()
		}
	}); got > 0 {
		t.Errorf("%v allocations in columns that fit", got)
	}
}

func TestLowTellsApart(t *testing.T) {
	// The bytes that are glanced at are the same in all of them.
	var want []string
	for range 3 {
		for i := range 40 {
			want = append(want, "begin..."+string(rune('A'+i))+"middle....."+string(rune('a'+i%7))+"...the end")
		}
	}
	c := NewLow()
	for range 2 {
		for _, s := range want {
			c.Append(s)
		}
		if diff := cmp.Diff(want, decoded(t, c)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		c.Reset()
	}
}
