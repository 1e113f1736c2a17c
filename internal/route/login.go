package route

import "gatewatch/internal/event"

// Outcome is how an attempt to log in ended, as far as the log tells.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown Outcome = iota
	Success
	Failure
	outcomes
)

var outcomeNames = [outcomes]string{"unknown", "success", "failure"}

// String is the outcome's name.
func (o Outcome) String() string {
	if o >= outcomes {
		return outcomeNames[OutcomeUnknown]
	}
	return outcomeNames[o]
}

// LoginProfile is what is remembered about the answers of one login route, to tell failures from successes. It is a
// plain value of fixed size without pointers; the zero value is a route never seen.
type LoginProfile struct {
	// JSON tells that the route has answered 401 and so says by its status how an attempt ended.
	JSON bool
}

// Observe learns from the answer to one attempt by a client and tells how the attempt ended.
func (p *LoginProfile) Observe(e *event.Event, client event.Key) Outcome { return OutcomeUnknown }

// User is the seeded hash of the user name that an attempt was for: the principal, else user=, username=, email=, login=
// or a like parameter of the query; false when the log does not tell.
func User(e *event.Event, seed uint64) (uint64, bool) { return 0, false }
