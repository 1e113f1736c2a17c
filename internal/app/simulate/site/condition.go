package site

import (
	"bytes"
	"slices"

	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/dice"
)

// Condition is a time in which something is the matter with the site, whoever asks.
type Condition struct {
	Begin, End int64
	// Service and Path narrow it: to one service, to paths that begin so. "" is all.
	Service, Path string
	Lost          float64 // part of the requests that never arrive
	Slow          float64 // factor of the time that answers take
	Fail          float64 // part of the requests that are answered by Status
	Status        int
	Campaign      *campaign.Campaign // counts what is met; may be nil
}

// Suffer adds a condition. It must not have begun.
func (s *Site) Suffer(c Condition) {
	s.conditions = append(s.conditions, &c)
	slices.SortStableFunc(s.conditions, func(a, b *Condition) int { return int(min(max(a.Begin-b.Begin, -1), 1)) })
}

// Advance tells the site what time it is.
func (s *Site) Advance(now int64) {
	for s.next < len(s.conditions) && s.conditions[s.next].Begin <= now {
		s.active = append(s.active, s.conditions[s.next])
		s.next++
	}
	if len(s.active) > 0 {
		s.active = slices.DeleteFunc(s.active, func(c *Condition) bool { return c.End <= now })
	}
}

func (c *Condition) concerns(q *Request) bool {
	return (c.Service == "" || c.Service == q.Service) && bytes.HasPrefix(q.Path, []byte(c.Path))
}

// meet makes a request fail, or lets it pass. A client that the site turns away is turned away all the same.
func (c *Condition) meet(q *Request, d dice.Dice) {
	failed := c.Fail > 0 && d.Chance(c.Fail)
	if failed {
		q.Status = c.Status
	}
	if c.Campaign != nil && (failed || c.Fail == 0) {
		c.Campaign.Count(q.At)
	}
}
