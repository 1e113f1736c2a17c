package detect

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
	"gatewatch/internal/sketch"
)

// ObjectWalk finds clients that go through the objects of others by their ids.
//
// Signal: different object ids that one identity asks for on one route, the share of them refused (401, 403, 404), and
// whether they, or the numbers they end in, follow each other.
// Formula: ids ≥ Refused with refusals/requests ≥ RefusedShare; or ids ≥ Walked with near/requests ≥ NearShare, where
// near is a request whose id is at most 2 from the one before, or with ids/(highest − lowest + 1) ≥ NearShare; or ids ≥
// Mixed with refusals/requests ≥ MixedShare. Medium where the route is an API or answers 401 and 403 to a tenth, and for
// Bulk pages one after the other; else, and for ids ≥ Bulk without any of this, low. High when refusals are mixed with at
// least Read answers 2xx: someone looks for what they may not have and finds some. A 401 that is followed by the same id
// again is no refusal.
// Not if the identity went through 2/3 as many before, in windows of 8 other hours and for half a day, nothing refused:
// that is its job.
// Window: 5 minutes from the first id, then anew, for each of the last 3 routes of an identity.
// Defaults: 20 ids at 0.3 refused: people do not meet twenty closed doors in five minutes; 50 ids (Akto: 50 in 5
// minutes) one after the other are one in six seconds, which a clerk at a queue does not keep up; 50 ids with a tenth
// refused for walks in random order; 150 ids without a sign, for the record; 10 answers.
// State: 720 bytes for an identity (principal, else credential, session, network) that asks for objects, from the 16th
// request for one of its network in an hour, or the third and one that is refused.
// ATT&CK: T1213 Data from Information Repositories; T1119 Automated Collection.
// OWASP: API1:2023 Broken Object Level Authorization; OAT-011 Scraping.
// Benign: crawlers of public pages and calendars, at most low; back offices at the pace of people; apps that poll their
// own orders; a partner's job after half a day; clients that ask first without credentials each time; questions whether
// something is there, answered 404 or a word, low; package managers; many people behind one address, whose ids do not
// follow each other and are not refused.
// Blind to: walks slower than an id in ten seconds; ids in request bodies; a walk that alternates between more than
// three routes. Without identities in the log it cannot tell a job of the owner's from a stranger: the network is
// judged.
type ObjectWalk struct{ cfg ObjectWalkConfig }

// ObjectWalkConfig holds the thresholds of ObjectWalk.
type ObjectWalkConfig struct {
	Window       time.Duration // span, from the first id; default 5m
	Refused      int           // different ids with RefusedShare; default 20
	RefusedShare float64       // requests answered 401, 403 or 404, 0–1; default 0.3
	Walked       int           // different ids with NearShare; default 50
	NearShare    float64       // requests next to the one before, 0–1; default 0.5
	Mixed        int           // different ids with MixedShare; default 50
	MixedShare   float64       // requests refused, 0–1; default 0.1
	Bulk         int           // different ids without any share; default 150
	Read         int           // answers 2xx that make refusals high; default 10
}

// DefaultObjectWalk returns the defaults.
func DefaultObjectWalk() ObjectWalkConfig {
	return ObjectWalkConfig{
		Window: 5 * time.Minute, Refused: 20, RefusedShare: 0.3, Walked: 50, NearShare: 0.5, Mixed: 50, MixedShare: 0.1,
		Bulk: 150, Read: 10,
	}
}

// NewObjectWalk makes the detector.
func NewObjectWalk(cfg ObjectWalkConfig) ObjectWalk { return ObjectWalk{cfg} }

var _ Detector[objectWalkState] = ObjectWalk{}

type objectWalkState struct {
	Walks [3]walk
}

// walk is what was asked for on one route within one window.
type walk struct {
	Route      uint64
	Start      int64  // event time of the window's first request
	Newest     int64  // event time of the newest
	Last       int64  // number of the last id
	Low        int64  // lowest number
	High       int64  // highest number
	ReadSize   uint64 // bytes of the answers 2xx
	MissSize   uint64 // bytes of the answers 404
	Ids        sketch.Distinct
	Requests   uint32
	Numbers    uint32 // requests whose id is or ends in a number
	Near       uint32 // of these, next to the one before
	Read       uint32 // answered 2xx
	Denied     uint32 // answered 403
	Challenged uint32 // answered 401
	Missing    uint32 // answered 404
	Sized      uint32 // answered 2xx or 404 with a size that the log tells
	Custom     custom
}

// custom is how many ids an identity goes through on one route when it comes, window by window, and nothing refused: a
// partner's job that does the same every hour is no walk.
type custom struct {
	Since   uint32  // first window, hours since the epoch
	Peak    float32 // most ids of a window, fading
	Windows uint16
	Hour    uint16 // of the newest window that counts, modulo 2¹⁶: one an hour at most
}

