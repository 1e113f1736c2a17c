package detect

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gatewatch/internal/event"
)

// snapshotMagic begins every snapshot: the format's name and version.
const snapshotMagic = "GWE\x01"

// Snapshot appends the engine's whole state to b. Equal engines give equal bytes.
func (e *Engine) Snapshot(b []byte) ([]byte, error) {
	w := &writer{b: append(b, snapshotMagic...)}
	w.u64(e.cfg.Seed)
	w.raw(memory(&e.clock))
	w.raw(memory(&e.counts))
	w.section(e.commons.appendTo)
	w.n(len(e.kinds))
	for _, k := range e.kinds {
		w.str(k.String())
		w.section(e.tables[k].appendTo)
	}
	w.n(len(e.runners))
	for i, r := range e.runners {
		w.str(e.specs[i].Name)
		w.section(func(w *writer) {
			w.u32(uint32(e.specs[i].Version))
			r.appendTo(w)
		})
	}
	err := e.book.appendTo(w, e.specs)
	return w.b, err
}

// Restore builds an engine from a snapshot. The catalog may have changed: what is new starts empty; the states of
// detectors that are gone, or that have another version now, are dropped and named in the result.
func Restore(cfg Config, catalog []Definition, b []byte) (e *Engine, dropped []string, err error) {
	if e, err = New(cfg, catalog); err != nil {
		return nil, nil, err
	}
	if len(b) < len(snapshotMagic) || string(b[:len(snapshotMagic)]) != snapshotMagic {
		return nil, nil, errors.New("reading snapshot: no snapshot of a version this program knows")
	}
	r := &reader{b: b[len(snapshotMagic):]}
	if seed := r.u64(); seed != cfg.Seed {
		return nil, nil, errors.New("reading snapshot: it was made under another hash key")
	}
	copy(memory(&e.clock), r.take(len(memory(&e.clock))))
	copy(memory(&e.counts), r.take(len(memory(&e.counts))))
	commons := &reader{b: r.bytes()}
	e.commons.readFrom(commons)
	errs := []error{commons.err, e.readTables(r)}
	cols := map[string]int{}
	for range r.n() {
		name := r.str()
		if col, err := e.readStates(name, r.bytes()); err != nil {
			dropped = append(dropped, fmt.Sprintf("%s: %v", name, err))
		} else {
			cols[name] = col
		}
	}
	if err := errors.Join(append(errs, e.book.readFrom(r, e, cols), r.err)...); err != nil {
		return nil, nil, fmt.Errorf("reading snapshot: %w", err)
	}
	return e, dropped, nil
}

func (e *Engine) readTables(r *reader) error {
	byName := map[string]*table{}
	for _, k := range e.kinds {
		byName[k.String()] = e.tables[k]
	}
	for range r.n() {
		name, section := r.str(), &reader{b: r.bytes()}
		if t := byName[name]; t != nil {
			if err := t.readFrom(section); err != nil {
				return fmt.Errorf("entities of kind %s: %w", name, err)
			}
		}
	}
	return nil
}

func (e *Engine) readStates(name string, b []byte) (int, error) {
	col := slices.IndexFunc(e.specs, func(s Spec) bool { return s.Name == name })
	if col < 0 {
		return 0, errors.New("not in the catalog")
	}
	r := &reader{b: b}
	if v := r.u32(); v != uint32(e.specs[col].Version) {
		return 0, fmt.Errorf("version %d, now %d", v, e.specs[col].Version)
	}
	if err := e.runners[col].readFrom(r); err != nil {
		return 0, err
	}
	return col, e.adopt(col)
}

// adopt tells the owners of a detector's states where these are.
func (e *Engine) adopt(col int) error {
	for slot, o := range e.runners[col].owners() {
		if o.Ref == 0 {
			continue
		}
		if int(o.Kind) >= event.Kinds || e.tables[o.Kind] == nil || int(o.Ref) > e.tables[o.Kind].used {
			return errors.New("a state without an entity")
		}
		e.tables[o.Kind].at(o.Ref - 1).States[col] = uint32(slot) + 1
	}
	return nil
}

func (c *commons) appendTo(w *writer) {
	w.raw(memory(&c.peers))
	used := 0
	for i := range c.broken.Sets {
		if c.broken.Sets[i].Path != 0 {
			used++
		}
	}
	w.n(used)
	for i := range c.broken.Sets {
		if v := &c.broken.Sets[i]; v.Path != 0 {
			w.u32(uint32(i))
			w.raw(memory(v))
		}
	}
	w.n(len(c.logins))
	for _, k := range slices.Sorted(maps.Keys(c.logins)) {
		w.raw(memory(c.logins[k]))
	}
}

func (c *commons) readFrom(r *reader) {
	copy(memory(&c.peers), r.take(len(memory(&c.peers))))
	for range r.n() {
		i := r.u32()
		var v vouch
		copy(memory(&v), r.take(len(memory(&v))))
		if int(i) < len(c.broken.Sets) {
			c.broken.Sets[i] = v
		}
	}
	for range r.n() {
		l := &loginRoute{}
		copy(memory(l), r.take(len(memory(l))))
		c.logins[l.Route] = l
	}
}

