package detect

import (
	"errors"
	"maps"
	"slices"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/route"
	"gatewatch/internal/tally"
)

const loginSets = 256

// loginRoute is what is known of one login route's answers.
type loginRoute struct {
	Route   uint64
	Profile route.LoginProfile
	Failing failing
}

// commons is what the engine knows of all clients together; it is part of its state.
type commons struct {
	peers  peerCounts
	broken *broken
	echoes *echoes
	logins map[uint64]*loginRoute
	habits *habits
	hours  *baseline.Hours // no state: it follows from the configuration

	// sheet counts for the second stage, and progress is what that knows of all partitions: the one or the other is there.
	sheet    *tally.Sheet
	progress *tally.Progress
	meters   *meterings
}

// meterings are the tests of tallies that are metered.
type meterings struct {
	Errors   baseline.Meter
	Refusals baseline.Meter
	Latency  baseline.Meter
	Tails    baseline.Meter
	Traffic  trafficShared
}

func newCommons(cfg *Config, second bool) commons {
	hours := baseline.NewHours(cfg.Zone, cfg.Holidays)
	if second {
		// Nobody asks it for more.
		return commons{logins: map[uint64]*loginRoute{}, hours: hours, progress: &tally.Progress{}, meters: &meterings{}}
	}
	return commons{
		broken: &broken{}, echoes: &echoes{}, logins: map[uint64]*loginRoute{}, habits: &habits{}, hours: hours, sheet: tally.New(),
	}
}

// count adds a request to what its service and its endpoint come to. Of paths that are no routes there are too many.
func (c *commons) count(o *Observation) {
	service, endpoint := o.HostHash, uint64(0)
	if o.Event.Service != "" {
		service = xxh3.HashString(o.Event.Service)
	}
	if o.Event.Route != "" {
		endpoint = o.RouteHash
	}
	var client uint64
	if o.Event.Status >= 400 && o.Event.Status < 500 {
		key, _ := o.Event.Key(event.KindNetwork, 0)
		client = hash(key)
	}
	c.sheet.Add(o.Event, service, endpoint, client)
}

// tables are the vouched paths and the echoes, none in a second stage.
func (c *commons) tables() ([]vouch, []echo) {
	if c.broken == nil {
		return nil, nil
	}
	return c.broken.Sets[:], c.echoes.Sets[:]
}

// observe adds to the observation what other clients do, and counts the network's own request.
func (c *commons) observe(o *Observation, r *record) {
	minute := uint32(max(o.Time, 0) / int64(60e9))
	switch {
	case minute > r.Minute:
		if r.Count > 0 {
			c.peers.close(r.Minute, r.Count)
		}
		r.Misses >>= min(minute/60-r.Minute/60, 15)
		r.Minute, r.Count = minute, 1
	case minute == r.Minute:
		r.Count++
	}
	// An event of a minute that is over counts for nothing here: its minute has been judged.
	o.Minute, o.Peers = r.Count, c.peers.Known
	o.Hourly, o.Objects = r.Asked.count(o)
	if o.Answer == AnswerMissing {
		r.Misses = min(r.Misses+1, 1<<15)
		o.Vouched = c.broken.miss(o.PathHash, uint32(hash(r.Key))|1, o.Time/int64(3600e9), r.Misses <= vouchMisses)
	}
	o.Echo = c.echo(o)
	o.habits, o.hours = c.habits, c.hours
	if o.Attempt {
		c.login(o)
	}
}

