package detect

import (
	"unsafe"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

// viewer is the memory in which an engine makes facets, so that none is allocated.
type viewer struct {
	facet   facet.Facet
	account [128]byte
}

// Facets gives the facets of the event that was stepped last, in order, and the tallies of services and endpoints that it
// ended, which are lost unless they are asked for now. A facet is the engine's own and shares the event's memory: it holds
// until yield returns. Its Source has the ordinal only. Of an event by itself there are none but of attempts to log in:
//
//   - The endpoint gets each attempt at a form or a call. Routes that hand out tokens are left out: programs ask there all
//     day, and tokens that run out together look like an attack.
//   - The principal gets each attempt whose account the log tells, a refused request with credentials of its own (Basic,
//     Digest) included. The account tried is the principal whether or not it got in, so that what is said about an account
//     is said about one entity.
func (e *Engine) Facets(yield func(*facet.Facet)) {
	var ordinal int32
	if e.seen.Attempt {
		ordinal = e.views(yield)
	}
	e.commons.sheet.Due(func(f *facet.Facet) {
		f.Source.Ordinal = ordinal
		ordinal++
		yield(f)
	})
}

// views gives the facets of an attempt to log in, and tells how many there are.
func (e *Engine) views(yield func(*facet.Facet)) int32 {
	o := &e.seen
	if o.Outcome == route.OutcomeUnknown && o.Answer != AnswerOK && o.Answer != AnswerRedirect {
		return 0 // the answer is not about the password
	}
	token := o.Purpose.Has(route.Token)
	if token && o.Outcome != route.Failure {
		return 0
	}
	f := &e.view.facet
	f.Of(o.Event)
	f.Outcome, f.Certain, f.Failed, f.Passed = o.Outcome, o.Certain, o.Failed, o.Passed
	f.Source = event.Origin{}
	account := route.AppendUser(e.view.account[:0], o.Event)
	f.Event.Principal = unsafe.String(unsafe.SliceData(account), len(account))
	if !o.Basic && !token {
		f.Kind = event.KindEndpoint
		yield(f)
		f.Source.Ordinal++
	}
	if o.User != 0 {
		f.Kind = event.KindPrincipal
		yield(f)
		f.Source.Ordinal++
	}
	return f.Source.Ordinal
}

// Fold folds one facet into an engine whose catalog is of detectors of facets. Findings go to emit as they do from Step.
func (e *Engine) Fold(f *facet.Facet, emit func(*finding.Finding)) {
	ev := &f.Event
	e.counts.Events++
	if e.clock.tick(ev.Time) {
		e.book.sweep(e, emit)
	}
	if e.clock.late(ev.Time) {
		e.counts.Late++
	}
	if f.IsTally() {
		e.commons.progress.Note(f.Source.Partition, e.clock.believe(ev.Time))
	}
	key, ok := e.keyOf(f)
	if !ok {
		e.counts.Unkeyed++
		return
	}
	clear(e.keys[:])
	clear(e.refs[:])
	e.keys[f.Kind] = key
	o := &e.seen
	e.facts.Of(o, ev)
	o.Time, o.hours, o.meters = e.clock.believe(ev.Time), e.commons.hours, e.commons.meters
	if f.IsTally() {
		o.Tally, o.Settled = &f.Tally, e.commons.progress.Settled()
		if f.Kind == event.KindEndpoint {
			o.Endpoint = hash(key) | 1
			e.keys[event.KindService] = e.serviceOf(ev)
		}
	} else {
		e.attempt(o, f)
	}
	for col, r := range e.runners {
		if r.concerns(o) || e.specs[col].Whole && e.follows(col) {
			e.judge(col, r, emit)
		}
	}
}

// attempt completes the observation of an attempt to log in.
func (e *Engine) attempt(o *Observation, f *facet.Facet) {
	ev := o.Event
	o.Attempt, o.Failed, o.Passed = true, f.Failed, f.Passed
	o.User, _ = route.User(ev, e.cfg.Seed)
	o.Key, _ = ev.Key(event.KindNetwork, e.cfg.Seed)
	o.Client = hash(event.Key{Hi: o.Key.Hi, Lo: o.Key.Lo ^ e.cfg.Seed})
	if f.Kind == event.KindEndpoint {
		// All who log in here meet here, so their answers tell more than each partition of the first stage saw.
		e.commons.login(o)
	}
	if f.Outcome != route.OutcomeUnknown {
		o.Outcome, o.Certain = f.Outcome, f.Certain
	}
}

// keyOf is the key of the facet's entity; false when no detector asks about such, or the event does not tell.
func (e *Engine) keyOf(f *facet.Facet) (event.Key, bool) {
	if int(f.Kind) >= len(e.tables) {
		return event.Key{}, false
	}
	ofService := f.IsTally() && f.Kind == event.KindEndpoint && e.tables[event.KindService] != nil
	if e.tables[f.Kind] == nil && !ofService {
		return event.Key{}, false
	}
	key, ok := f.Event.Key(f.Kind, e.cfg.Seed)
	if f.Kind == event.KindEndpoint && f.Event.Host == "" && f.Event.Service != "" {
		// Of several logs without hosts, each is a site of its own.
		site, _ := (&event.Event{Principal: f.Event.Service}).Key(event.KindPrincipal, e.cfg.Seed)
		key.Hi, key.Lo = key.Hi^site.Hi, key.Lo^site.Lo
	}
	return key, ok && !key.IsZero()
}

// serviceOf is the key of the service that an endpoint is of; none when no detector asks about services.
func (e *Engine) serviceOf(ev *event.Event) event.Key {
	if e.tables[event.KindService] == nil {
		return event.Key{}
	}
	key, ok := ev.Key(event.KindService, e.cfg.Seed)
	if !ok {
		key, _ = (&event.Event{Service: facet.Unnamed}).Key(event.KindService, e.cfg.Seed)
	}
	return key
}

// logins tells the observation how the network's earlier log-ins ended, and notes how this one did.
func (r *record) logins(o *Observation) {
	if !o.Attempt {
		return
	}
	o.Failed, o.Passed = r.Failed, r.Passed
	switch o.Outcome {
	case route.Failure:
		r.Failed = min(r.Failed, 254) + 1
	case route.Success:
		r.Passed = min(r.Passed, 254) + 1
	case route.OutcomeUnknown:
	}
}
