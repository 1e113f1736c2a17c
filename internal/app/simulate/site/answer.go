package site

import (
	"math"

	"gatewatch/internal/app/simulate/dice"
)

const (
	partial     = 206
	notModified = 304
	notFound    = 404
	conflict    = 409
)

// sizes are the bodies of answers other than the one asked for: gateways and frameworks have one text for each.
var sizes = [...]struct {
	status int
	bytes  int64
}{
	{204, 0},
	{notModified, 0},
	{301, 169},
	{302, 138},
	{400, 187},
	{401, 74},
	{403, 92},
	{notFound, 548},
	{405, 157},
	{conflict, 96},
	{422, 143},
	{429, 61},
	{500, 177},
	{502, 157},
	{503, 213},
	{504, 167},
}

// Answer answers a request, where it is not decided already how; false when it never came to the site.
func (s *Site) Answer(q *Request, d dice.Dice) bool {
	ms := q.route.Time.draw(d) * q.cost
	for _, c := range s.active {
		if !c.concerns(q) {
			continue
		}
		if d.Chance(c.Lost) {
			return false
		}
		ms *= max(c.Slow, 1)
		c.meet(q, d)
	}
	if q.Status == 0 {
		q.Status = q.route.Status
		switch {
		case q.fresh(d):
			q.Status = notModified
		case q.route.Missed > 0 && d.Chance(q.route.Missed):
			q.Status = missed(q.Method)
		}
	}
	if q.route.Partial > 0 && q.Status == q.route.Status && d.Chance(q.route.Partial) {
		q.Status = partial
		q.scale *= d.Float64()
	}
	q.Out = q.size(d)
	switch {
	case q.Status == 504:
		ms = 30000
	case q.Status >= 400 && q.Status < 500, q.Status == notModified:
		ms *= .5
	}
	q.Micros = max(int64(ms*1000), 300)
	return true
}

// missed is how a write and a read fail that meet something that is not there any more.
func missed(method string) int {
	if method == "GET" {
		return notFound
	}
	return conflict
}

func (q *Request) size(d dice.Dice) int64 {
	if q.Method == "HEAD" {
		return 0
	}
	if q.Status != q.route.Status || q.Status >= 400 {
		for _, s := range sizes {
			if s.status == q.Status {
				return s.bytes
			}
		}
	}
	spread := q.route.Size
	if !q.route.Fixed {
		return int64(spread.draw(d) * q.scale)
	}
	own := dice.Normal(q.thing ^ uint64(len(q.route.Path))<<56)
	return int64(spread.Median * math.Exp(spread.Sigma*own) * q.scale)
}

func (s Spread) draw(d dice.Dice) float64 {
	if s.Sigma == 0 {
		return s.Median
	}
	return d.LogNormal(s.Median, s.Sigma)
}
