package detect

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// snapshotMagic begins every snapshot: the format's name and version.
const snapshotMagic = "GWE\x04"

// sealSize is the size of the checksum that ends every snapshot.
const sealSize = 8

// Snapshot appends the engine's whole state to b. Equal engines give equal bytes.
func (e *Engine) Snapshot(b []byte) ([]byte, error) {
	start := len(b)
	if need := e.snapshotSize(); cap(b)-start < need {
		b = slices.Grow(b, need+need/4) // the next one will be larger
	}
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
	w.u64(xxh3.Hash(w.b[start:]))
	return w.b, err
}

// snapshotSize is about how many bytes a snapshot takes, rather more.
func (e *Engine) snapshotSize() int {
	const others, perRecord, perState = 1 << 20, 40, 8
	n := others
	for _, k := range e.kinds {
		n += e.tables[k].used * perRecord
	}
	for _, r := range e.runners {
		states, bytes := r.states()
		n += states*perState + bytes
	}
	return n
}

// Restore builds an engine from a snapshot. The catalog may have changed: what is new starts empty; the states of
// detectors that are gone, or that have another version now, are dropped and named in the result.
func Restore(cfg Config, catalog []Definition, b []byte) (e *Engine, dropped []string, err error) {
	r, err := open(cfg, b)
	if err != nil {
		return nil, nil, fmt.Errorf("reading snapshot: %w", err)
	}
	if e, err = New(cfg, catalog); err != nil {
		return nil, nil, err
	}
	if dropped, err = e.readFrom(r); err != nil {
		return nil, nil, fmt.Errorf("reading snapshot: %w", err)
	}
	return e, dropped, nil
}

// open checks what a snapshot is and that it is whole.
func open(cfg Config, b []byte) (*reader, error) {
	if len(b) < len(snapshotMagic) || string(b[:len(snapshotMagic)]) != snapshotMagic {
		return nil, errors.New("no snapshot of a version this program knows")
	}
	body := b[:max(len(b)-sealSize, 0)]
	if len(body) < len(snapshotMagic) || binary.LittleEndian.Uint64(b[len(body):]) != xxh3.Hash(body) {
		return nil, errors.New("it is damaged")
	}
	r := &reader{b: body[len(snapshotMagic):]}
	if seed := r.u64(); seed != cfg.Seed {
		return nil, errors.New("it was made under another hash key")
	}
	return r, nil
}

func (e *Engine) readFrom(r *reader) (dropped []string, err error) {
	copy(memory(&e.clock), r.take(len(memory(&e.clock))))
	copy(memory(&e.counts), r.take(len(memory(&e.counts))))
	commons := &reader{b: r.bytes()}
	errs := []error{e.commons.readFrom(commons), e.readTables(r)}
	cols := map[string]int{}
	for range r.n() {
		name := r.str()
		if col, err := e.readStates(name, r.bytes()); err != nil {
			dropped = append(dropped, fmt.Sprintf("%s: %v", name, err))
		} else {
			cols[name] = col
		}
	}
	return dropped, errors.Join(append(errs, e.book.readFrom(r, e, cols), r.err)...)
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
	if err := e.adopt(col); err != nil {
		e.disown(col)
		return 0, err
	}
	return col, nil
}

// disown takes back what adopt did.
func (e *Engine) disown(col int) {
	e.runners[col].clear()
	for _, k := range e.kinds {
		t := e.tables[k]
		for i := range uint32(t.used) {
			t.hold(t.at(i), col, 0)
		}
	}
}

// adopt tells the owners of a detector's states where these are.
func (e *Engine) adopt(col int) error {
	owners := e.runners[col].owners()
	for _, o := range owners {
		if o.Ref != 0 && (int(o.Kind) >= event.Kinds || e.tables[o.Kind] == nil || int(o.Ref) > e.tables[o.Kind].used) {
			return errors.New("a state without an entity")
		}
	}
	for slot, o := range owners {
		if o.Ref != 0 {
			t := e.tables[o.Kind]
			t.hold(t.at(o.Ref-1), col, uint32(slot)+1)
		}
	}
	for slot, o := range owners {
		if o.Ref == 0 {
			continue
		}
		if t := e.tables[o.Kind]; t.slot(t.at(o.Ref-1), col) != uint32(slot)+1 {
			return errors.New("two states of one entity")
		}
	}
	return nil
}

func (t *table) appendTo(w *writer) {
	w.u64(t.evicted)
	w.u32(t.hand)
	w.n(t.used)
	for i := range uint32(t.used) {
		r := t.at(i)
		w.u64(r.Key.Hi)
		w.u64(r.Key.Lo)
		w.u64(r.Asked.pack())
		w.u32(r.Minute)
		w.u32(r.Count)
		w.u32(uint32(r.Misses))
		w.u8(r.Chances)
		w.u8(r.Failed)
		w.u8(r.Passed)
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
		rec.Asked.unpack(r.u64())
		rec.Minute, rec.Count = r.u32(), r.u32()
		rec.Misses, rec.Chances, rec.Failed, rec.Passed = uint16(r.u32()), r.u8(), r.u8(), r.u8()
	}
	if int(t.hand) >= max(n, 1) {
		return errors.New("the eviction hand stands beyond them")
	}
	return r.err
}

