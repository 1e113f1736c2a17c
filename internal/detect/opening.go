package detect

import (
	"encoding/hex"
	"strconv"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

// newFinding starts the finding of an episode from the evidence that opened it.
func newFinding(spec *Spec, kind event.Kind, o *Observation, ev *Evidence) finding.Finding {
	ent, _ := o.Event.Entity(kind)
	if kind == event.KindService && ent.Value == "" {
		ent.Value = facet.Unnamed
	}
	f := finding.Finding{
		Detector:    spec.Name,
		Severity:    ev.Severity,
		Score:       ev.Score,
		Confidence:  ev.Confidence,
		Entity:      clone(ent),
		Service:     string([]byte(o.Event.Service)),
		Title:       spec.Title,
		Description: spec.Description,
		FirstSeen:   o.Time,
		LastSeen:    o.Time,
		Count:       max(ev.Count, 1),
		Attack:      spec.Attack,
		OWASP:       spec.OWASP,
		OAT:         spec.OAT,
	}
	if o.Tally == nil { // else there is no request to show
		f.Samples = []event.Event{o.Event.Clone(sampleBytes)}
	}
	if ev.Since != 0 {
		f.FirstSeen = min(ev.Since, o.Time)
	}
	for _, k := range [...]event.Kind{event.KindNetwork, event.KindPrincipal, event.KindCredential, event.KindSession} {
		if rel, ok := o.Event.Entity(k); ok && k != kind {
			f.Related = append(f.Related, clone(rel))
		}
	}
	if kind == event.KindService && o.Endpoint != 0 { // it is this endpoint that told
		rel, _ := o.Event.Entity(event.KindEndpoint)
		f.Related = append(f.Related, clone(rel))
	}
	setNumbers(&f, ev)
	f.ID = id(&f, o.Time)
	return f
}

func setNumbers(f *finding.Finding, ev *Evidence) {
	f.Evidence = ev.Numbers
	if ev.Compared {
		b := ev.Baseline
		f.Baseline = &b
	}
}

// id names an episode by what it is about and the event that opened it, so that a replay gives the same id and no
// state about earlier episodes is needed.
func id(f *finding.Finding, opened int64) string {
	var b []byte
	for _, s := range [...]string{f.Detector, f.Entity.Kind.String(), f.Entity.Value, f.Service} {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ':'), s...)
	}
	b = strconv.AppendInt(b, opened, 10)
	h := xxh3.Hash128(b).Bytes()
	return hex.EncodeToString(h[:])
}

func clone(e event.Entity) event.Entity {
	return event.Entity{Kind: e.Kind, Value: string([]byte(e.Value))}
}
