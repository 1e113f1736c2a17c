package detect

import (
	"cmp"
	"math"
	"slices"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// book keeps the open episodes: it turns "it is so, now" into findings that open, change and close.
type book struct {
	limit    int
	episodes []episode
	free     []uint32
}

// episode is one open finding.
type episode struct {
	site
	open    bool
	quiet   int64
	told    int64           // count when last emitted
	finding finding.Finding // as of now
}

// site is where an episode's state lives.
type site struct {
	col  int
	slot uint32
	kind event.Kind
	ref  uint32
}

// sampleBytes is the most bytes of one string that a sample keeps.
const sampleBytes = 512

// record notes that a detector's statement holds for the running event.
func (b *book) record(e *Engine, at site, ev *Evidence, emit func(*finding.Finding)) {
	o := e.runners[at.col].owner(at.slot)
	if n := o.Episode; n != 0 {
		ep := &b.episodes[n-1]
		if e.seen.Time-ep.finding.LastSeen <= ep.quiet {
			b.extend(e, ep, ev, emit)
			return
		}
		b.close(e, n-1, emit)
	}
	if !ev.More {
		b.open(e, at, ev, emit)
	}
}

func (b *book) open(e *Engine, at site, ev *Evidence, emit func(*finding.Finding)) {
	if len(b.episodes)-len(b.free) >= b.limit {
		b.shed(e, emit)
	}
	var n uint32
	if len(b.free) > 0 {
		n = b.free[len(b.free)-1]
		b.free = b.free[:len(b.free)-1]
	} else {
		n = uint32(len(b.episodes))
		b.episodes = append(b.episodes, episode{})
	}
	spec := &e.specs[at.col]
	b.episodes[n] = episode{site: at, open: true, quiet: spec.Quiet.Nanoseconds(), finding: newFinding(spec, at.kind, &e.seen, ev)}
	e.runners[at.col].owner(at.slot).Episode = n + 1
	e.tables[at.kind].at(at.ref).Pins++
	e.counts.Findings++
	b.tell(&b.episodes[n], finding.Create, emit)
}

// extend folds one more piece of evidence in. People hear of it when the severity rises or the count has doubled: an
// episode of a million requests makes twenty revisions.
func (b *book) extend(e *Engine, ep *episode, ev *Evidence, emit func(*finding.Finding)) {
	f := &ep.finding
	if t := e.seen.Tally; t != nil {
		f.Count += int64(min(t.Requests, math.MaxInt32))
	} else {
		f.Count++
	}
	if f.FirstSeen-e.seen.Time <= ep.quiet { // else its clock is wrong
		f.FirstSeen = min(f.FirstSeen, e.seen.Time)
	}
	f.LastSeen = max(f.LastSeen, e.seen.Time)
	rises := ev.Severity > f.Severity
	if rises && len(f.Samples) >= finding.MaxSamples {
		// What raised the severity says more than another of the same.
		f.Samples = slices.Delete(f.Samples, finding.MaxSamples-2, finding.MaxSamples-1)
	}
	if len(f.Samples) < finding.MaxSamples && e.seen.Tally == nil {
		f.Samples = append(f.Samples, e.seen.Event.Clone(sampleBytes))
	}
	if ev.Severity >= f.Severity && !ev.More {
		f.Severity = ev.Severity
		f.Score, f.Confidence = max(f.Score, ev.Score), max(f.Confidence, ev.Confidence)
		setNumbers(f, ev)
	}
	if rises || f.Count >= 2*ep.told {
		b.tell(ep, finding.Update, emit)
	}
}

func (b *book) tell(ep *episode, a finding.Activity, emit func(*finding.Finding)) {
	ep.finding.Revision++
	ep.finding.Activity = a
	ep.told = ep.finding.Count
	emit(&ep.finding)
}

func (b *book) close(e *Engine, n uint32, emit func(*finding.Finding)) {
	ep := &b.episodes[n]
	e.runners[ep.col].owner(ep.slot).Episode = 0
	e.tables[ep.kind].at(ep.ref).Pins--
	b.tell(ep, finding.Close, emit)
	*ep = episode{}
	b.free = append(b.free, n)
}

// sweep closes what has been quiet for its detector's time.
func (b *book) sweep(e *Engine, emit func(*finding.Finding)) {
	now := e.clock.watermark()
	for n := range b.episodes {
		if ep := &b.episodes[n]; ep.open && now-ep.finding.LastSeen > ep.quiet {
			b.close(e, uint32(n), emit)
		}
	}
}

// shed closes the sixteenth of the episodes that has been quiet longest, to make room.
func (b *book) shed(e *Engine, emit func(*finding.Finding)) {
	var open []uint32
	for n := range b.episodes {
		if b.episodes[n].open {
			open = append(open, uint32(n))
		}
	}
	slices.SortFunc(open, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(b.episodes[x].finding.LastSeen, b.episodes[y].finding.LastSeen), cmp.Compare(x, y))
	})
	for _, n := range open[:max(len(open)/16, 1)] {
		b.close(e, n, emit)
		e.counts.Shed++
	}
}

func (b *book) flush(e *Engine, emit func(*finding.Finding)) {
	for n := range b.episodes {
		if b.episodes[n].open {
			b.close(e, uint32(n), emit)
		}
	}
}
