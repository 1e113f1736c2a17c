package detect

import (
	"fmt"
	"slices"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
)

// Facts works out what can be told from one event alone. It remembers nothing that changes an answer.
type Facts struct {
	seed     uint64
	purposes *route.Classifier
	agents   *signature.Agents
	lures    *signature.Lures
	probe    *signature.Probe
	finder   *route.Finder
	paths    []pathFacts
	get      uint64 // hash of "GET"

	// Of the event that Of saw last.
	path       *pathFacts
	plainAgent bool
}

// pathSlots is how many paths are remembered; a power of two.
const pathSlots = 1 << 15

// pathFacts is what the path alone tells, by the path's hash, and what it tells with the last route it had: most
// requests are for a few paths.
type pathFacts struct {
	hash    uint64
	route   uint64 // hash of the route that object goes with, 0 for none
	object  route.Object
	lure    *signature.Lure // nil for none
	purpose route.Purpose
	plain   bool // for a signature.Probe
}

// NewFacts builds the facts from the curated data and the configured routes.
func NewFacts(seed uint64, rules []route.Rule) (*Facts, error) {
	f := &Facts{seed: seed, finder: route.NewFinder(seed), paths: make([]pathFacts, pathSlots), get: xxh3.HashStringSeed("GET", seed)}
	var err error
	if f.purposes, err = route.NewClassifier(append(slices.Clone(rules), route.DefaultRules()...)); err != nil {
		return nil, fmt.Errorf("compiling routes: %w", err)
	}
	if f.agents, err = signature.NewAgents(seed); err != nil {
		return nil, fmt.Errorf("loading user agents: %w", err)
	}
	if f.lures, err = signature.NewLures(); err != nil {
		return nil, fmt.Errorf("loading sensitive paths: %w", err)
	}
	if f.probe, err = signature.NewProbe(seed); err != nil {
		return nil, fmt.Errorf("loading probes: %w", err)
	}
	return f, nil
}

// Of fills the observation's own facts from its event.
func (f *Facts) Of(o *Observation, e *event.Event) {
	*o = Observation{}
	o.Event, o.Time, o.Answer = e, e.Time, AnswerOf(e)
	site := e.Host
	if site == "" {
		site = e.Service // of several logs without hosts, each is a site of its own
	}
	host := xxh3.HashStringSeed(site, f.seed)
	o.HostHash = host
	o.PathHash = xxh3.HashStringSeed(e.Path, host)
	o.RouteHash = o.PathHash
	if e.Route != "" {
		o.RouteHash = xxh3.HashStringSeed(e.Route, host^f.ofMethod(e.Method))
	}
	f.path = f.ofPath(o.PathHash, e)
	o.Purpose = f.path.purpose
	if f.path.lure != nil {
		o.Lure = *f.path.lure
	}
	o.Agent, f.plainAgent = f.agents.Look(e.UserAgent)
}

// ofMethod is the seeded hash of a method.
func (f *Facts) ofMethod(method string) uint64 {
	if method == "GET" {
		return f.get
	}
	return xxh3.HashStringSeed(method, f.seed)
}

// Inspect adds what takes longer to find out of the event that Of saw last.
func (f *Facts) Inspect(o *Observation) {
	e := o.Event
	if !f.plain(e) {
		if o.Probe = f.probe.Inspect(e); o.Probe.Score > 0 {
			o.QueryHash = xxh3.HashStringSeed(e.Query, f.seed) ^ xxh3.HashStringSeed(e.RequestLine, f.seed)
			o.Editor = o.Probe.Families == signature.XSS && f.edits(o)
		}
	}
	if o.Purpose.Has(route.Static) && o.Answer == AnswerOK {
		o.Lure = signature.Lure{} // a script that happens to be called so
		return
	}
	o.Object = f.object(o)
	form := o.Purpose.Attempt(e)
	o.Basic = !form && e.Status == 401 && e.Principal != "" && e.Principal != "-"
	if form || o.Basic {
		o.Attempt = true
		o.User, _ = route.User(e, f.seed)
	}
}

// plain tells a request that no probe needs to be looked for in.
func (f *Facts) plain(e *event.Event) bool {
	return f.path.plain && f.plainAgent && e.RequestLine == "" &&
		(e.Query == "" || signature.PlainQuery(e.Query)) && signature.PlainHeader(e.Referrer)
}

// object is what the request names, as route.Finder finds it.
func (f *Facts) object(o *Observation) route.Object {
	p := f.path
	if p.route != o.RouteHash {
		p.route, p.object = o.RouteHash, f.finder.InPath(o.Event)
	}
	return f.finder.Complete(p.object, o.Event)
}

// edits tells a request that belongs to a site's administration: by its own path, or by that of the page of the same
// host that it comes from.
func (f *Facts) edits(o *Observation) bool {
	const office = route.CMS | route.Admin
	if !sameSite(o.Event) {
		return false
	}
	if o.Purpose.Any(office) {
		return true
	}
	page := event.Event{Path: referrerPath(o.Event)}
	return f.purposes.Purpose(&page).Any(office)
}

// ofPath is what the event's path tells.
func (f *Facts) ofPath(hash uint64, e *event.Event) *pathFacts {
	p := &f.paths[hash%pathSlots]
	if p.hash != hash {
		*p = pathFacts{hash: hash, purpose: f.purposes.Purpose(e), plain: signature.PlainPath(e.Path)}
		if lure, ok := f.lures.Match(e.Path); ok {
			found := lure // only what is found is allocated
			p.lure = &found
		}
	}
	return p
}