func (r *run[S]) owners() []owner { return r.slab.owners }

func (r *run[S]) appendTo(w *writer) {
	s := &r.slab
	w.u32(uint32(reflect.TypeFor[S]().Size()))
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
	if size := uintptr(in.u32()); size != reflect.TypeFor[S]().Size() {
		return fmt.Errorf("states of %d bytes, now %d", size, reflect.TypeFor[S]().Size())
	}
	s := slab[S]{limit: r.slab.limit, hand: in.u32()}
	n := in.n()
	if n > s.limit {
		return fmt.Errorf("%d states, room for %d", n, s.limit)
	}
	for i := range n {
		if uint32(i)%perChunk[S]() == 0 {
			s.chunks = append(s.chunks, make([]S, perChunk[S]()))
		}
		o := owner{Ref: in.u32(), Kind: in.u8(), Chances: in.u8()}
		s.owners = append(s.owners, o)
		if o.Ref != 0 {
			state := memory(s.at(uint32(i)))
			copy(state, in.take(len(state)))
		}
	}
	for range in.n() {
		f := in.u32()
		if int(f) >= len(s.owners) || s.owners[f].Ref != 0 {
			return errors.New("a free state that is not there or not free")
		}
		s.free = append(s.free, f)
	}
	if in.err != nil {
		return in.err
	}
	if int(s.hand) >= max(n, 1) {
		return errors.New("the eviction hand stands beyond the states")
	}
	r.slab = s
	return nil
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
		if err := appendFinding(w, &ep.finding); err != nil {
			return err
		}
	}
	w.n(len(b.free))
	for _, f := range b.free {
		w.u32(f)
	}
	return nil
}

func (b *book) readFrom(r *reader, e *Engine, cols map[string]int) error {
	n := r.n()
	if n > b.limit {
		return fmt.Errorf("%d episodes, room for %d", n, b.limit)
	}
	gone := []uint32{}
	for i := range n {
		var ep episode
		if r.u8() == 1 {
			name := r.str()
			ep = episode{open: true, site: site{slot: r.u32(), kind: event.Kind(r.u8()), ref: r.u32()}, told: r.i64()}
			col, known := cols[name]
			switch err := readFinding(r, &ep.finding); {
			case err != nil:
				return err
			case !known:
				// Its detector is gone: nobody will ever close it, so it ends here.
				ep, gone = episode{}, append(gone, uint32(i))
			default:
				if err := attach(e, col, &ep, uint32(i)); err != nil {
					return err
				}
			}
		}
		b.episodes = append(b.episodes, ep)
	}
	for range r.n() {
		f := r.u32()
		if int(f) >= len(b.episodes) || b.episodes[f].open {
			return errors.New("a free episode that is not there or not free")
		}
		b.free = append(b.free, f)
	}
	b.free = append(b.free, gone...)
	return r.err
}

// attach ties a restored episode to its state and its entity.
func attach(e *Engine, col int, ep *episode, n uint32) error {
	owners := e.runners[col].owners()
	if int(ep.slot) >= len(owners) || owners[ep.slot].Ref != ep.ref+1 || owners[ep.slot].Kind != uint8(ep.kind) {
		return errors.New("an episode without a state")
	}
	if owners[ep.slot].Episode != 0 {
		return errors.New("two episodes of one state")
	}
	ep.col, ep.quiet = col, e.specs[col].Quiet.Nanoseconds()
	owners[ep.slot].Episode = n + 1
	e.tables[ep.kind].at(ep.ref).Pins++
	return nil
}

// appendFinding writes an open finding. Its samples go as protobuf: the canonical JSON leaves out where they came from.
func appendFinding(w *writer, f *finding.Finding) error {
	head := *f
	head.Samples = nil
	b, err := json.Marshal(&head)
	if err != nil {
		return fmt.Errorf("encoding episode: %w", err)
	}
	w.bytes(b)
	w.n(len(f.Samples))
	for i := range f.Samples {
		w.bytes(f.Samples[i].AppendProto(nil))
	}
	return nil
}

func readFinding(r *reader, f *finding.Finding) error {
	if err := json.Unmarshal(r.bytes(), f); err != nil {
		return fmt.Errorf("decoding episode: %w", errors.Join(err, r.err))
	}
	n := r.n()
	if n > finding.MaxSamples {
		return fmt.Errorf("decoding episode: %d samples", n)
	}
	f.Samples = nil
	for range n {
		var e event.Event
		if err := e.UnmarshalProto(r.bytes()); err != nil {
			return fmt.Errorf("decoding episode: %w", err)
		}
		// What was decoded aliases the snapshot, which must not be kept alive by it.
		f.Samples = append(f.Samples, e.Clone(0))
	}
	return nil
}
