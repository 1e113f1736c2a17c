package detect

import (
	"math/bits"

	"gatewatch/internal/event"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
)

// Sign is a set of what makes an observation more than an ordinary request. Most events have none, and the engine then
// need not ask each detector whether it is concerned.
type Sign uint8

// The signs.
const (
	SignAttempt Sign = 1 << iota // Attempt
	SignLure                     // Lure
	SignProbe                    // Probe found something
	SignRefused                  // the answer is AnswerMissing, AnswerDenied or AnswerRefused
	SignScanner                  // Agent is a scanner
	SignObject                   // Object
	SignBusy                     // Minute is no less than floodStart
	SignMuch                     // Hourly is no less than manyRequests, or the answer is a large one
)

// signs are those of an observation.
func (o *Observation) signs() (s Sign) {
	if o.Attempt {
		s |= SignAttempt
	}
	if o.Lure.Category != signature.LureNone {
		s |= SignLure
	}
	if o.Probe.Score > 0 {
		s |= SignProbe
	}
	if o.Answer == AnswerMissing || o.Answer == AnswerDenied || o.Answer == AnswerRefused {
		s |= SignRefused
	}
	if o.Agent.Class == signature.AgentScanner {
		s |= SignScanner
	}
	if o.Object.Kind != route.ObjectNone {
		s |= SignObject
	}
	if o.Minute >= floodStart {
		s |= SignBusy
	}
	if size, _ := o.Event.Size(); o.Hourly >= manyRequests || size >= largeAnswer {
		s |= SignMuch
	}
	return s
}

// columns is a set of places in a catalog.
type columns uint16

// next takes the first column off the set.
func (c *columns) next() int {
	col := bits.TrailingZeros16(uint16(*c))
	*c &= *c - 1
	return col
}

// asking are the detectors to be asked about an event, by what they asked for.
type asking struct {
	signs   [8]columns // by the sign's place
	always  columns    // those that gave no signs
	whole   columns
	network columns // those that ask about networks, last or only
}

func newAsking(specs []Spec) (a asking) {
	for col := range specs {
		s, c := &specs[col], columns(1)<<col
		if s.When == 0 {
			a.always |= c
		}
		for when := s.When; when != 0; when &= when - 1 {
			a.signs[bits.TrailingZeros8(uint8(when))] |= c
		}
		if s.Whole {
			a.whole |= c
		}
		if len(s.Entity) > 0 && s.Entity[len(s.Entity)-1] == event.KindNetwork {
			a.network |= c
		}
	}
	return a
}

// concerned are the columns whose detectors may be concerned by an observation.
func (a *asking) concerned(o *Observation) columns {
	c := a.always
	for s := o.signs(); s != 0; s &= s - 1 {
		c |= a.signs[bits.TrailingZeros8(uint8(s))]
	}
	return c
}

// following are the columns whose detectors get every event of a network and have a state of this one.
func (a *asking) following(r *record) columns { return r.Held & a.whole & a.network }
