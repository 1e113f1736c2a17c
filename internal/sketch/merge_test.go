package sketch

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// summary is a sketch as the laws of merging see it. Equal contents give equal states.
type summary interface {
	add(v uint64)
	merge(summary)
	state() string
}

type asFew struct{ *Few }

func (s asFew) add(v uint64)    { s.Add(v) }
func (s asFew) merge(o summary) { s.Merge(o.(asFew).Few) }
func (s asFew) state() string {
	c := *s.Few
	if c.N != dense {
		slices.Sort(c.Cells[:c.N])
	}
	return fmt.Sprint(c)
}

type asDistinct struct{ *Distinct }

func (s asDistinct) add(v uint64)    { s.Add(v) }
func (s asDistinct) merge(o summary) { s.Merge(o.(asDistinct).Distinct) }
func (s asDistinct) state() string {
	if s.N == dense {
		return fmt.Sprint(s.Cells)
	}
	held := make([]uint32, s.N)
	for i := range s.N {
		held[i] = s.cell(i)
	}
	slices.Sort(held)
	return fmt.Sprint(held)
}

type asBitmap struct{ *Bitmap }

func (s asBitmap) add(v uint64)    { s.Add(v) }
func (s asBitmap) merge(o summary) { s.Merge(o.(asBitmap).Bitmap) }
func (s asBitmap) state() string   { return fmt.Sprint(*s.Bitmap) }

type asCardinality struct{ *Cardinality }

func (s asCardinality) add(v uint64) { s.Add(v) }
func (s asCardinality) merge(o summary) {
	if err := s.Merge(o.(asCardinality).Cardinality); err != nil {
		panic(err)
	}
}

func (s asCardinality) state() string {
	b, _ := s.AppendBinary(nil)
	return hex.EncodeToString(b)
}

type asQuantiles struct{ *Quantiles[Coarse] }

func (s asQuantiles) add(v uint64)    { s.Add(v >> (v & 63)) }
func (s asQuantiles) merge(o summary) { s.Merge(o.(asQuantiles).Quantiles) }
func (s asQuantiles) state() string {
	b, _ := s.AppendBinary(nil)
	return hex.EncodeToString(b)
}

// TestMergeLaws: however a stream is cut into parts, and in whatever order and grouping these are merged, the result is
// that of the whole stream; and what counts different values does not count them again.
func TestMergeLaws(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func() summary
		set  bool // counts a value once
	}{
		{"few", func() summary { return asFew{&Few{}} }, true},
		{"distinct", func() summary { return asDistinct{&Distinct{}} }, true},
		{"bitmap", func() summary { return asBitmap{&Bitmap{}} }, true},
		{"cardinality", func() summary { return asCardinality{NewCardinality(Key{1}, 8)} }, true},
		{"quantiles", func() summary { return asQuantiles{&Quantiles[Coarse]{}} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for trial := range uint64(60) {
				rng := rand.New(rand.NewPCG(trial, 1))
				values := make([]uint64, rng.IntN(1<<rng.IntN(9)))
				whole, parts := tt.make(), make([]summary, 1+rng.IntN(6))
				for i := range parts {
					parts[i] = tt.make()
				}
				for i := range values {
					values[i] = rng.Uint64()
					if i > 0 && rng.IntN(4) == 0 {
						values[i] = values[rng.IntN(i)]
					}
					whole.add(values[i])
					parts[rng.IntN(len(parts))].add(values[i])
				}
				// Any two of them become one, until one is left.
				for len(parts) > 1 {
					i := rng.IntN(len(parts))
					j := (i + 1 + rng.IntN(len(parts)-1)) % len(parts)
					parts[i].merge(parts[j])
					parts = slices.Delete(parts, j, j+1)
				}
				if got, want := parts[0].state(), whole.state(); got != want {
					t.Fatalf("trial %d, %d values: merged %s, whole %s", trial, len(values), got, want)
				}
				whole.merge(tt.make())
				if tt.set {
					whole.merge(parts[0])
					whole.merge(whole)
				}
				if whole.state() != parts[0].state() {
					t.Fatalf("trial %d: a merge of nothing new changes something", trial)
				}
			}
		})
	}
}