func (t *table) appendTo(w *writer) {
	w.u64(t.evicted)
	w.u32(t.hand)
	w.n(t.used)
	for i := range uint32(t.used) {
		r := t.at(i)
		w.u64(r.Key.Hi)
		w.u64(r.Key.Lo)
		w.i64(r.Last)
		w.u32(r.Minute)
		w.u32(r.Count)
		w.u32(uint32(r.Misses))
		w.u8(r.Chances)
	}
}

func (t *table) readFrom(r *reader) error {
	t.evicted, t.hand = r.u64(), r.u32()
	n := r.n()
	if n > t.limit {
		return fmt.Errorf("%d of them, room for %d", n, t.limit)
	}
	for range n {
		k := event.Key{Hi: r.u64(), Lo: r.u64()}
		ref, fresh := t.get(k)
		if !fresh {
			return errors.New("one stands twice")
		}
		rec := t.at(ref)
		rec.Last, rec.Minute, rec.Count = r.i64(), r.u32(), r.u32()
		rec.Misses, rec.Chances = uint16(r.u32()), r.u8()
	}
	return r.err
}

func (r *run[S]) owners() []owner { return r.slab.owners }

func (r *run[S]) appendTo(w *writer) {
	s := &r.slab
	w.u32(s.hand)
	w.n(len(s.owners))
	for i := range s.owners {
		o := s.owners[i]
		w.u32(o.Ref)
		w.u8(o.Kind)
		w.u8(o.Chances)
		if o.Ref != 0 {
			w.raw(memory(s.at(uint32(i))))
		}
	}
	w.n(len(s.free))
	for _, f := range s.free {
		w.u32(f)
	}
}

func (r *run[S]) readFrom(in *reader) error {
	s := slab[S]{limit: r.slab.limit, hand: in.u32()}
	n := in.n()
	if n > s.limit {
		return fmt.Errorf("%d states, room for %d", n, s.limit)
	}
	for i := range n {
		if i%chunk == 0 {
			s.chunks = append(s.chunks, make([]S, chunk))
		}
		o := owner{Ref: in.u32(), Kind: in.u8(), Chances: in.u8()}
		s.owners = append(s.owners, o)
		if o.Ref != 0 {
			state := memory(s.at(uint32(i)))
			copy(state, in.take(len(state)))
		}
	}
	for range in.n() {
		s.free = append(s.free, in.u32())
	}
	if in.err == nil {
		r.slab = s
	}
	return in.err
}

func (b *book) appendTo(w *writer, specs []Spec) error {
	w.n(len(b.episodes))
	for i := range b.episodes {
		ep := &b.episodes[i]
		if !ep.open {
			w.u8(0)
			continue
		}
		w.u8(1)
		w.str(specs[ep.col].Name)
		w.u32(ep.slot)
		w.u8(uint8(ep.kind))
		w.u32(ep.ref)
		w.i64(ep.told)
		f, err := json.Marshal(&ep.finding)
		if err != nil {
			return fmt.Errorf("encoding episode: %w", err)
		}
		w.bytes(f)
	}
	w.n(len(b.free))
	for _, f := range b.free {
		w.u32(f)
	}
	return nil
}

func (b *book) readFrom(r *reader, e *Engine, cols map[string]int) error {
	n := r.n()
	gone := []uint32{}
	for i := range n {
		var ep episode
		if r.u8() == 1 {
			name := r.str()
			ep = episode{open: true, site: site{slot: r.u32(), kind: event.Kind(r.u8()), ref: r.u32()}, told: r.i64()}
			f := r.bytes()
			col, known := cols[name]
			if !known {
				// Its detector is gone: nobody will ever close it, so it ends here.
				ep, gone = episode{}, append(gone, uint32(i))
			} else if err := b.attach(e, col, &ep, f, uint32(i)); err != nil {
				return err
			}
		}
		b.episodes = append(b.episodes, ep)
	}
	for range r.n() {
		b.free = append(b.free, r.u32())
	}
	b.free = append(b.free, gone...)
	return r.err
}

// attach ties a restored episode to its state and its entity.
func (b *book) attach(e *Engine, col int, ep *episode, f []byte, n uint32) error {
	if err := json.Unmarshal(f, &ep.finding); err != nil {
		return fmt.Errorf("decoding episode: %w", err)
	}
	owners := e.runners[col].owners()
	if int(ep.slot) >= len(owners) || owners[ep.slot].Ref != ep.ref+1 || owners[ep.slot].Kind != uint8(ep.kind) {
		return errors.New("an episode without a state")
	}
	ep.col, ep.quiet = col, e.specs[col].Quiet.Nanoseconds()
	owners[ep.slot].Episode = n + 1
	e.tables[ep.kind].at(ep.ref).Pins++
	return nil
}
