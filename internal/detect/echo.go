package detect

import (
	"gatewatch/internal/event"
	"gatewatch/internal/signature"
)

const (
	echoWays = 4
	echoSets = 1 << 10
)

// echo is one size of answer and the first paths of one host that were answered 2xx with it. A site that answers any
// path with its start page does so with one size.
type echo struct {
	Key   uint64 // hash of host and size, 0 when free
	Hour  int64
	Paths [2]uint64
}

// echoes remembers the sizes of answers to requests that a site has no business answering, and of its start page: a
// bounded cache in which the oldest of a set gives way.
type echoes struct {
	Sets [echoSets * echoWays]echo
}

// hear notes the size with which a path was answered, and tells whether the same host answered another path so.
func (c *echoes) hear(key, path uint64, hour int64) bool {
	key = max(key, 1)
	set := c.Sets[key%echoSets*echoWays:][:echoWays]
	at := &set[0]
	for i := range set {
		if set[i].Key == key {
			at = &set[i]
			break
		}
		if set[i].Hour < at.Hour {
			at = &set[i]
		}
	}
	if at.Key != key {
		*at = echo{Key: key, Hour: hour, Paths: [2]uint64{path, 0}}
		return false
	}
	at.Hour = max(at.Hour, hour)
	if at.Paths[0] == path {
		return at.Paths[1] != 0
	}
	if at.Paths[1] == 0 {
		at.Paths[1] = path
	}
	return true
}

// echo tells whether an answer is one that the host gives to other paths too.
func (c *commons) echo(o *Observation) bool {
	size, ok := o.Event.Size()
	if o.Answer != AnswerOK || !ok || size == 0 {
		return false
	}
	start := o.Event.Path == "/"
	if !start && o.Lure.Category == signature.LureNone && !o.Probe.Alarming() {
		return false
	}
	key := hash(event.Key{Hi: o.HostHash, Lo: uint64(size)})
	return c.echoes.hear(key, o.PathHash, o.Time/int64(3600e9))
}
