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

const (
	answerKinds = 6  // kinds of answer remembered per route
	traces      = 16 // clients remembered per route, each in the slot of its key
	// How soon somebody who failed tries again. Programs that log in for each batch come later.
	retrySeconds = 60
	// How many equal answers in a row one client gets before they are failures: nobody who got in knocks
	// five times within minutes.
	streakFails = 5
	// How many times an answer must have been seen before its share of retries means anything.
	judged = 8
	// The share (1/n) by which bodies of one kind of answer differ: an echoed name, a token of its own length.
	sizeSlack = 16
	// The same in bytes, for small bodies.
	minSlack = 24
	// Halves the counts, so that a route that changes its answers is learned anew.
	maxCount = 1 << 14
)

// LoginProfile is what is remembered about the answers of one login route, to tell failures from successes. It is a
// plain value of fixed size without pointers; the zero value is a route never seen.
//
// The rule, first match decides:
//
//  1. 401, 403, 400, 422, 423 and 429 are failures; other 4xx and 5xx say nothing.
//  2. On a route that has answered 401 or 422 (JSON, and forms of some frameworks), 2xx and 3xx are successes.
//  3. On a route that has answered attempts with both a 200 and a redirect to see (302, 303), the redirect is the success
//     and the 200, the form again, the failure: that is what form frameworks do.
//  4. A 200 that one client gets for the fifth time in a row, each within a minute of the last, is a failure.
//  5. Among answers of one status that differ in size, one after which clients try again within the minute in at least
//     4 of 5 cases is the failure, and one after which they do so in at most 3 of 10 is the success.
//
// Anything else is unknown: a form that redirects either way with bodies of one size cannot be read from a log.
type LoginProfile struct {
	Answers [answerKinds]Answer
	Clients [traces]Trace
	// JSON tells that the route has answered 401 or 422 and so says by its status how an attempt ended.
	JSON bool
	_    [7]byte // a snapshot copies memory: no padding
}

// Answer is one kind of answer of a login route: a status and a size, give or take a little.
type Answer struct {
	Size    int64 // mean, -1 when the log has no sizes
	Count   uint32
	Retried uint32 // times the same client tried again within the minute
	Status  int32
	_       [4]byte
}

// Trace is the last attempt of one client.
type Trace struct {
	Client uint64 // hash of its key
	Second int64  // event time
	Answer uint8  // 1 + index into Answers
	Streak uint8  // equal answers in a row
	_      [6]byte
}

// Observe learns from the answer to one attempt by a client and tells how the attempt ended.
func (p *LoginProfile) Observe(e *event.Event, client event.Key) Outcome {
	status := e.Status
	if !e.Has(event.FieldStatus) {
		return OutcomeUnknown
	}
	at := p.answer(e)
	streak := p.trace(e, client, at)
	if o := byStatus(status); o != OutcomeUnknown {
		p.JSON = p.JSON || status == 401 || status == 422
		return o
	}
	switch {
	case status < 200 || status >= 400:
		return OutcomeUnknown
	case p.JSON:
		return Success
	case status == 302 || status == 303:
		if p.seen(200, 200) {
			return Success
		}
	case status == 200 && (p.seen(302, 303) || streak >= streakFails):
		return Failure
	}
	return p.byRetries(at)
}

func byStatus(status int32) Outcome {
	switch status {
	case 400, 401, 403, 422, 423, 429:
		return Failure
	default:
		return OutcomeUnknown
	}
}

// seen tells whether an attempt was answered with a status of the range.
func (p *LoginProfile) seen(from, to int32) bool {
	for i := range p.Answers {
		if a := &p.Answers[i]; a.Count > 0 && a.Status >= from && a.Status <= to {
			return true
		}
	}
	return false
}

// Redirects tells that the route has answered an attempt with a redirect to see, so that a 200 is the form again.
func (p *LoginProfile) Redirects() bool { return p.seen(302, 303) }

// answer is the index of the answer's kind; the kind seen least gives way to a new one.
func (p *LoginProfile) answer(e *event.Event) int {
	size, ok := e.Size()
	if !ok {
		size = -1
	}
	least := 0
	for i := range p.Answers {
		a := &p.Answers[i]
		if a.Count > 0 && a.Status == e.Status && near(a.Size, size) {
			if a.Count++; a.Count > maxCount {
				a.Count, a.Retried = a.Count/2, a.Retried/2
			}
			a.Size += (size - a.Size) / int64(min(a.Count, 8))
			return i
		}
		if a.Count < p.Answers[least].Count {
			least = i
		}
	}
	for i := range p.Clients {
		if int(p.Clients[i].Answer) == least+1 {
			p.Clients[i] = Trace{}
		}
	}
	p.Answers[least] = Answer{Status: e.Status, Size: size, Count: 1}
	return least
}

func near(mean, size int64) bool {
	if mean < 0 || size < 0 {
		return mean == size
	}
	d := mean - size
	return max(d, -d) <= max(minSlack, mean/sizeSlack)
}

// trace remembers the client's attempt, counts a retry for its last answer, and returns how many equal ones it got in a row.
func (p *LoginProfile) trace(e *event.Event, client event.Key, at int) uint8 {
	id := client.Hi*0x9e3779b97f4a7c15 ^ client.Lo*0xd6e8feb86659fd93
	id ^= id >> 29
	t := &p.Clients[id%traces]
	now := e.Time / 1e9
	again := t.Answer > 0 && t.Client == id && now-t.Second <= retrySeconds && t.Second-now <= retrySeconds
	streak := uint8(1)
	if again {
		p.Answers[t.Answer-1].Retried++
		if int(t.Answer) == at+1 {
			streak = t.Streak
			streak += uint8(b2i(streak < 255))
		}
	}
	*t = Trace{Client: id, Second: now, Answer: uint8(at + 1), Streak: streak}
	return streak
}

// byRetries is rule 5: it needs two kinds of answer of one status, told apart by what clients did next.
func (p *LoginProfile) byRetries(at int) Outcome {
	mine := retryShare(&p.Answers[at])
	if mine == OutcomeUnknown {
		return OutcomeUnknown
	}
	for i := range p.Answers {
		a := &p.Answers[i]
		if i == at || a.Status != p.Answers[at].Status {
			continue
		}
		if other := retryShare(a); other != OutcomeUnknown && other != mine {
			return mine
		}
	}
	return OutcomeUnknown
}

// retryShare tells an answer after which clients mostly try again from one after which they mostly do not.
func retryShare(a *Answer) Outcome {
	switch {
	case a.Count < judged:
		return OutcomeUnknown
	case a.Retried*5 >= a.Count*4:
		return Failure
	case a.Retried*10 <= a.Count*3:
		return Success
	default:
		return OutcomeUnknown
	}
}
