package detect

import (
	"errors"
	"fmt"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// Engine folds events into findings: Engine, findings = Step(Engine, event). It does once what every detector needs:
// keys, tables, episodes, eviction, order and snapshots. One goroutine owns an Engine.
type Engine struct {
	cfg     Config
	facts   *Facts
	specs   []Spec
	runners []runner
	evicts  []func(owner) // of each detector, made once because most clients make a state
	tables  [event.Kinds]*table
	kinds   []event.Kind // that some detector asks about, and for events the network always
	commons commons
	clock   clock
	book    book
	counts  Counts
	seen    Observation // of the running event; kept here so that it is not allocated anew
	found   Evidence    // that a detector gave last
	keys    [event.Kinds]event.Key
	refs    [event.Kinds]uint32 // records of keys, plus 1; 0 when not looked up
	alone   bool                // the network is the only entity of the running event
	second  bool                // the catalog is of detectors of facets
	asking  asking
	view    viewer
}

// Counts are the engine's counters since it was made.
type Counts struct {
	Events   uint64
	Late     uint64 // events older than the watermark
	Unkeyed  uint64 // events without a client
	Findings uint64 // episodes opened
	Evicted  uint64 // entities evicted
	Lost     uint64 // states evicted while their entity stayed
	Shed     uint64 // episodes closed early for want of room
}

// New builds an engine over a catalog.
func New(cfg Config, catalog []Definition) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	facts, err := NewFacts(cfg.Seed, cfg.Routes)
	if err != nil {
		return nil, err
	}
	return newEngine(cfg, catalog, facts)
}

// Second builds the engine of the second stage that folds this one's facets, with the same configuration. It shares what
// tells things from one event alone, so one goroutine owns both.
func (e *Engine) Second(catalog []Definition) (*Engine, error) {
	return newEngine(e.cfg, catalog, e.facts)
}

func newEngine(cfg Config, catalog []Definition, facts *Facts) (*Engine, error) {
	e := &Engine{cfg: cfg, facts: facts, book: book{limit: cfg.MaxEpisodes}}
	e.clock.lateness = cfg.Lateness.Nanoseconds()
	names := map[string]bool{}
	var errs []error
	if len(catalog) > maxColumns {
		return nil, fmt.Errorf("catalog of %d detectors: at most %d fit", len(catalog), maxColumns)
	}
	if first, second := Split(catalog); len(second) > 0 {
		e.second = true
		if len(first) > 0 {
			errs = append(errs, errors.New("detectors of events and of facets in one engine: split the catalog"))
		}
	}
	e.commons = newCommons(&e.cfg, e.second)
	wanted := [event.Kinds]bool{event.KindNetwork: !e.second}
	for col, d := range catalog {
		errs = append(errs, d.Validate())
		if names[d.spec.Name] {
			errs = append(errs, fmt.Errorf("detector %s stands twice in the catalog", d.spec.Name))
		}
		names[d.spec.Name] = true
		for _, k := range d.spec.Entity {
			wanted[k] = true
		}
		e.specs = append(e.specs, d.spec)
		e.runners = append(e.runners, d.start(&e.cfg))
		e.evicts = append(e.evicts, func(old owner) { e.forget(old, col) })
	}
	e.asking = newAsking(e.specs)
	for k, want := range wanted {
		if want {
			e.kinds = append(e.kinds, event.Kind(k))
			e.tables[k] = newTable(cfg.MaxEntities, cfg.Seed, e.release)
		}
	}
	return e, errors.Join(errs...)
}

// Step folds one event. Findings go to emit, in order; the finding passed is the engine's own and holds until emit
// returns. The event is not kept.
func (e *Engine) Step(ev *event.Event, emit func(*finding.Finding)) {
	e.counts.Events++
	if e.clock.tick(ev.Time) {
		e.book.sweep(e, emit)
	}
	e.commons.sheet.Clock(e.clock.high)
	if e.clock.late(ev.Time) {
		e.counts.Late++
	}
	if !e.identify(ev) {
		e.counts.Unkeyed++
		e.seen.Attempt = false // it has no facets
		return
	}
	o, clients := &e.seen, e.tables[event.KindNetwork]
	h := clients.hash(e.keys[event.KindNetwork])
	clients.fetchIndex(h)
	e.facts.Of(o, ev)
	clients.fetchRecord(h)
	e.facts.Inspect(o)
	e.commons.count(o)
	o.Time = e.clock.believe(ev.Time)
	o.Key = e.keys[event.KindNetwork]
	client := e.touch(event.KindNetwork)
	e.fetch(client)
	e.commons.observe(o, client)
	client.logins(o)
	e.ask(client, emit)
}

