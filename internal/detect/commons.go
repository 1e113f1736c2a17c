package detect

import (
	"gatewatch/internal/event"
	"gatewatch/internal/route"
)

const loginSets = 256

// loginRoute is what is known of one login route's answers.
type loginRoute struct {
	Route   uint64
	Profile route.LoginProfile
}

// commons is what the engine knows of all clients together; it is part of its state.
type commons struct {
	peers  peerCounts
	broken *broken
	logins map[uint64]*loginRoute
}

func newCommons() commons {
	return commons{broken: &broken{}, logins: map[uint64]*loginRoute{}}
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
	if o.Answer == AnswerMissing {
		r.Misses = min(r.Misses+1, 1<<15)
		o.Vouched = c.broken.miss(o.PathHash, uint32(hash(r.Key))|1, o.Time/int64(3600e9), r.Misses <= vouchMisses)
	}
	if o.Attempt {
		o.Outcome = c.login(o)
	}
}

func (c *commons) login(o *Observation) route.Outcome {
	l := c.logins[o.RouteHash]
	if l == nil {
		if o.Answer == AnswerMissing || len(c.logins) >= loginSets {
			return route.OutcomeUnknown
		}
		l = &loginRoute{Route: o.RouteHash}
		c.logins[o.RouteHash] = l
	}
	return l.Profile.Observe(o.Event, clientOf(o))
}

func clientOf(o *Observation) event.Key { return o.Key }
