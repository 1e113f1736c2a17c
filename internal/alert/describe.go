package alert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gatewatch/internal/finding"
)

// maxListed is how many findings a notification lists.
const maxListed = 8

// fill describes the incident by its findings.
func (n *Notification) fill(g *group) {
	order := make([]*member, 0, len(g.Members))
	for i := range g.Members {
		order = append(order, &g.Members[i])
	}
	slices.SortFunc(order, worse)
	listed := min(len(order), maxListed)
	n.More = len(order) - listed + g.Dropped
	n.Findings = make([]Finding, 0, listed)
	for i, m := range order {
		if i < listed {
			n.Findings = append(n.Findings, m.Finding)
		}
		n.Count += m.Count
		if n.FirstSeen.IsZero() || m.FirstSeen.Before(n.FirstSeen) {
			n.FirstSeen = m.FirstSeen
		}
		if m.LastSeen.After(n.LastSeen) {
			n.LastSeen = m.LastSeen
		}
		n.Service = cmp.Or(n.Service, m.Service)
		n.Attack, n.OWASP, n.OAT = union(n.Attack, m.Attack), union(n.OWASP, m.OWASP), union(n.OAT, m.OAT)
	}
	if n.Samples == nil {
		n.Samples = []string{}
	}
	n.Title = title(order, n)
}

// title is the incident as a headline: the finding's own where there is one, else the family's.
func title(order []*member, n *Notification) string {
	var b strings.Builder
	switch {
	case len(order) == 1 || len(order) > 0 && n.Family == finding.FamilyOther:
		b.WriteString(order[0].Title)
	default:
		b.WriteString(n.Family.Title())
	}
	preposition := " by "
	if n.Entity.Type == "endpoint" || n.Entity.Type == "service" {
		preposition = " on "
	}
	b.WriteString(preposition + n.Entity.Value)
	if n.Service != "" && n.Service != n.Entity.Value {
		b.WriteString(" at " + n.Service)
	}
	return b.String()
}

// union appends what is not in the list.
func union(list, more []string) []string {
	for _, v := range more {
		if !slices.Contains(list, v) && len(list) < 2*maxIDs {
			list = append(list, v)
		}
	}
	return list
}

// Number is a value as people read it: integers without a point, others with three digits that count.
func (n Number) String() string {
	if n.Value == float64(int64(n.Value)) {
		return strconv.FormatInt(int64(n.Value), 10)
	}
	return strconv.FormatFloat(n.Value, 'g', 3, 64)
}
