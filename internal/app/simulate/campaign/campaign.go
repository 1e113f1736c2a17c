// Package campaign keeps the truth about simulated traffic: what belongs together, who took part in it, from when to when.
// It neither plans nor sends anything.
package campaign

import (
	"net/netip"
	"slices"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/label"
)

// Campaign is a label in the making.
type Campaign struct {
	label       label.Label
	addresses   map[netip.Addr]struct{}
	seen        map[label.Entity]struct{}
	asked       map[string]*part
	first, last int64
	fixed       bool
}

// New makes a campaign; id tells it apart from all others.
func New(id string, about Kind) *Campaign {
	return &Campaign{
		label: label.Label{
			ID: id, Attack: about.Attack, Family: about.Family, Technique: about.Technique, Slow: about.Slow, Note: about.Note,
		},
		addresses: map[netip.Addr]struct{}{}, seen: map[label.Entity]struct{}{},
		asked: map[string]*part{},
	}
}

// Kind is what a campaign is, before it has happened.
type Kind struct {
	Attack    bool
	Slow      bool
	Family    string
	Technique string
	Note      string
}

// Slow marks a campaign that no single hour shows.
func (c *Campaign) Slow() { c.label.Slow = true }

// Note adds a sentence on what it is.
func (c *Campaign) Note(text string) { c.label.Note = text }

// About adds entities that the campaign is about, however it is acted out: an account, an endpoint, a service.
func (c *Campaign) About(kind, value string) {
	e := label.Entity{Type: kind, Value: value}
	if _, ok := c.seen[e]; !ok {
		c.seen[e] = struct{}{}
		c.label.Entities = append(c.label.Entities, e)
	}
}

// Lasts fixes the campaign's time: that of a silence, which has no requests to tell it.
func (c *Campaign) Lasts(begin, end time.Time) {
	c.first, c.last, c.fixed = begin.UnixNano(), end.UnixNano(), true
}

// Count counts a request at a time in nanoseconds since the Unix epoch.
func (c *Campaign) Count(at int64) {
	c.label.Requests++
	if c.fixed {
		return
	}
	if c.first == 0 {
		c.first = at
	}
	c.last = at
}

// part is what a campaign asked of a service: its own requests, and everybody's before its first one and with its last.
type part struct{ own, before, with int64 }

// Asked counts a request to a service that has had so many of anybody, this one among them.
func (c *Campaign) Asked(service string, had int64) {
	p := c.asked[service]
	if p == nil {
		p = &part{before: had - 1}
		c.asked[service] = p
	}
	p.own++
	p.with = had
}

// A campaign is noticeable to a service of whose requests it made a twentieth while it lasted, and more than a few.
const (
	noticeable = .05
	aFew       = 10
)

// busied are the services that the campaign is noticeable to.
func (c *Campaign) busied() []string {
	var out []string
	for service, p := range c.asked {
		if p.own > aFew && float64(p.own) >= noticeable*float64(p.with-p.before) {
			out = append(out, service)
		}
	}
	slices.Sort(out)
	return out
}

// From adds the network of a client that took part.
func (c *Campaign) From(client netip.Addr) {
	if _, ok := c.addresses[client]; ok {
		return
	}
	c.addresses[client] = struct{}{}
	network := event.Network(client)
	value := network.String()
	if network.IsSingleIP() {
		value = network.Addr().String()
	}
	c.About(event.KindNetwork.String(), value)
}

// Label is the truth about the campaign; false when nothing of it happened.
func (c *Campaign) Label() (label.Label, bool) {
	l := c.label
	l.Begin, l.End = time.Unix(0, c.first).UTC(), time.Unix(0, c.last).UTC()
	l.Services = c.busied()
	return l, c.first != 0
}