// login tells how an attempt ended.
func (c *commons) login(o *Observation) {
	if o.Basic {
		o.Outcome, o.Certain = route.Failure, true
		return
	}
	if o.Purpose.Has(route.Token) && o.Answer == AnswerOK {
		o.Outcome, o.Certain = route.Success, true // by specification (RFC 6749, 5.1), and programs ask for tokens all day
		return
	}
	l := c.logins[o.RouteHash]
	if l == nil {
		if o.Answer == AnswerMissing || o.Event.Status == 405 {
			return
		}
		if len(c.logins) >= loginSets {
			// Nothing can be learned of it; what its status says by itself holds, so that nobody hides behind made-up hosts.
			var unlearned route.LoginProfile
			o.Outcome = unlearned.Observe(o.Event, event.Key{})
			return
		}
		l = &loginRoute{Route: o.RouteHash}
		c.logins[o.RouteHash] = l
	}
	// Of many people behind one address, who tries again is told apart by the account or else the user agent.
	person := event.Key{Hi: o.Key.Hi ^ o.User, Lo: o.Key.Lo ^ xxh3.HashString(o.Event.UserAgent)}
	o.Outcome, o.Certain = l.Profile.Observe(o.Event, person), l.Profile.JSON
	o.Inferred = o.Outcome == route.Failure && o.Event.Status == 200 && !l.Profile.Redirects()
	if o.Outcome == route.Success || o.Event.Status >= 400 {
		o.Outage = l.Failing.note(uint32(hash(o.Key))|1, o.Time/1e9, o.Outcome == route.Success)
	}
}

func (c *commons) appendTo(w *writer) {
	w.raw(memory(&c.peers))
	paths, sizes := c.tables()
	appendSparse(w, paths, func(v *vouch) bool { return v.Path != 0 })
	appendSparse(w, sizes, func(v *echo) bool { return v.Key != 0 })
	w.n(len(c.logins))
	for _, k := range slices.Sorted(maps.Keys(c.logins)) {
		w.raw(memory(c.logins[k]))
	}
	if c.habits != nil {
		w.section(c.habits.appendTo)
	}
	w.section(func(w *writer) {
		if c.sheet != nil {
			w.b = c.sheet.AppendTo(w.b)
		} else {
			w.b = c.progress.AppendTo(w.b)
		}
	})
	if c.meters != nil {
		w.section(func(w *writer) { w.raw(memory(c.meters)) })
	}
}

func (c *commons) readFrom(r *reader) error {
	copy(memory(&c.peers), r.take(len(memory(&c.peers))))
	paths, sizes := c.tables()
	readSparse(r, paths)
	readSparse(r, sizes)
	n := r.n()
	if n > loginSets {
		return errors.New("too many login routes")
	}
	for range n {
		l := &loginRoute{}
		copy(memory(l), r.take(len(memory(l))))
		for _, t := range l.Profile.Clients {
			if int(t.Answer) > len(l.Profile.Answers) {
				return errors.New("a login route with an answer that is not there")
			}
		}
		c.logins[l.Route] = l
	}
	if len(r.b) == 0 {
		return r.err // a snapshot from before there was more
	}
	if c.habits != nil {
		if err := c.habits.readFrom(&reader{b: r.bytes()}); err != nil {
			c.habits = &habits{} // they are learned again
		}
	}
	tallies := r.bytes()
	if r.err != nil {
		return r.err
	}
	if c.sheet != nil {
		return c.sheet.ReadFrom(tallies) //nolint:wrapcheck // it says what is damaged
	}
	if len(r.b) > 0 {
		if saved := r.bytes(); len(saved) == len(memory(c.meters)) { // else they are learned again
			copy(memory(c.meters), saved)
		}
	}
	if r.err != nil {
		return r.err
	}
	return c.progress.ReadFrom(tallies) //nolint:wrapcheck // the same
}

// appendSparse writes the values of a table that are in use, each with its place.
func appendSparse[T any](w *writer, all []T, used func(*T) bool) {
	n := 0
	for i := range all {
		if used(&all[i]) {
			n++
		}
	}
	w.n(n)
	for i := range all {
		if used(&all[i]) {
			w.u32(uint32(i))
			w.raw(memory(&all[i]))
		}
	}
}

func readSparse[T any](r *reader, all []T) {
	for range r.n() {
		i := r.u32()
		var v T
		copy(memory(&v), r.take(len(memory(&v))))
		if int(i) < len(all) {
			all[i] = v
		}
	}
}
