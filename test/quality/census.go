package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
	"gatewatch/internal/label"
	"gatewatch/internal/logfile"
)

// census is in which hours each client came: what false alerts are a share of. A client is who detectors of volumes take
// for one, a principal or else a network, and files that pages bring along do not count, as they do not there.
type census struct {
	clients map[label.Entity]*presence
	refused error
}

// presence is the hours of the clock in which a client came, in ascending order, counted from the Unix epoch.
type presence []int64

// static is the simulated site's service for files.
const static = "static"

// read counts the clients of a log.
func read(ctx context.Context, path string) (c *census, err error) {
	d, err := accesslog.New(accesslog.Config{})
	if err != nil {
		return nil, fmt.Errorf("making decoder: %w", err)
	}
	sources, err := logfile.Expand([]string{path}, nil)
	if err != nil {
		return nil, fmt.Errorf("finding log: %w", err)
	}
	c = &census{clients: map[label.Entity]*presence{}}
	for _, src := range sources {
		lines, err := src.Open(ctx, accesslog.DefaultMaxLine)
		if err != nil {
			return nil, fmt.Errorf("opening log: %w", err)
		}
		for lines.Next() {
			d.Decode(lines.Line(), c)
		}
		if err := errors.Join(lines.Err(), lines.Close()); err != nil {
			return nil, fmt.Errorf("reading log: %w", err)
		}
	}
	return c, c.refused
}

// Event implements accesslog.Sink.
func (c *census) Event(e *event.Event) {
	if e.Service == static {
		return
	}
	who, ok := e.Entity(event.KindPrincipal)
	if !ok {
		who, ok = e.Entity(event.KindNetwork)
	}
	if !ok {
		return
	}
	key := label.Entity{Type: who.Kind.String(), Value: who.Value}
	p := c.clients[key]
	if p == nil {
		p = &presence{}
		key.Value = string(append([]byte(nil), key.Value...)) // the event's texts are gone with the line
		c.clients[key] = p
	}
	hour := e.Time / int64(time.Hour)
	if n := len(*p); n == 0 || (*p)[n-1] < hour {
		*p = append(*p, hour)
	}
}

// Reject implements accesslog.Sink: a line that is not understood would be missing from what is counted.
func (c *census) Reject(reason format.Reason, _ []byte) {
	if c.refused == nil {
		c.refused = fmt.Errorf("a line of the simulated log is rejected: %v", reason.String())
	}
}

// novice says when a client is new: in its n-th hour, from 0 on, which came so many hours after its first.
type novice func(n int, after int64) bool

// The two senses in which a client is new. A person who comes every other day is new for a day in the one, and for weeks in
// the other.
var novices = [...]struct {
	name string
	is   novice
}{
	{"first seen less than 24 hours ago", func(_ int, after int64) bool { return after < 24 }},
	{"seen in fewer than 24 different hours", func(n int, _ int64) bool { return n < 24 }},
}

// hours are the client-hours from an hour on, of new clients and of others.
func (c *census) hours(from int64, is novice) (young, old int) {
	for _, p := range c.clients {
		for n, hour := range *p {
			switch {
			case hour < from:
			case is(n, hour-(*p)[0]):
				young++
			default:
				old++
			}
		}
	}
	return young, old
}

// young tells whether a client was new at a time; false for ok if it never came.
func (c *census) young(who label.Entity, at time.Time, is novice) (young, ok bool) {
	p := c.clients[who]
	if p == nil {
		return false, false
	}
	hour := at.UnixNano() / int64(time.Hour)
	n := 0
	for n+1 < len(*p) && (*p)[n+1] <= hour {
		n++
	}
	return is(n, hour-(*p)[0]), true
}
