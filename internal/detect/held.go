package detect

import "math/bits"

// inline is how many states a record has room for by itself: few entities have more, and the table keeps where these are.
const inline = 4

// overflow are the states of an entity beyond those that its record has room for.
type overflow [maxColumns - inline]uint32

// slot is the number of the state that one detector has of a record's entity, plus 1; 0 when it has none.
func (t *table) slot(r *record, col int) uint32 {
	bit := columns(1) << col
	if r.Held&bit == 0 {
		return 0
	}
	i := (r.Held & (bit - 1)).count()
	if i < inline {
		return r.Slots[i]
	}
	return t.more[r.More-1][i-inline]
}

// hold notes the number of a state plus 1, or with 0 that there is none any more.
func (t *table) hold(r *record, col int, slot uint32) {
	bit := columns(1) << col
	if r.Held&bit == 0 && slot == 0 {
		return
	}
	var all [maxColumns]uint32
	for rest := r.Held; rest != 0; {
		c := rest.next()
		all[c] = t.slot(r, c)
	}
	all[col] = slot
	if slot == 0 {
		r.Held &^= bit
	} else {
		r.Held |= bit
	}
	t.pack(r, &all)
}

// pack writes a record's states in the order of the catalog.
func (t *table) pack(r *record, all *[maxColumns]uint32) {
	n := r.Held.count()
	switch {
	case n > inline && r.More == 0:
		r.More = t.spare() + 1
	case n <= inline && r.More != 0:
		t.unused = append(t.unused, r.More-1)
		r.More = 0
	}
	i := 0
	for rest := r.Held; rest != 0; i++ {
		if slot := all[rest.next()]; i < inline {
			r.Slots[i] = slot
		} else {
			t.more[r.More-1][i-inline] = slot
		}
	}
}

// spare is a place for the states that a record has no room for.
func (t *table) spare() uint32 {
	if n := len(t.unused); n > 0 {
		i := t.unused[n-1]
		t.unused = t.unused[:n-1]
		return i
	}
	t.more = append(t.more, overflow{})
	return uint32(len(t.more) - 1)
}

// count is how many columns there are in the set.
func (c columns) count() int { return bits.OnesCount16(uint16(c)) }
