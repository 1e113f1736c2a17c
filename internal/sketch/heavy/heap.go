package heavy

// insert takes in a value that is not followed, while there is room.
func (r *Ranking) insert(v *ranked) {
	slot := uint32(len(r.slots))
	r.slots = append(r.slots, *v)
	r.slots[slot].at = slot
	r.heap = append(r.heap, slot)
	r.reindex(slot)
	r.rise(slot)
}

// lighter tells which of two positions of the heap goes first; where weights are equal the hash decides, so that the same
// values are followed whatever the heap's history.
func (r *Ranking) lighter(a, b uint32) bool {
	x, y := &r.slots[r.heap[a]], &r.slots[r.heap[b]]
	if x.weight != y.weight {
		return x.weight < y.weight
	}
	return x.hash < y.hash
}

func (r *Ranking) swap(a, b uint32) {
	r.heap[a], r.heap[b] = r.heap[b], r.heap[a]
	r.slots[r.heap[a]].at, r.slots[r.heap[b]].at = a, b
}

func (r *Ranking) rise(at uint32) {
	for at > 0 && r.lighter(at, (at-1)/2) {
		r.swap(at, (at-1)/2)
		at = (at - 1) / 2
	}
}

func (r *Ranking) sink(at uint32) {
	for n := uint32(len(r.heap)); ; {
		child := 2*at + 1
		if child >= n {
			return
		}
		if child+1 < n && r.lighter(child+1, child) {
			child++
		}
		if !r.lighter(child, at) {
			return
		}
		r.swap(at, child)
		at = child
	}
}

// find gives the slot of a hash.
func (r *Ranking) find(hash uint64) (slot uint32, ok bool) {
	i := r.index[r.place(hash)]
	return i - 1, i > 0
}

// place is where a hash is in the index, or the free place where it belongs.
func (r *Ranking) place(hash uint64) uint64 {
	mask := uint64(len(r.index) - 1)
	at := hash & mask
	for r.index[at] > 0 && r.slots[r.index[at]-1].hash != hash {
		at = (at + 1) & mask
	}
	return at
}

// reindex makes a slot known by its hash.
func (r *Ranking) reindex(slot uint32) { r.index[r.place(r.slots[slot].hash)] = slot + 1 }

// unindex frees the place of a hash, and moves those that went past it nearer to where they belong.
func (r *Ranking) unindex(hash uint64) {
	mask := uint64(len(r.index) - 1)
	free := r.place(hash)
	for at := (free + 1) & mask; r.index[at] > 0; at = (at + 1) & mask {
		home := r.slots[r.index[at]-1].hash & mask
		if (at-home)&mask >= (at-free)&mask {
			r.index[free] = r.index[at]
			free = at
		}
	}
	r.index[free] = 0
}
