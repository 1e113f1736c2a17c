package detect

import "unsafe"

// Footprint is what the engine keeps in memory for its entities, in bytes, room that is waiting for more of them included:
// "entities" for the records and their index, and each detector's states by its name. What is there once, whoever comes,
// is not in it.
func (e *Engine) Footprint() map[string]int {
	m := make(map[string]int, len(e.specs)+1)
	for _, k := range e.kinds {
		m["entities"] += e.tables[k].footprint()
	}
	for i, s := range e.specs {
		m[s.Name] = e.runners[i].footprint()
	}
	return m
}

func (t *table) footprint() int {
	return len(t.recs)*chunk*int(unsafe.Sizeof(record{})) + cap(t.index)*int(unsafe.Sizeof(slot(0))) +
		cap(t.more)*int(unsafe.Sizeof(overflow{})) + cap(t.unused)*int(unsafe.Sizeof(uint32(0)))
}

func (r *run[S]) footprint() int {
	_, bytes := r.states()
	return bytes + cap(r.slab.owners)*int(unsafe.Sizeof(owner{})) + cap(r.slab.free)*int(unsafe.Sizeof(uint32(0)))
}
