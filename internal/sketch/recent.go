package sketch

// Recent counts the different values of the last span of event time with two generations: the answer covers at least
// the span and at most twice it. The caller passes the same span each time. The zero value is empty.
type Recent struct {
	Generation int64 // number of the newer generation, in spans since the epoch
	New, Old   Distinct
}

// Add takes a value's hash at time t (nanoseconds) and tells whether it is new to both generations, as far as they can
// tell. A value older than both is not counted.
func (r *Recent) Add(t, span int64, hash uint64) bool {
	g := floorDiv(t, max(span, 1))
	r.advance(g)
	switch r.Generation - g {
	case 0:
		return r.New.Add(hash)
	case 1:
		return r.Old.Add(hash)
	default:
		return false
	}
}

// Count is the number of different values in both generations.
func (r *Recent) Count() int {
	if r.Old.N == 0 {
		return r.New.Count()
	}
	both := r.New
	both.Merge(&r.Old)
	return both.Count()
}

// Has tells whether a value was counted: exactly while it is held exactly, else perhaps.
func (r *Recent) Has(hash uint64) bool { return r.New.Has(hash) || r.Old.Has(hash) }

// Merge adds the other's values, each to its generation. Both count with the same span.
func (r *Recent) Merge(o *Recent) {
	r.advance(o.Generation)
	switch r.Generation - o.Generation {
	case 0:
		r.New.Merge(&o.New)
		r.Old.Merge(&o.Old)
	case 1:
		r.Old.Merge(&o.New)
	default:
	}
}

func (r *Recent) advance(g int64) {
	switch ahead := g - r.Generation; {
	case ahead <= 0:
	case ahead == 1:
		r.Old, r.New, r.Generation = r.New, Distinct{}, g
	default:
		r.Old, r.New, r.Generation = Distinct{}, Distinct{}, g
	}
}

// AtLeast tells whether there are at least n different values, cheaply when there plainly are not.
func (r *Recent) AtLeast(n int) bool {
	if r.New.N != dense && r.Old.N != dense && int(r.New.N+r.Old.N) < n {
		return false
	}
	return r.Count() >= n
}
