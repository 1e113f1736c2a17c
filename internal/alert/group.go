package alert

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// group is an incident: the findings of one family about one entity. Times are nanoseconds since the Unix epoch.
type group struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"`
	Value    string         `json:"value"`
	Family   finding.Family `json:"family"`
	Detector string         `json:"detector,omitempty"` // of FamilyOther, where each detector is a matter of its own

	// Opening is the id of the finding that opened the incident: with Opened and Sequence it makes the ids of
	// notifications, which differ from those of an incident of the same group that was forgotten.
	Opening  string           `json:"opening"`
	Opened   int64            `json:"opened"`
	Heard    int64            `json:"heard"` // when there was news last
	Told     int64            `json:"told"`  // when people were told last
	Sequence int              `json:"sequence"`
	Firing   bool             `json:"firing"`            // people have been told that it has begun, and not that it is over
	Over     bool             `json:"over"`              // nothing is open any more
	Changed  bool             `json:"changed"`           // there is news that nobody was told
	Severity finding.Severity `json:"severity"`          // the highest of the incident
	ToldAt   finding.Severity `json:"told_at,omitempty"` // the severity that people were told; unknown before that
	Members  []member         `json:"members"`           // by id
	Dropped  int              `json:"dropped"`           // findings for which there was no room
	Samples  []string         `json:"samples,omitempty"` // of the newest finding that has some
	Past     []seen           `json:"past,omitempty"`    // findings of earlier incidents, oldest first
}

// groupID names the group of a finding. PagerDuty and webhooks know an incident by it.
func groupID(e event.Entity, family finding.Family, detector string) string {
	sum := xxh3.HashString128(fmt.Sprintf("%s\x00%q\x00%s\x00%q", e.Kind, e.Value, family, detector)).Bytes()
	return hex.EncodeToString(sum[:])
}

func (g *group) find(id string) (int, bool) {
	return slices.BinarySearchFunc(g.Members, id, func(m member, id string) int {
		switch {
		case m.ID < id:
			return -1
		case m.ID > id:
			return 1
		default:
			return 0
		}
	})
}

// seen is the newest revision that was heard of a finding.
type seen struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
}

// maxPast is how many findings of earlier incidents a group knows, so that one of their revisions that is late does not
// open an incident.
const maxPast = 32

// knows tells a revision that has been heard, or an older one than was heard.
func (g *group) knows(f *finding.Finding) bool {
	if i, ok := g.find(f.ID); ok {
		return f.Revision <= g.Members[i].Revision
	}
	return slices.ContainsFunc(g.Past, func(s seen) bool { return s.ID == f.ID && f.Revision <= s.Revision })
}

// isEpilogue tells the close of a finding of an incident that is over already, which is no news.
func (g *group) isEpilogue(f *finding.Finding) bool {
	if f.Activity != finding.Close {
		return false
	}
	_, member := g.find(f.ID)
	return member || slices.ContainsFunc(g.Past, func(s seen) bool { return s.ID == f.ID })
}

// put remembers a finding's newest revision.
func (g *group) put(f *finding.Finding, room int) {
	i, known := g.find(f.ID)
	if known {
		g.Members[i] = newMember(f)
	} else {
		g.Members = slices.Insert(g.Members, i, newMember(f))
		g.shrink(room)
	}
	g.Severity = max(g.Severity, f.Severity)
	if lines := sampleLines(f.Samples); len(lines) > 0 {
		g.Samples = lines
	}
}

// shrink forgets the finding that matters least when there are too many.
func (g *group) shrink(room int) {
	for len(g.Members) > room {
		least := 0
		for i := range g.Members {
			if worse(&g.Members[i], &g.Members[least]) > 0 {
				least = i
			}
		}
		g.Members = slices.Delete(g.Members, least, least+1)
		g.Dropped++
	}
}

func (g *group) open() bool {
	return slices.ContainsFunc(g.Members, func(m member) bool { return m.Open })
}

// begin makes the group an incident anew; what belonged to the one before is past.
func (g *group) begin(opening string, now int64) {
	for i := range g.Members {
		g.Past = append(g.Past, seen{ID: g.Members[i].ID, Revision: g.Members[i].Revision})
	}
	g.Past = slices.Delete(g.Past, 0, max(0, len(g.Past)-maxPast))
	*g = group{
		ID: g.ID, Kind: g.Kind, Value: g.Value, Family: g.Family, Detector: g.Detector,
		Opening: opening, Opened: now, Sequence: g.Sequence, Past: g.Past,
	}
}

// due is when the group wants to be looked at next.
func (g *group) due(c *Config) int64 {
	switch {
	case g.Over:
		return max(g.Heard, g.Told) + int64(c.Stale)
	case !g.Firing:
		return g.Opened + int64(c.GroupWait)
	}
	at := min(g.Told+int64(c.RepeatInterval), g.Heard+int64(c.Stale))
	if g.Changed {
		at = min(at, g.Told+int64(c.GroupInterval))
	}
	return at
}

// heal keeps intervals finite when the clock was ahead and has been put right.
func (g *group) heal(now int64) {
	g.Opened, g.Heard, g.Told = min(g.Opened, now), min(g.Heard, now), min(g.Told, now)
}

// reason is why people are to be told now; false when there is nothing to tell.
func (g *group) reason(c *Config, now int64) (Reason, bool) {
	over, stale := !g.open(), now-g.Heard >= int64(c.Stale)
	switch {
	case g.Over:
		return ReasonUnknown, false
	case !g.Firing:
		// An incident that came and went while it waited is told at once, and then that it is over.
		return Begun, over || now-g.Opened >= int64(c.GroupWait)
	case g.Severity > g.ToldAt:
		return Rise, true
	case over:
		return Closed, true
	case stale:
		return Stale, true
	case g.Changed && now-g.Told >= int64(c.GroupInterval):
		return Change, true
	default:
		return Repeat, now-g.Told >= int64(c.RepeatInterval)
	}
}

// tell makes the notification and notes that people were told.
func (g *group) tell(why Reason, now int64) Notification {
	g.Sequence++
	n := Notification{
		Incident: g.ID, Sequence: g.Sequence, Status: why.status(), Reason: why, Severity: g.Severity, Family: g.Family,
		Entity: Entity{Type: g.Kind, Value: Clean(g.Value, maxText)}, Time: time.Unix(0, now).UTC(),
		Samples: slices.Clone(g.Samples), Attack: []string{}, OWASP: []string{}, OAT: []string{},
	}
	sum := xxh3.HashString128(fmt.Sprintf("%s\x00%q\x00%d\x00%d\x00%s", g.ID, g.Opening, g.Opened, g.Sequence, why)).Bytes()
	n.ID = hex.EncodeToString(sum[:])
	n.fill(g)
	g.Told, g.ToldAt, g.Changed = now, g.Severity, false
	g.Firing, g.Over = n.Status != Resolved, n.Status == Resolved
	return n
}
