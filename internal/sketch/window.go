package sketch

// WindowSlots is the number of slots in a Window: its resolution.
const WindowSlots = 8

// Window counts events over a sliding span of event time, to a resolution of an eighth of the span. The caller passes
// the same span each time. An event older than the span is not counted; one within it is counted where it belongs, so
// the order of arrival does not matter. The zero value is empty.
type Window struct {
	Head  int64 // number of the newest slot, in slot widths since the epoch
	Slots [WindowSlots]uint32
}

// Add counts n events at time t (nanoseconds) and returns the sum over the span that ends at the newest event.
func (w *Window) Add(t, span int64, n uint32) uint32 {
	w.Put(t, span, n)
	return w.sum()
}

// Put is Add for whoever does not ask for the sum, most of whose cost that is.
func (w *Window) Put(t, span int64, n uint32) {
	width := max(span/WindowSlots, 1)
	slot := w.slot(t, width)
	w.advance(slot)
	if behind := w.Head - slot; behind < WindowSlots {
		w.put(slot, n)
	}
}

// put counts in a slot that the window holds.
func (w *Window) put(slot int64, n uint32) {
	s := &w.Slots[uint64(slot)%WindowSlots]
	if *s += n; *s < n {
		*s = ^uint32(0)
	}
}

// Sum is the count over the span that ends at t, or at the newest event where that is later.
func (w *Window) Sum(t, span int64) uint32 {
	w.Advance(t, span)
	return w.sum()
}

// Advance is Sum for whoever does not ask for the sum: it forgets what is older than the span that ends at t.
func (w *Window) Advance(t, span int64) { w.advance(w.slot(t, max(span/WindowSlots, 1))) }

// slot is the number of the slot that t is in. Mostly it is the newest or the one after it, which takes no division.
func (w *Window) slot(t, width int64) int64 {
	switch since := uint64(t - w.Head*width); { // a huge number before the newest slot
	case since < uint64(width):
		return w.Head
	case since < 2*uint64(width):
		return w.Head + 1
	default:
		return floorDiv(t, width)
	}
}

// Merge adds the other's counts, each where it belongs. Both count with the same span.
func (w *Window) Merge(o *Window) {
	w.advance(o.Head)
	for i := range int64(WindowSlots) {
		slot := o.Head - i
		if w.Head-slot >= WindowSlots {
			break
		}
		w.put(slot, o.Slots[uint64(slot)%WindowSlots])
	}
}

// Total is the count over the span that ends at the newest event.
func (w *Window) Total() uint32 { return w.sum() }

func (w *Window) advance(slot int64) {
	ahead := slot - w.Head
	if ahead <= 0 {
		return
	}
	if ahead >= WindowSlots {
		w.Slots = [WindowSlots]uint32{}
	} else {
		for i := range ahead {
			w.Slots[uint64(slot-i)%WindowSlots] = 0
		}
	}
	w.Head = slot
}

func (w *Window) sum() uint32 {
	var n uint64
	for _, s := range w.Slots {
		n += uint64(s)
	}
	return uint32(min(n, uint64(^uint32(0))))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
