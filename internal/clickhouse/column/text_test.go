package column

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/go-cmp/cmp"
)

func decoded(t *testing.T, c Input) []string {
	t.Helper()
	var b proto.Buffer
	if s, ok := c.(proto.StateEncoder); ok {
		s.EncodeState(&b)
	}
	c.EncodeColumn(&b)
	r := b.Reader()
	var got proto.ColumnOf[string] = new(proto.ColStr)
	if c.Type() != proto.ColumnTypeString {
		low := new(proto.ColStr).LowCardinality()
		if err := low.DecodeState(r); err != nil {
			t.Fatal(err)
		}
		got = low
	}
	if err := got.DecodeColumn(r, c.Rows()); err != nil {
		t.Fatal(err)
	}
	all := make([]string, got.Rows())
	for i := range all {
		all[i] = got.Row(i)
	}
	return all
}

func TestText(t *testing.T) {
	const rows = 4 * minDiffer
	for _, test := range []struct {
		name     string
		distinct int
		want     proto.ColumnType
	}{
		{"one value", 1, "LowCardinality(String)"},
		{"some values", 300, "LowCardinality(String)"},
		{"as many values as a dictionary may have", rows/2 - 2, "LowCardinality(String)"},
		{"hardly a value twice", rows - 1, "String"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := NewText()
			if got := c.Type(); got != "String" {
				t.Errorf("empty: Type() = %s", got)
			}
			want := make([]string, rows)
			for block := range 3 {
				for i := range want {
					// Half of the rows come first with one value, so that a dictionary gets its chance.
					if want[i] = "many"; i >= rows/2 || test.distinct > rows/2 {
						want[i] = fmt.Sprintf("value %d", i%test.distinct)
					}
					c.Append(want[i])
				}
				if c.Type() != test.want {
					t.Errorf("block %d: Type() = %s, want %s", block, c.Type(), test.want)
				}
				if diff := cmp.Diff(want, decoded(t, c)); diff != "" {
					t.Fatalf("block %d: -want +got\n%s", block, diff)
				}
				c.Reset()
			}
		})
	}
}

func TestTextTriesAgain(t *testing.T) {
	c := NewText()
	for i := range 2 * minDiffer {
		c.Append(fmt.Sprint(i))
	}
	var low int
	for block := range distrust + 1 {
		c.Reset()
		c.Append("x")
		if c.Type() != "String" {
			low = block
		}
	}
	if low != distrust {
		t.Errorf("dictionary again after %d blocks, want %d", low, distrust)
	}
}

func TestFixed(t *testing.T) {
	for _, test := range []struct {
		name string
		rows []int64
		kept int
	}{
		{"none", nil, 0},
		{"one", []int64{7}, 1},
		{"the same", []int64{7, 7, 7, 7, 7}, 1},
		{"zeros", []int64{0, 0, 0}, 1},
		{"two", []int64{7, 8}, 2},
		{"the same at first", []int64{7, 7, 7, 8, 7, 7}, 6},
		{"the same at last", []int64{8, 7, 7, 7}, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			var c Fixed[int64, proto.ColInt64]
			for range 2 { // the second time in memory used before
				for _, v := range test.rows {
					c.Append(v)
				}
				var b proto.Buffer
				b.PutInt64(1)
				c.EncodeColumn(&b)
				r := b.Reader()
				if _, err := r.Int64(); err != nil {
					t.Fatal(err)
				}
				var got proto.ColInt64
				if err := got.DecodeColumn(r, c.Rows()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.rows, []int64(got)); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
				if len(c.values) != test.kept {
					t.Errorf("%d values are kept, want %d", len(c.values), test.kept)
				}
				c.Reset()
			}
		})
	}
}

// sparse is a column of strings that only some rows are put into.
type sparse interface {
	Sparse
	Put(row int, s string)
}

func TestPut(t *testing.T) {
	for _, test := range []struct {
		name   string
		column sparse
	}{{"String", new(String)}, {"Low", NewLow()}, {"Text", NewText()}, {"Text that differs", differing()}} {
		t.Run(test.name, func(t *testing.T) {
			for _, rows := range []map[int]string{
				{}, {0: "a"}, {9: "a"}, {3: "a", 4: "a", 7: "b"}, {0: "", 5: ""}, {1: strings.Repeat("long", 100), 8: "x"},
			} {
				want := make([]string, 10)
				for row := range want {
					if s, ok := rows[row]; ok {
						want[row] = s
						test.column.Put(row, s)
					}
				}
				test.column.Pad(len(want))
				test.column.Pad(3) // there are more already
				if diff := cmp.Diff(want, decoded(t, test.column)); diff != "" {
					t.Errorf("%v: -want +got\n%s", rows, diff)
				}
				test.column.Reset()
			}
		})
	}
}

// differing is a column that has had to give its dictionary up.
func differing() *Text {
	c := NewText()
	for i := range 2 * minDiffer {
		c.Append(fmt.Sprint(i))
	}
	c.Reset()
	return c
}

func TestPutFixed(t *testing.T) {
	for _, rows := range []map[int]int64{
		{}, {0: 7}, {9: 7}, {3: 7, 4: 7, 8: 9}, {0: 7, 1: 7, 2: 7}, {0: 0, 5: 0}, {0: 1, 1: 2, 2: 3},
	} {
		var c Fixed[int64, proto.ColInt64]
		for range 2 { // the second time in memory used before
			want := make([]int64, 10)
			for row := range want {
				if v, ok := rows[row]; ok {
					want[row] = v
					c.Put(row, v)
				}
			}
			c.Pad(len(want))
			var b proto.Buffer
			c.EncodeColumn(&b)
			var got proto.ColInt64
			if err := got.DecodeColumn(b.Reader(), c.Rows()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, []int64(got)); diff != "" {
				t.Errorf("%v: -want +got\n%s", rows, diff)
			}
			c.Reset()
		}
	}
}