const (
	// customWindows and customHours are from how many windows, and after how many hours, somebody has a custom.
	customWindows, customHours = 8, 12
	// customMore is how much more than ever lately is still the same, and the most that one window teaches.
	customMore = 1.5
	// customFade is what is left of a peak in the next hour with a window.
	customFade = 0.98
	// customRefused is the share of requests above which a window is nobody's job.
	customRefused = 0.05
)

// learn takes a window in that is over.
func (c *custom) learn(start int64, ids int, refused float64) {
	hour := uint32(max(start, 0) / int64(time.Hour))
	if ids < 2 || refused > customRefused {
		return
	}
	if c.Since == 0 {
		c.Since, c.Peak = hour, float32(ids)
	}
	if uint16(hour) != c.Hour || c.Windows == 0 {
		c.Hour, c.Peak = uint16(hour), c.Peak*customFade
		c.Windows = min(c.Windows+1, 1<<15)
	}
	c.Peak = max(c.Peak, min(float32(ids), c.Peak*customMore))
}

// holds tells that so many ids are what the identity always goes through.
func (c *custom) holds(now int64, ids int, refused float64) bool {
	hour := uint32(max(now, 0) / int64(time.Hour))
	return c.Windows >= customWindows && hour >= c.Since+customHours && refused <= customRefused &&
		float32(ids) <= max(c.Peak*customMore, c.Peak+2)
}

func (d ObjectWalk) Spec() Spec {
	return Spec{
		Name: "object_walk", Version: 3, When: SignObject, Whole: true, Quiet: 15 * time.Minute,
		Entity: []event.Kind{event.KindPrincipal, event.KindCredential, event.KindSession, event.KindNetwork},
		Title:  "Object enumeration",
		Description: "One identity asks for many objects of a route by their ids. With high severity many were refused and " +
			"others answered: check whether the route compares the object's owner with the caller.",
		Attack: []string{"T1213", "T1119"}, OWASP: []string{"API1:2023"}, OAT: []string{"OAT-011"},
	}
}

func (d ObjectWalk) Validate() error {
	c := d.cfg
	var errs []error
	if c.Window < time.Second || c.Window > time.Hour {
		errs = append(errs, fmt.Errorf("window %s: want 1s to 1h", c.Window))
	}
	if min(c.Refused, c.Walked, c.Mixed, c.Bulk, c.Read) < 2 {
		errs = append(errs, fmt.Errorf("refused %d, walked %d, mixed %d, bulk %d, read %d: want at least 2",
			c.Refused, c.Walked, c.Mixed, c.Bulk, c.Read))
	}
	if !isShare(c.RefusedShare) || !isShare(c.NearShare) || !isShare(c.MixedShare) {
		errs = append(errs, errors.New("refused_share, near_share, mixed_share: want 0 to 1"))
	}
	return errors.Join(errs...)
}

// walkObjects and walkRefused are the requests of a network for objects within an hour, and for those that are refused, from
// which on it is remembered: who visits a site asks for some, and most do no more.
const (
	walkObjects = 16
	walkRefused = 3
)

func (d ObjectWalk) Concerns(o *Observation) bool {
	if o.Objects < walkRefused || !named(o) {
		return false
	}
	return o.Objects >= walkObjects || o.Answer == AnswerDenied || o.Answer == AnswerMissing
}

// named tells whether the request names an object that may belong to somebody.
func named(o *Observation) bool {
	switch o.Object.Kind { //nolint:exhaustive // the rest are ids
	case route.ObjectNone, route.ObjectDate, route.ObjectSlug: // days of a calendar and titles are there to be read
		return false
	}
	return !o.Purpose.Any(route.Static|route.Health|route.WellKnown|route.Search|route.Registry) && !o.Attempt
}

