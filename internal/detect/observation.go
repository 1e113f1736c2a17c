package detect

import (
	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
)

// Observation is one event with the facts that more than one detector asks for, worked out once: what the request is
// for, what the answer says, what other clients do. It holds until the next event.
type Observation struct {
	Event *event.Event
	Time  int64 // the event's time, nanoseconds
	Key   event.Key
	Kind  event.Kind // of the entity asked about

	Answer  Answer
	Purpose route.Purpose
	Object  route.Object
	Agent   signature.Agent
	Probe   signature.Verdict
	Lure    signature.Lure // Category is LureNone when the path is not a lure

	Client    uint64 // hash of the network, under the engine's seed; only of facets
	HostHash  uint64 // of the host, under the engine's seed
	PathHash  uint64 // of host and path, under the engine's seed
	QueryHash uint64 // of the query, and of the raw request where it was no HTTP; only when Probe found something
	RouteHash uint64 // of method, host and route template

	// Attempt tells that the request tries credentials; Outcome how that ended, as far as the answer tells; User is a hash
	// of the account tried, 0 when the log does not say.
	Attempt bool
	Outcome route.Outcome
	// Certain tells that a success is one by the answer itself, and not for looking unlike other answers of the route.
	Certain bool
	// Inferred tells that a failure is one only for coming again and again.
	Inferred bool
	User     uint64
	// Basic tells a request whose own credentials (Basic, Digest) were refused; what failed is the request itself.
	Basic bool
	// Outage tells that nobody gets in at this login for the moment, though people did before.
	Outage bool

	// Failed and Passed are how often this network failed to log in and got in before this event, as far as it is
	// remembered, at most 255.
	Failed, Passed uint8

	// Editor tells markup that comes from the pages of a site's administration.
	Editor bool

	// Vouched tells that well-behaved clients missed this path as well lately: a broken link, not a guess.
	Vouched bool

	// Echo tells that the answer to a lure or a probe has the size that the host gives other paths too: a page for
	// everything, not the thing asked for.
	Echo bool

	// Minute is how many requests this network has sent in the running minute of event time, this one included. Peers is
	// what others sent in the minute before.
	Minute uint32
	Peers  Peers

	// Hourly is how many requests for other than static files this network has sent in the running hour of event time, this
	// one included, and Objects how many of them name an object; at most 65535.
	Hourly, Objects uint16

	// Tally is what many events of the entity came to; nil unless the observation is of a tally. Settled is the event time
	// up to which every partition has told its tallies.
	Tally   *facet.Tally
	Settled int64
	// Endpoint is a hash of the endpoint that the tally is of, under the engine's seed; 0 where it is of a whole service. A
	// detector of services is asked about the tallies of their endpoints too.
	Endpoint uint64

	// habits is what clients of each service usually do. It is shared by all observations, and a detector that learns
	// writes to it: what Observe does to it is part of the engine's state, as what it does to its own.
	habits *habits

	// meters are those of tests of tallies, as habits has them of tests of clients.
	meters *meterings

	// hours tells the hour of the week, and holidays, where the people live.
	hours *baseline.Hours
}

// Peers summarises what the networks that were active in the last full minute sent in it.
type Peers struct {
	Active uint64  // networks with at least one request
	Q50    float64 // requests in the minute, median over networks
	Q95    float64 // the same, 95th percentile
}

// Answer classifies the response.
type Answer uint8

// The answers.
const (
	AnswerUnknown  Answer = iota // not logged, or the client left before one
	AnswerOK                     // 2xx
	AnswerRedirect               // 3xx
	AnswerDenied                 // 401, 403, 407
	AnswerMissing                // 404, 410
	AnswerLimited                // 429
	AnswerRefused                // any other 4xx
	AnswerFailed                 // 5xx
)

// AnswerOf classifies an event's status.
func AnswerOf(e *event.Event) Answer {
	switch s := e.Status; {
	case s >= 200 && s < 300:
		return AnswerOK
	case s >= 300 && s < 400:
		return AnswerRedirect
	case s == 401 || s == 403 || s == 407:
		return AnswerDenied
	case s == 404 || s == 410:
		return AnswerMissing
	case s == 429:
		return AnswerLimited
	case s >= 400 && s < 500:
		return AnswerRefused
	case s >= 500 && s < 600:
		return AnswerFailed
	default:
		return AnswerUnknown
	}
}