// fetch asks for the memory of those of the client's states that the running event needs whatever it is.
func (e *Engine) fetch(client *record) {
	clients := e.tables[event.KindNetwork]
	for rest := e.asking.always & client.Held; rest != 0; {
		col := rest.next()
		e.runners[col].fetch(clients.slot(client, col) - 1)
	}
}

// identify sets the keys of the event's entities; false when it has no client.
func (e *Engine) identify(ev *event.Event) bool {
	e.alone = true
	for _, k := range e.kinds {
		key, ok := ev.Key(k, e.cfg.Seed)
		switch {
		case !ok:
			key = event.Key{}
		case k != event.KindNetwork:
			e.alone = false
		}
		e.keys[k], e.refs[k] = key, 0
	}
	return !e.keys[event.KindNetwork].IsZero()
}

// ask has the detectors look at the running event that it concerns, or that follow its client.
func (e *Engine) ask(client *record, emit func(*finding.Finding)) {
	concerned, whole := e.asking.concerned(&e.seen), e.asking.whole
	if e.alone { // nobody but the network has a state
		whole = e.asking.following(client)
	}
	for rest := concerned | whole; rest != 0; {
		col := rest.next()
		r, bit := e.runners[col], columns(1)<<col
		follows := whole&bit != 0 && (e.alone || e.follows(col))
		if follows || concerned&bit != 0 && r.concerns(&e.seen) {
			e.judge(col, r, emit)
		}
	}
}

// follows tells whether the running event's entity has a state with a detector already.
func (e *Engine) follows(col int) bool {
	kind, ok := kindOf(e.specs[col].Entity, &e.keys)
	if !ok {
		return false
	}
	ref := e.refs[kind]
	if ref == 0 {
		found, ok := e.tables[kind].find(e.keys[kind])
		if !ok {
			return false
		}
		ref = found + 1
		e.refs[kind] = ref
	}
	return e.tables[kind].at(ref-1).Held&(1<<col) != 0
}

// touch finds or makes the record of the running event's entity of one kind.
func (e *Engine) touch(k event.Kind) *record {
	if e.refs[k] == 0 {
		ref, _ := e.tables[k].get(e.keys[k])
		e.refs[k] = ref + 1
	}
	r := e.tables[k].at(e.refs[k] - 1)
	r.Chances = max(r.Chances, 1)
	return r
}

// judge lets one detector observe the running event.
func (e *Engine) judge(col int, r runner, emit func(*finding.Finding)) {
	kind, ok := kindOf(e.specs[col].Entity, &e.keys)
	if !ok {
		return
	}
	rec := e.touch(kind)
	ref := e.refs[kind] - 1
	everyone := e.specs[col].Everyone
	if !everyone {
		rec.Chances = 2
	}
	slot := e.tables[kind].slot(rec, col)
	fresh := slot == 0
	if fresh {
		o := owner{Ref: ref + 1, Kind: uint8(kind), Chances: 1}
		slot = r.take(o, e.evicts[col]) + 1
		e.tables[kind].hold(rec, col, slot)
	}
	slot--
	own := r.owner(slot)
	switch {
	case !everyone:
		own.Chances = 1
	case !fresh:
		own.Chances = min(own.Chances+2, maxChances)
	}
	e.seen.Key, e.seen.Kind = e.keys[kind], kind
	if r.observe(slot, &e.seen, &e.found) {
		e.book.record(e, site{col: col, slot: slot, kind: kind, ref: ref}, &e.found, emit)
	}
}

// forget takes the state of one detector from the entity that owned it.
func (e *Engine) forget(o owner, col int) {
	t := e.tables[o.Kind]
	t.hold(t.at(o.Ref-1), col, 0)
	e.counts.Lost++
}

// release gives back every state of an entity that is evicted.
func (e *Engine) release(t *table, r *record) {
	e.counts.Evicted++
	for rest := r.Held; rest != 0; {
		col := rest.next()
		e.runners[col].drop(t.slot(r, col) - 1)
	}
}

// Flush closes every open episode, as at the end of a file.
func (e *Engine) Flush(emit func(*finding.Finding)) { e.book.flush(e, emit) }

// Counts returns the engine's counters.
func (e *Engine) Counts() Counts { return e.counts }

// Entities is how many entities of a kind are remembered.
func (e *Engine) Entities(k event.Kind) int {
	if e.tables[k] == nil {
		return 0
	}
	return e.tables[k].used
}

// States is how many states each detector holds, by name.
func (e *Engine) States() map[string]int {
	m := make(map[string]int, len(e.specs))
	for i, s := range e.specs {
		m[s.Name], _ = e.runners[i].states()
	}
	return m
}
