package evaluate

import (
	"net/netip"
	"slices"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/label"
)

// service is the type of an entity that is a whole service.
var service = event.KindService.String()

// early is by how much a finding may have opened before the attack that it tells of: logs round times to seconds.
const early = time.Second

// matcher finds the campaigns that a finding is about.
type matcher struct {
	labels []label.Label
	slack  time.Duration

	// Campaigns by what findings name: an exact value, or a network or prefix that one of their addresses is in.
	named map[event.Entity][]int
	// wide are campaigns of networks larger than a prefix, which are few.
	wide []network
	// services are campaigns by service, and everybody's are those that are of no entity at all.
	services  map[string][]int
	everybody []int
	// busy are attacks by the services that they kept busy, without being about them.
	busy map[string][]int
}

// match is a campaign that a finding is about, or only may be the doing of.
type match struct {
	campaign int
	doing    bool
}

type network struct {
	prefix   netip.Prefix
	campaign int
}

func newMatcher(labels []label.Label, slack time.Duration) *matcher {
	m := &matcher{labels: labels, slack: slack, named: map[event.Entity][]int{}, services: map[string][]int{}, busy: map[string][]int{}}
	for i := range labels {
		if labels[i].Attack && !labels[i].Slow {
			for _, name := range labels[i].Services {
				m.busy[name] = append(m.busy[name], i)
			}
		}
		if len(labels[i].Entities) == 0 {
			m.everybody = append(m.everybody, i)
		}
		for _, e := range labels[i].Entities {
			m.enter(i, e)
		}
	}
	return m
}

func (m *matcher) enter(campaign int, e label.Entity) {
	if e.Type == service {
		m.services[e.Value] = append(m.services[e.Value], campaign)
		return
	}
	kind := event.ParseKind(e.Type)
	prefix, ok := prefixOf(kind, e.Value)
	if !ok {
		m.name(event.Entity{Kind: kind, Value: e.Value}, campaign)
		return
	}
	a := prefix.Addr()
	if prefix.Bits() >= event.Network(a).Bits() {
		m.name(named(event.KindNetwork, event.Network(a)), campaign)
	}
	if prefix.Bits() >= event.PrefixOf(a).Bits() {
		m.name(named(event.KindPrefix, event.PrefixOf(a)), campaign)
	}
	if prefix.Bits() < event.Network(a).Bits() {
		m.wide = append(m.wide, network{prefix, campaign})
	}
}

func (m *matcher) name(e event.Entity, campaign int) {
	all := m.named[e]
	if len(all) == 0 || all[len(all)-1] != campaign { // one campaign's addresses come one after the other
		m.named[e] = append(all, campaign)
	}
}

// named is a network as findings name it.
func named(kind event.Kind, p netip.Prefix) event.Entity {
	if kind == event.KindNetwork && p.IsSingleIP() {
		return event.Entity{Kind: kind, Value: p.Addr().String()}
	}
	return event.Entity{Kind: kind, Value: p.String()}
}

// prefixOf reads an address or a network; false for anything else, such as a host name.
func prefixOf(kind event.Kind, value string) (netip.Prefix, bool) {
	if kind != event.KindNetwork && kind != event.KindPrefix {
		return netip.Prefix{}, false
	}
	if a, err := netip.ParseAddr(value); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(value)
	if err != nil {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// about is the campaigns that an episode is about: one of its entities is one of theirs, in their time. A campaign may be
// there twice.
func (m *matcher) about(e *Episode) []match {
	var all []match
	add := func(campaigns []int, doing bool) {
		for _, c := range campaigns {
			if m.during(e, c) {
				all = append(all, match{c, doing})
			}
		}
	}
	add(m.entity(e.Entity), false)
	for _, rel := range e.Related {
		add(m.entity(rel), false)
	}
	for _, c := range m.services[e.served()] {
		// What one client does to a service is its own doing; what happens at an endpoint happens to the service. Of traffic
		// that only looks like an attack, all findings of the service tell.
		if !m.labels[c].Attack || !acts(e.Entity.Kind) {
			add([]int{c}, false)
		}
	}
	if !acts(e.Entity.Kind) {
		add(m.busy[e.served()], true)
	}
	add(m.everybody, false)
	return all
}

// entity is the campaigns of an entity, at any time.
func (m *matcher) entity(e event.Entity) []int {
	prefix, ok := prefixOf(e.Kind, e.Value)
	if !ok {
		return m.named[e]
	}
	if e.Kind == event.KindNetwork && prefix.Bits() > event.Network(prefix.Addr()).Bits() {
		prefix = event.Network(prefix.Addr())
	}
	all := m.named[named(e.Kind, prefix)]
	for _, w := range m.wide {
		if w.prefix.Overlaps(prefix) {
			all = append(slices.Clip(all), w.campaign)
		}
	}
	return all
}

// acts tells kinds of those who make requests from those that are asked.
func acts(k event.Kind) bool {
	return k != event.KindUnknown && k != event.KindEndpoint && k != event.KindService
}

// during tells whether a finding is of a campaign's time. One that was open before is not: whoever was told of it was told
// of something else.
func (m *matcher) during(e *Episode, campaign int) bool {
	l := &m.labels[campaign]
	return !e.Opened.Before(l.Begin.Add(-early)) && !e.First.After(l.End.Add(m.slack))
}

// late tells a finding that opened when the campaign had been over for too long.
func (m *matcher) late(e *Episode, campaign int) bool {
	return e.Opened.After(m.labels[campaign].End.Add(m.slack))
}
