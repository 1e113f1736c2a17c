// Package alert folds findings into incidents and says when people are told of them: at once when one begins or gets
// worse, now and then while it goes on, and when it is over. It is a pure fold in the time that it is given; it knows no
// receiver and sends nothing.
package alert

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"gatewatch/internal/finding"
)

// Book is what is known of all incidents. The same findings at the same times make the same notifications with the same
// ids. One goroutine owns a Book.
type Book struct {
	cfg    Config
	groups map[string]*group
	next   int64 // no group wants to be looked at before
	stats  Stats
}

// Stats counts what a Book did since it was made, and holds.
type Stats struct {
	Groups  int // incidents remembered
	Firing  int // of them, those that people were told of and that are not over
	Ignored uint64
	Known   uint64 // revisions that were known already
	Evicted uint64
}

// New makes an empty book; the configuration has to be valid.
func New(cfg Config) *Book {
	return &Book{cfg: cfg, groups: map[string]*group{}, next: math.MaxInt64}
}

// Configure changes when people are told; what is known stays.
func (b *Book) Configure(cfg Config) {
	b.cfg = cfg
	b.next = math.MinInt64
}

// Stats tells what the book holds and did.
func (b *Book) Stats() Stats {
	s := b.stats
	s.Groups = len(b.groups)
	for _, g := range b.groups {
		if g.Firing {
			s.Firing++
		}
	}
	return s
}

// Apply folds one revision of a finding.
func (b *Book) Apply(f *finding.Finding, at time.Time) []Notification {
	now := at.UnixNano()
	family, detector := finding.FamilyOf(f.Detector), ""
	if family == finding.FamilyOther {
		detector = Clean(f.Detector, maxText)
	}
	id := groupID(f.Entity, family, detector)
	g := b.groups[id]
	switch {
	case !b.wanted(g, f):
		b.stats.Ignored++
		return nil
	case g != nil && g.knows(f):
		b.stats.Known++
		return nil
	case g == nil:
		b.evict()
		g = &group{
			ID: id, Kind: f.Entity.Kind.String(), Value: Clean(f.Entity.Value, maxText), Family: family, Detector: detector,
		}
		b.groups[id] = g
		g.begin(f.ID, now)
	case g.Over && !g.isEpilogue(f):
		g.begin(f.ID, now)
	}
	g.heal(now)
	g.put(f, b.cfg.MaxFindings)
	g.Heard, g.Changed = now, true
	return b.look(g, now, nil)
}

// wanted tells whether a finding opens an incident or belongs to one.
func (b *Book) wanted(g *group, f *finding.Finding) bool {
	if f.Severity >= b.cfg.MinSeverity {
		return true
	}
	return g != nil && (!g.Over || g.isEpilogue(f))
}

// Tick looks after what time alone brings: intervals that have passed, incidents of which nothing is heard any more.
func (b *Book) Tick(at time.Time) []Notification {
	now := at.UnixNano()
	if now < b.next {
		return nil
	}
	b.next = math.MaxInt64
	var all []Notification
	for _, id := range slices.Sorted(maps.Keys(b.groups)) {
		g := b.groups[id]
		g.heal(now)
		if g.Over && now >= g.due(&b.cfg) {
			delete(b.groups, id)
			continue
		}
		all = b.look(g, now, all)
	}
	return all
}

// Next is when Tick may have something to do; false when it will not before another finding comes.
func (b *Book) Next() (time.Time, bool) {
	switch b.next {
	case math.MaxInt64:
		return time.Time{}, false
	case math.MinInt64:
		return time.Unix(0, 0), true
	default:
		return time.Unix(0, b.next).UTC(), true
	}
}

// look appends what there is to tell of a group now.
func (b *Book) look(g *group, now int64, all []Notification) []Notification {
	for {
		why, ok := g.reason(&b.cfg, now)
		if !ok {
			break
		}
		all = append(all, g.tell(why, now))
	}
	b.next = min(b.next, g.due(&b.cfg))
	return all
}

// evict makes room for one more group: those that are over first, then those of the least severity, then those of which
// nothing was heard for longest. It makes more room than it needs, so that an attack from everywhere costs no search for
// every address.
func (b *Book) evict() {
	if len(b.groups) < b.cfg.MaxGroups {
		return
	}
	order := slices.Collect(maps.Values(b.groups))
	slices.SortFunc(order, func(x, y *group) int {
		if x.Over != y.Over {
			if x.Over {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.Severity, y.Severity), cmp.Compare(x.Heard, y.Heard), cmp.Compare(x.ID, y.ID))
	})
	for _, g := range order[:len(order)-b.cfg.MaxGroups+1+b.cfg.MaxGroups/16] {
		delete(b.groups, g.ID)
		b.stats.Evicted++
	}
}
