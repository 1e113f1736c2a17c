package sketch

// Slots is how many slots a Ring has: a day of hours, an hour of minutes, a day of quarters of an hour, a week of hours.
type Slots interface {
	[24]uint32 | [60]uint32 | [96]uint32 | [168]uint32
}

// Ring is a history: counts by slots of event time, the newest of a fixed number. The caller passes the same width each
// time. What is older than the ring is not counted; what is within it is counted where it belongs, so the order of arrival
// does not matter. A slot stops at 2³²−1. The zero value is empty.
type Ring[S Slots] struct {
	Head  int64 // number of the newest slot, in widths since the epoch
	Slots S
}

// Add counts n events at time t (nanoseconds).
func (r *Ring[S]) Add(t, width int64, n uint32) {
	slot := floorDiv(t, max(width, 1))
	r.advance(slot)
	r.put(slot, n)
}

// Advance tells that it is t: slots that nothing was counted in are 0.
func (r *Ring[S]) Advance(t, width int64) { r.advance(floorDiv(t, max(width, 1))) }

// Len is the number of slots.
func (r *Ring[S]) Len() int { return len(r.Slots) }

// At is the count of a slot, by how many slots it is before the newest, which is At(0) and still filling.
func (r *Ring[S]) At(ago int) uint32 {
	if ago < 0 || ago >= len(r.Slots) {
		return 0
	}
	return r.Slots[r.place(r.Head-int64(ago))]
}

// Sum is the count of the newest n slots.
func (r *Ring[S]) Sum(n int) uint64 {
	sum := uint64(0)
	for ago := range min(n, len(r.Slots)) {
		sum += uint64(r.At(ago))
	}
	return sum
}

// Merge adds the other's counts, each where it belongs. Both count with the same width.
func (r *Ring[S]) Merge(o *Ring[S]) {
	from := *o
	r.advance(from.Head)
	for ago := range len(from.Slots) {
		r.put(from.Head-int64(ago), from.At(ago))
	}
}

func (r *Ring[S]) put(slot int64, n uint32) {
	if r.Head-slot >= int64(len(r.Slots)) {
		return
	}
	s := &r.Slots[r.place(slot)]
	if *s += n; *s < n {
		*s = ^uint32(0)
	}
}

func (r *Ring[S]) advance(slot int64) {
	ahead := slot - r.Head
	if ahead <= 0 {
		return
	}
	if ahead >= int64(len(r.Slots)) {
		var none S
		r.Slots = none
	} else {
		for i := range ahead {
			r.Slots[r.place(slot-i)] = 0
		}
	}
	r.Head = slot
}

func (r *Ring[S]) place(slot int64) uint64 {
	n := int64(len(r.Slots))
	return uint64((slot%n + n) % n)
}
