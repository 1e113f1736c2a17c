package detect

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// TestSlabAgainstMap compares a slab with a map from slot to owner.
func TestSlabAgainstMap(t *testing.T) {
	const limit = 1500 // more than a chunk
	rng := rand.New(rand.NewPCG(1, 2))
	s := slab[[4]uint64]{limit: limit}
	oracle := map[uint32]uint32{}
	for n := uint32(1); n < 20_000; n++ {
		if rng.IntN(4) == 0 && len(oracle) > 0 {
			i := uint32(rng.IntN(limit))
			if _, in := oracle[i]; in {
				s.drop(i)
				delete(oracle, i)
			}
			continue
		}
		evicted := uint32(0)
		i := s.take(owner{Ref: n, Chances: uint8(rng.IntN(2))}, func(o owner) { evicted = o.Ref })
		if evicted != 0 && (oracle[i] != evicted || len(oracle) < limit) {
			t.Fatalf("slot %d of %d was taken from %d, which holds %d", i, len(oracle), oracle[i], evicted)
		}
		if _, in := oracle[i]; in && evicted == 0 {
			t.Fatalf("slot %d was given twice", i)
		}
		oracle[i] = n
		if *s.at(i) != [4]uint64{} {
			t.Fatalf("slot %d is not empty", i)
		}
		s.at(i)[0] = uint64(n)
	}
	for i, n := range oracle {
		if s.owners[i].Ref != n || s.at(i)[0] != uint64(n) {
			t.Fatalf("slot %d: owner %d, state %d, want %d", i, s.owners[i].Ref, s.at(i)[0], n)
		}
	}
	if got := len(s.owners) - len(s.free); got != len(oracle) {
		t.Errorf("%d states, want %d", got, len(oracle))
	}
}

func TestSlabSparesOpenEpisodes(t *testing.T) {
	s := slab[uint64]{limit: 3}
	for n := range uint32(3) {
		s.take(owner{Ref: n + 1}, nil)
	}
	s.owners[1].Episode = 5
	for n := range uint32(20) {
		s.take(owner{Ref: n + 10}, func(o owner) {
			if o.Episode != 0 {
				t.Fatal("a state with an open episode was evicted")
			}
		})
	}
}

func TestCheckState(t *testing.T) {
	for _, tt := range []struct {
		name string
		of   reflect.Type
		want string
	}{
		{"packed", reflect.TypeFor[struct {
			A uint64
			B [3]uint32
			C float32
		}](), ""},
		{"padding inside", reflect.TypeFor[struct {
			A uint8
			B uint64
		}](), "7 bytes of padding"},
		{"padding at the end", reflect.TypeFor[struct {
			A uint64
			B uint8
		}](), "7 bytes of padding"},
		{"pointer", reflect.TypeFor[struct{ A *int64 }](), "no fixed-size value"},
		{"string", reflect.TypeFor[struct{ A string }](), "no fixed-size value"},
		{"int", reflect.TypeFor[struct{ A int }](), "no fixed-size value"},
		{"map in an array", reflect.TypeFor[[2]map[int8]int8](), "no fixed-size value"},
		{"the engine's own", reflect.TypeFor[loginRoute](), ""},
		{"the engine's own", reflect.TypeFor[clock](), ""},
		{"the engine's own", reflect.TypeFor[Counts](), ""},
		{"the engine's own", reflect.TypeFor[vouch](), ""},
		{"the engine's own", reflect.TypeFor[echo](), ""},
		{"the engine's own", reflect.TypeFor[peerCounts](), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := checkState(tt.of)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("checkState(%s) = %v, want %q", tt.of, err, tt.want)
			}
		})
	}
}
