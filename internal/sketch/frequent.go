package sketch

import (
	"cmp"
	"slices"
)

// FrequentSlots is the number of values that a Frequent follows.
const FrequentSlots = 32

// Heavy is a value that occurs often. Its true weight is between Weight−Over and Weight.
type Heavy struct {
	Hash   uint64
	Weight float64
	Over   float64 // how much of Weight may be that of values that were followed before
}

// Frequent follows the most frequent of any number of values in 784 bytes: by Space-Saving (Metwally, Agrawal and El Abbadi,
// "Efficient computation of frequent and top-k elements in data streams", ICDT 2005), which gives a value that is not
// followed the place, and the weight, of the least. With W the weight of all events and k = 32 slots,
//
//	true weight ≤ Weight ≤ true weight + W/k,
//
// and every value of more than W/k is followed, whatever the others do: a flood of values that occur once each only fights
// over the least places. The bounds hold for weights that halve with every half-life of event time as well, and after
// merges (Cafaro, Pulimeno and Tempesta, "A parallel space saving algorithm for frequent items", Information Sciences
// 2016). The caller passes the same half-life each time. The zero value is empty.
type Frequent struct {
	aging
	Hashes  [FrequentSlots]uint64
	Weights [FrequentSlots]float64 // 0 where free
	Overs   [FrequentSlots]float64
}

// Add takes the hash of a value that occurred at time t (nanoseconds), with a weight: 1, or bytes, or a cost.
func (f *Frequent) Add(t, halfLife int64, hash uint64, weight float64) {
	w, scale := f.enter(t, halfLife, weight)
	f.rescale(scale)
	if w == 0 {
		return
	}
	for i, h := range &f.Hashes {
		if h == hash && f.Weights[i] > 0 {
			f.Weights[i] += w
			return
		}
	}
	least := 0
	for i, held := range &f.Weights {
		if held < f.Weights[least] {
			least = i
		}
	}
	f.Hashes[least], f.Overs[least] = hash, f.Weights[least]
	f.Weights[least] += w
}

// Share is between which bounds a value's share of all weight lies.
func (f *Frequent) Share(hash uint64) (low, high float64) {
	if f.Total == 0 {
		return 0, 0
	}
	for i, h := range &f.Hashes {
		if h == hash && f.Weights[i] > 0 {
			return (f.Weights[i] - f.Overs[i]) / f.Total, min(f.Weights[i]/f.Total, 1)
		}
	}
	return 0, f.unseen() / f.Total
}

// Top appends the values that are followed, the heaviest first, with their weights as of time t.
func (f *Frequent) Top(t, halfLife int64, to []Heavy) []Heavy {
	start, now := len(to), 1/f.worth(t, halfLife)
	to = f.held(to)
	for i := range to[start:] {
		to[start+i].Weight *= now
		to[start+i].Over *= now
	}
	slices.SortFunc(to[start:], heavier)
	return to
}

// Merge adds what the other has seen. Both have the same half-life.
func (f *Frequent) Merge(o *Frequent, halfLife int64) {
	from := *o
	if from.Total == 0 {
		return
	}
	if f.Total == 0 {
		*f = from
		return
	}
	f.rescale(f.reach(from.Landmark, halfLife))
	from.rescale(from.reach(f.Landmark, halfLife))
	scale := f.worth(from.Landmark, halfLife)
	from.rescale(scale)
	var mine, theirs [FrequentSlots]Heavy
	var room [2 * FrequentSlots]Heavy
	all := joinHeavy(room[:0], f.held(mine[:0]), from.held(theirs[:0]), [2]float64{f.unseen(), from.unseen()})
	*f = Frequent{aging: aging{Landmark: f.Landmark, Total: f.Total + from.Total*scale}}
	for i, h := range all[:min(len(all), FrequentSlots)] {
		f.Hashes[i], f.Weights[i], f.Overs[i] = h.Hash, h.Weight, h.Over
	}
}

// held appends the values that are followed, with their weights at the landmark.
func (f *Frequent) held(to []Heavy) []Heavy {
	for i, w := range f.Weights {
		if w > 0 {
			to = append(to, Heavy{Hash: f.Hashes[i], Weight: w, Over: f.Overs[i]})
		}
	}
	return to
}

// unseen is the greatest weight that a value may have which is not followed.
func (f *Frequent) unseen() float64 { return slices.Min(f.Weights[:]) }

func (f *Frequent) rescale(scale float64) {
	if scale == 1 {
		return
	}
	for i := range f.Weights {
		f.Weights[i] *= scale
		f.Overs[i] *= scale
	}
}

// heavier orders by weight, and where that is equal by hash, so that the order is always the same.
func heavier(a, b Heavy) int {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Hash, b.Hash))
}

// joinHeavy appends what two sides followed, the heaviest first. A value that one side does not follow may have had as much
// there as the least that is followed.
func joinHeavy(to, a, b []Heavy, unseen [2]float64) []Heavy {
	byHash := func(a, b Heavy) int { return cmp.Compare(a.Hash, b.Hash) }
	slices.SortFunc(a, byHash)
	slices.SortFunc(b, byHash)
	start := len(to)
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Hash < b[0].Hash:
			to = append(to, Heavy{a[0].Hash, a[0].Weight + unseen[1], a[0].Over + unseen[1]})
			a = a[1:]
		case len(a) == 0 || b[0].Hash < a[0].Hash:
			to = append(to, Heavy{b[0].Hash, b[0].Weight + unseen[0], b[0].Over + unseen[0]})
			b = b[1:]
		default:
			to = append(to, Heavy{a[0].Hash, a[0].Weight + b[0].Weight, a[0].Over + b[0].Over})
			a, b = a[1:], b[1:]
		}
	}
	slices.SortFunc(to[start:], heavier)
	return to
}