func (d ObjectWalk) Observe(s *objectWalkState, o *Observation) (Evidence, bool) {
	if !named(o) {
		return Evidence{}, false
	}
	w := s.at(o, d.cfg.Window)
	fresh := w.add(o)
	ids := 0
	if w.Requests >= uint32(min(d.cfg.Refused, d.cfg.Walked, d.cfg.Mixed, d.cfg.Bulk)) {
		ids = w.ids()
	}
	challenged := w.challenged(ids)
	refused := w.Denied + w.Missing + challenged
	tries := ids >= d.cfg.Refused && share(refused, w.Requests) >= d.cfg.RefusedShare ||
		ids >= d.cfg.Mixed && share(refused, w.Requests) >= d.cfg.MixedShare
	near := share(w.Near, w.Requests)
	walks := ids >= d.cfg.Walked && max(near, w.density(ids)) >= d.cfg.NearShare
	if !fresh || !tries && !walks && ids < d.cfg.Bulk || w.Custom.holds(o.Time, ids, share(refused, w.Requests)) {
		return Evidence{}, false
	}
	ev := Evidence{Severity: finding.Low, Score: 25, Confidence: 0.5, Count: int64(w.Requests), Since: w.Start}
	protected := o.Purpose.Has(route.API) || share(w.Denied+challenged, w.Requests) >= d.cfg.MixedShare
	scrapes := ids >= d.cfg.Bulk && near >= d.cfg.NearShare
	switch {
	case o.Agent.Class == signature.AgentCrawler, !protected && !scrapes, !tries && !walks:
	case !walks && share(w.Denied, w.Requests) < d.cfg.MixedShare && (w.Read+w.Missing == 0 || w.yesOrNo()):
	case tries && w.Read >= uint32(d.cfg.Read):
		ev.Severity, ev.Score, ev.Confidence = finding.High, 80, 0.85
	default:
		ev.Severity, ev.Score, ev.Confidence = finding.Medium, 60, 0.75
	}
	return ev.With("ids", float64(ids)).With("requests", float64(w.Requests)).
		With("refused_share", round2(share(refused, w.Requests))).With("read", float64(w.Read)).
		With("near_share", round2(near)), true
}

// at is the walk on the event's route; the one that rested longest gives way.
func (s *objectWalkState) at(o *Observation, window time.Duration) *walk {
	w := &s.Walks[0]
	for i := range s.Walks {
		if s.Walks[i].Route == o.RouteHash {
			w = &s.Walks[i]
			break
		}
		if s.Walks[i].Newest < w.Newest {
			w = &s.Walks[i]
		}
	}
	switch {
	case w.Route != o.RouteHash:
		*w = walk{Route: o.RouteHash, Start: o.Time, Newest: o.Time}
	case o.Time-w.Start > window.Nanoseconds():
		w.Custom.learn(w.Start, w.ids(), share(w.refused(), w.Requests))
		*w = walk{Route: o.RouteHash, Start: o.Time, Newest: o.Time, Custom: w.Custom}
	}
	w.Newest = max(w.Newest, o.Time)
	return w
}

// ids is how many different ids were asked for.
func (w *walk) ids() int { return min(w.Ids.Count(), int(w.Requests)) } // an estimate above 32

func (w *walk) refused() uint32 { return w.Denied + w.Missing + w.challenged(w.ids()) }

// add counts a request and tells whether its id is new.
func (w *walk) add(o *Observation) bool {
	w.Requests++
	switch o.Answer { //nolint:exhaustive // the rest says nothing
	case AnswerOK:
		w.Read++
	case AnswerDenied:
		if o.Event.Status == 403 {
			w.Denied++
		} else {
			w.Challenged++
		}
	case AnswerMissing:
		w.Missing++
	}
	w.weigh(o)
	if o.Object.Kind == route.ObjectInt || o.Object.Number > 0 {
		n := o.Object.Number
		if w.Numbers == 0 {
			w.Low, w.High = n, n
		} else if gap := n - w.Last; gap != 0 && gap >= -2 && gap <= 2 {
			w.Near++
		}
		w.Numbers++
		w.Low, w.High, w.Last = min(w.Low, n), max(w.High, n), n
	}
	return w.Ids.Add(o.Object.Hash)
}

// weigh adds the size of an answer that says whether the object is there.
func (w *walk) weigh(o *Observation) {
	size, ok := o.Event.Size()
	switch {
	case !ok || size < 0:
	case o.Answer == AnswerOK:
		w.ReadSize += uint64(size)
		w.Sized++
	case o.Answer == AnswerMissing:
		w.MissSize += uint64(size)
		w.Sized++
	}
}

// challenged is how many answers 401 were refusals. Many clients ask each time without credentials first, as HTTP has
// it: then the same id is asked for again.
func (w *walk) challenged(ids int) uint32 {
	return w.Challenged - min(w.Challenged, w.Requests-uint32(ids))
}

// aWord is the most bytes of an answer that says yes or no, with some room for headers where these are counted.
const aWord = 512

// yesOrNo tells that the answers 2xx carry no more than the answers 404 do: the client asks what there is, as caches and
// registries have it done to them, and reads nothing.
func (w *walk) yesOrNo() bool {
	if w.Missing == 0 || w.Sized < w.Read+w.Missing {
		return false
	}
	read, miss := w.ReadSize/uint64(max(w.Read, 1)), w.MissSize/uint64(w.Missing)
	return read < aWord && read <= 2*miss+64
}

// density is the share of the numbers between the lowest and the highest that were asked for: a walk in any order.
func (w *walk) density(ids int) float64 {
	if w.Numbers == 0 || w.Numbers < w.Requests {
		return 0
	}
	return min(float64(ids)/(float64(w.High)-float64(w.Low)+1), 1)
}
