package heavy

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"gatewatch/internal/sketch"
	"gatewatch/internal/sketch/wire"
)

// The bounds of a Ranking.
const (
	MaxRanked  = 1 << 12 // values that it may follow
	NameLength = 64      // bytes of a value's name that it keeps
)

// Ranking follows the most frequent of any number of values, with their names, for one of the few entities that have many:
// the same Space-Saving as Hitters, with the same bounds, and k slots. A heap by weight and an index by hash make the cost
// of a value log k at most. All memory is taken at the beginning.
//
// Names are kept as they came, up to 64 bytes: they are text of whoever sent the request. Two values with one beginning
// are still two. One goroutine owns a Ranking.
type Ranking struct {
	aging
	key      sketch.Key
	limit    int   // k
	halfLife int64 // nanoseconds
	slots    []ranked
	heap     []uint32 // slots, each not heavier than its children
	index    []uint32 // slot+1 by hash, 0 where free; at most half full
}

// ranked is a value that is followed.
type ranked struct {
	hash   uint64
	weight float64
	over   float64
	at     uint32 // position in the heap
	length uint32
	name   [NameLength]byte
}

// Ranked is a value that occurs often. Its true weight is between Weight−Over and Weight.
type Ranked struct {
	Name   string
	Weight float64
	Over   float64
}

// NewRanking follows k values, whose weights halve with each half-life (nanoseconds). A k out of range is taken to the
// nearest.
func NewRanking(key sketch.Key, k int, halfLife int64) *Ranking {
	k = min(max(k, 1), MaxRanked)
	places := 4
	for places < 2*k {
		places *= 2
	}
	return &Ranking{
		key: key, limit: k, halfLife: max(halfLife, 1),
		slots: make([]ranked, 0, k), heap: make([]uint32, 0, k), index: make([]uint32, places),
	}
}

// Add takes a value that occurred at time t (nanoseconds), with a weight: 1, or bytes, or a cost.
func (r *Ranking) Add(t int64, name string, weight float64) {
	w, scale := r.enter(t, r.halfLife, weight)
	r.rescale(scale)
	if w == 0 {
		return
	}
	hash := r.key.SumString(name)
	if i, ok := r.find(hash); ok {
		r.slots[i].weight += w
		r.sink(r.slots[i].at)
		return
	}
	v := ranked{hash: hash, weight: w}
	v.call(name)
	if len(r.slots) < r.limit {
		r.insert(&v)
		return
	}
	least := r.heap[0]
	old := &r.slots[least]
	r.unindex(old.hash)
	v.over, v.weight = old.weight, old.weight+w
	*old = v
	r.reindex(least)
	r.sink(0)
}

// Share is between which bounds a value's share of all weight lies.
func (r *Ranking) Share(name string) (low, high float64) {
	if r.Total == 0 {
		return 0, 0
	}
	if i, ok := r.find(r.key.SumString(name)); ok {
		v := &r.slots[i]
		return (v.weight - v.over) / r.Total, min(v.weight/r.Total, 1)
	}
	return 0, r.unseen() / r.Total
}

// Top is the n heaviest values, the heaviest first, with their weights as of time t.
func (r *Ranking) Top(t int64, n int) []Ranked {
	all := r.held()
	slices.SortFunc(all, heavier)
	now := 1 / r.worth(t, r.halfLife)
	top := make([]Ranked, 0, min(max(n, 0), len(all)))
	for _, h := range all[:cap(top)] {
		i, _ := r.find(h.Hash)
		top = append(top, Ranked{Name: r.slots[i].called(), Weight: h.Weight * now, Over: h.Over * now})
	}
	return top
}

// Merge adds what the other has seen. Both have one key, one k and one half-life.
func (r *Ranking) Merge(o *Ranking) error {
	if r.key != o.key || r.limit != o.limit || r.halfLife != o.halfLife {
		return fmt.Errorf("merging rankings: %w", wire.ErrUnlike)
	}
	if o.Total == 0 {
		return nil
	}
	from := o.clone()
	r.rescale(r.reach(from.Landmark, r.halfLife))
	from.rescale(from.reach(r.Landmark, r.halfLife))
	scale := r.worth(from.Landmark, r.halfLife)
	from.rescale(scale)
	all := join(nil, r.held(), from.held(), [2]float64{r.unseen(), from.unseen()})
	merged := NewRanking(r.key, r.limit, r.halfLife)
	merged.aging = aging{Landmark: r.Landmark, Total: r.Total + from.Total*scale}
	for _, h := range all[:min(len(all), r.limit)] {
		v := ranked{hash: h.Hash, weight: h.Weight, over: h.Over}
		if i, ok := r.find(h.Hash); ok {
			v.name, v.length = r.slots[i].name, r.slots[i].length
		} else if i, ok := from.find(h.Hash); ok {
			v.name, v.length = from.slots[i].name, from.slots[i].length
		}
		merged.insert(&v)
	}
	*r = *merged
	return nil
}

func (r *Ranking) clone() *Ranking {
	c := *r
	c.slots, c.heap, c.index = slices.Clone(r.slots), slices.Clone(r.heap), slices.Clone(r.index)
	return &c
}

// held are the values that are followed, with their weights at the landmark.
func (r *Ranking) held() []Hitter {
	all := make([]Hitter, len(r.slots))
	for i := range r.slots {
		all[i] = Hitter{r.slots[i].hash, r.slots[i].weight, r.slots[i].over}
	}
	return all
}

// unseen is the greatest weight that a value may have which is not followed.
func (r *Ranking) unseen() float64 {
	if len(r.slots) < r.limit {
		return 0
	}
	return r.slots[r.heap[0]].weight
}

func (r *Ranking) rescale(scale float64) {
	if scale == 1 {
		return
	}
	if scale == 0 {
		r.slots, r.heap = r.slots[:0], r.heap[:0]
		clear(r.index)
		return
	}
	for i := range r.slots {
		r.slots[i].weight *= scale
		r.slots[i].over *= scale
	}
	// Weights so small that they have become equal are ordered by their hashes.
	for at := len(r.heap)/2 - 1; at >= 0; at-- {
		r.sink(uint32(at))
	}
}

// call keeps the beginning of a name, without half a character at its end.
func (v *ranked) call(name string) {
	n := len(name)
	if n > NameLength {
		n = NameLength
		for n > NameLength-utf8.UTFMax && !utf8.RuneStart(name[n]) {
			n--
		}
	}
	v.length = uint32(copy(v.name[:], name[:n]))
}

func (v *ranked) called() string { return string(v.name[:v.length]) }
