package heavy

import (
	"cmp"
	"math"
	"slices"
)

// Slots is the number of values that a Hitters follows.
const Slots = 32

// Hitter is a value that occurs often. Its true weight is between Weight−Over and Weight.
type Hitter struct {
	Hash   uint64
	Weight float64
	Over   float64 // how much of Weight may be that of values that were followed before
}

// Hitters follows the most frequent of any number of values in 784 bytes: by Space-Saving (Metwally, Agrawal and El Abbadi,
// "Efficient computation of frequent and top-k elements in data streams", ICDT 2005), which gives a value that is not
// followed the place, and the weight, of the least. With W the weight of all events and k = 32 slots,
//
//	true weight ≤ Weight ≤ true weight + W/k,
//
// and every value of more than W/k is followed, whatever the others do: a flood of values that occur once each only fights
// over the least places. The bounds hold for weights that halve with every half-life of event time as well, and after
// merges (Cafaro, Pulimeno and Tempesta, "A parallel space saving algorithm for frequent items", Information Sciences
// 2016). The caller passes the same half-life each time. The zero value is empty.
type Hitters struct {
	aging
	Hashes  [Slots]uint64
	Weights [Slots]float64 // 0 where free
	Overs   [Slots]float64
}

// Add takes the hash of a value that occurred at time t (nanoseconds), with a weight: 1, or bytes, or a cost.
func (h *Hitters) Add(t, halfLife int64, hash uint64, weight float64) {
	w, scale := h.enter(t, halfLife, weight)
	h.rescale(scale)
	if w == 0 {
		return
	}
	for i, held := range &h.Hashes {
		if held == hash && h.Weights[i] > 0 {
			h.Weights[i] += w
			return
		}
	}
	least := h.least()
	h.Hashes[least], h.Overs[least] = hash, h.Weights[least]
	h.Weights[least] += w
}

// Share is between which bounds a value's share of all weight lies.
func (h *Hitters) Share(hash uint64) (low, high float64) {
	if h.Total == 0 {
		return 0, 0
	}
	for i, held := range &h.Hashes {
		if held == hash && h.Weights[i] > 0 {
			return (h.Weights[i] - h.Overs[i]) / h.Total, min(h.Weights[i]/h.Total, 1)
		}
	}
	return 0, h.unseen() / h.Total
}

// Top appends the values that are followed, the heaviest first, with their weights as of time t.
func (h *Hitters) Top(t, halfLife int64, to []Hitter) []Hitter {
	start, now := len(to), 1/h.worth(t, halfLife)
	to = h.held(to)
	for i := range to[start:] {
		to[start+i].Weight *= now
		to[start+i].Over *= now
	}
	slices.SortFunc(to[start:], heavier)
	return to
}

// Merge adds what the other has seen. Both have the same half-life.
func (h *Hitters) Merge(o *Hitters, halfLife int64) {
	from := *o
	if from.Total == 0 {
		return
	}
	if h.Total == 0 {
		*h = from
		return
	}
	h.rescale(h.reach(from.Landmark, halfLife))
	from.rescale(from.reach(h.Landmark, halfLife))
	scale := h.worth(from.Landmark, halfLife)
	from.rescale(scale)
	var mine, theirs [Slots]Hitter
	var room [2 * Slots]Hitter
	all := join(room[:0], h.held(mine[:0]), from.held(theirs[:0]), [2]float64{h.unseen(), from.unseen()})
	*h = Hitters{aging: aging{Landmark: h.Landmark, Total: h.Total + from.Total*scale}}
	for i, v := range all[:min(len(all), Slots)] {
		h.Hashes[i], h.Weights[i], h.Overs[i] = v.Hash, v.Weight, v.Over
	}
}

// held appends the values that are followed, with their weights at the landmark.
func (h *Hitters) held(to []Hitter) []Hitter {
	for i, w := range h.Weights {
		if w > 0 {
			to = append(to, Hitter{Hash: h.Hashes[i], Weight: w, Over: h.Overs[i]})
		}
	}
	return to
}

// least is the slot with the least weight. Numbers that are not negative are in the order of their bits, which are compared
// without a jump that nobody could predict.
func (h *Hitters) least() int {
	least, slot := ^uint64(0), 0
	for i := range h.Weights {
		if b := math.Float64bits(h.Weights[i]); b < least {
			least, slot = b, i
		}
	}
	return slot
}

// unseen is the greatest weight that a value may have which is not followed.
func (h *Hitters) unseen() float64 { return h.Weights[h.least()] }

func (h *Hitters) rescale(scale float64) {
	if scale == 1 {
		return
	}
	for i := range h.Weights {
		h.Weights[i] *= scale
		h.Overs[i] *= scale
	}
}

// heavier orders by weight, and where that is equal by hash, so that the order is always the same.
func heavier(a, b Hitter) int {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Hash, b.Hash))
}

// join appends what two sides followed, the heaviest first. A value that one side does not follow may have had as much
// there as the least that is followed.
func join(to, a, b []Hitter, unseen [2]float64) []Hitter {
	byHash := func(a, b Hitter) int { return cmp.Compare(a.Hash, b.Hash) }
	slices.SortFunc(a, byHash)
	slices.SortFunc(b, byHash)
	start := len(to)
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Hash < b[0].Hash:
			to = append(to, Hitter{a[0].Hash, a[0].Weight + unseen[1], a[0].Over + unseen[1]})
			a = a[1:]
		case len(a) == 0 || b[0].Hash < a[0].Hash:
			to = append(to, Hitter{b[0].Hash, b[0].Weight + unseen[0], b[0].Over + unseen[0]})
			b = b[1:]
		default:
			to = append(to, Hitter{a[0].Hash, a[0].Weight + b[0].Weight, a[0].Over + b[0].Over})
			a, b = a[1:], b[1:]
		}
	}
	slices.SortFunc(to[start:], heavier)
	return to
}
