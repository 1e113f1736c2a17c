package detect

import (
	"math"

	"gatewatch/internal/baseline"
	"gatewatch/internal/facet"
)

// latencyEndpoints is how many endpoints of a service are told apart: those that are asked for most.
const latencyEndpoints = 64

// latencyShiftState is what is known of how long a service and its endpoints take. Logarithms of durations are in slots of
// facet.Durations, of which two are a doubling.
type latencyShiftState struct {
	Recent  lastHour[slowness]
	Day     latencyDay
	Service latencyPast
	Block   slowness // of the running block
	Late    baseline.Past

	Tail       float32 // the largest surprise of late requests that was looked at in the running block
	TailBefore uint32  // the one before was surprising, whether or not it was enough

	Endpoints [latencyEndpoints]latencyEndpoint
}

// latencyPast is what the shifts of a service or an endpoint were until now.
type latencyPast struct {
	Excess float32 // scatter of blocks about what was expected, beyond what so many requests explain; weighted sum
	Scale  float32 // its weight
	Since  uint32  // minute of the first tally
	Start  uint32  // number of the running block
	Most   float32 // the largest surprise that was looked at in it
	Began  uint32  // minute since which it is slow, 0 where it is not
	Last   uint32  // minute in which it was so last
	Held   uint8   // it was in the running block
	Before uint8   // and in the one before
	// Alarming tells that the one before was surprising, whether or not it was enough.
	Alarming uint8
	_        uint8
}

// slowness is how requests to endpoints that are known differ from what these usually take.
type slowness struct {
	Requests float32
	Weight   float32 // of each request one over the variance of its endpoint
	Sum      float32 // of differences, weighted
	Usual    float32 // of what is usual at the time of the day, weighted
	Doubt    float32 // of the variances of that, weighted
	Level    float32 // of what is usual at any time, of each request as much
	Late     float32 // requests far beyond what is usual
}

// add takes more requests in.
func (m *slowness) add(o slowness) {
	m.Requests += o.Requests
	m.Weight += o.Weight
	m.Sum += o.Sum
	m.Usual += o.Usual
	m.Doubt += o.Doubt
	m.Level += o.Level
	m.Late += o.Late
}

// raw is the mean difference, 0 where there is none.
func (m *slowness) raw() float64 { return float64(m.Sum) / max(float64(m.Weight), 1e-9) }

// shift is by how much it is more than what is usual at that time.
func (m *slowness) shift() float64 { return float64(m.Sum-m.Usual) / max(float64(m.Weight), 1e-9) }

// variance is that of the shift as far as its requests and what is known of the time explain it.
func (m *slowness) variance() float64 { return float64(1+m.Doubt) / max(float64(m.Weight), 1e-9) }

// latencyEndpoint is an endpoint of a service.
type latencyEndpoint struct {
	Name   uint64  // hash, 0 where free
	Usual  float32 // requests, less what others had that found no place
	Weight float32 // requests that were learned, fading
	Mean   float32 // of their logarithms
	Spread float32 // sum of squares about it
	Time   uint32  // minute of the newest
	Asked  float32 // requests of the running block
	Sum    float32 // of their logarithms
	Square float32
	latencyPast
	Short, Long latencyHalves
}

// latencyHalves are the running block of minutes and the one before, which together are a window that runs.
type latencyHalves struct {
	Number       uint32 // of the running block
	Last         uint32 // the newest minute that was slow
	Slow, Before uint32 // minutes of each that were
	Now, Earlier slowness
}

// add takes in what a partition tells of one minute.
func (h *latencyHalves) add(minute, length uint32, m slowness, slow bool) {
	if n := minute / length; n != h.Number {
		if n == h.Number+1 {
			h.Earlier, h.Before = h.Now, h.Slow
		} else {
			h.Earlier, h.Before = slowness{}, 0
		}
		h.Number, h.Now, h.Slow = n, slowness{}, 0
	}
	h.Now.add(m)
	if slow && minute != h.Last {
		h.Last = minute
		h.Slow++
	}
}

// both is what the window holds.
func (h *latencyHalves) both() slowness {
	sum := h.Now
	sum.add(h.Earlier)
	return sum
}

// variance is that of one request's logarithm.
func (e *latencyEndpoint) variance() float64 {
	return clampTo((float64(e.Spread)+priorWeight*priorVariance)/(float64(e.Weight)+priorWeight), leastVariance, 100)
}

const (
	// priorVariance is that of an endpoint before it is known, as if it came from priorWeight requests: durations differ by
	// half and double.
	priorVariance, priorWeight = 4, 10
	// leastVariance is that of an endpoint that always takes the same: a slot is known no better.
	leastVariance = 0.25
	// reach is how many deviations away from what is expected a request counts, and reachSlots how many slots at least, which
	// are eight times as long: further ones count as that.
	reach, reachSlots = 3, 6
)

func clampTo(v, low, high float64) float64 {
	if !(v > low) {
		return low
	}
	return min(v, high)
}

// measure adds up a tally's durations, those far off an endpoint that is known as if they were less so.
func (e *latencyEndpoint) measure(d *facet.Durations) (n, sum, square float64) {
	low, high := 0.0, float64(facet.DurationSlots)
	if e.Weight >= knownRequests {
		far := max(reach*math.Sqrt(e.variance()), reachSlots)
		low, high = float64(e.Mean)-far, float64(e.Mean)+far
	}
	for slot, c := range d {
		if c > 0 {
			y, c := clampTo(float64(slot), low, high), float64(min(c, 1<<22))
			n, sum, square = n+c, sum+c*y, square+c*y*y
		}
	}
	return n, sum, square
}

// late is from which slot on a request is far beyond what is usual, which at this time of the day is offset more than the
// level. least is by how many microseconds it must be so.
func (e *latencyEndpoint) late(offset, least float64) int {
	usual := float64(e.Mean) + offset
	far := max(lateDeviations*math.Sqrt(e.variance()), lateSlots)
	slot := int(math.Ceil(clampTo(usual+far, 0, facet.DurationSlots)))
	for slot < facet.DurationSlots && facet.DurationOf(slot)-facet.DurationOf(0)*math.Exp2(usual/2) < least {
		slot++
	}
	return slot
}

const (
	// lateDeviations is from how many deviations on a request is late, of which there are some in a hundred, and lateSlots
	// how many slots at least.
	lateDeviations, lateSlots = 2, 3
)

// beyond counts requests from a slot on.
func beyond(d *facet.Durations, slot int) (n uint64) {
	for _, c := range d[min(slot, facet.DurationSlots):] {
		n += uint64(c)
	}
	return n
}

// endpoint finds or makes the place of an endpoint; nil where others are asked for more.
func (s *latencyShiftState) endpoint(name uint64, requests float32) *latencyEndpoint {
	least := &s.Endpoints[0]
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		switch {
		case e.Name == name:
			e.Usual = min(e.Usual+requests, maxUsual)
			return e
		case e.Name == 0:
			*e = latencyEndpoint{Name: name, Usual: requests}
			return e
		case e.Usual < least.Usual:
			least = e
		}
	}
	if least.Usual -= requests; least.Usual < 0 {
		*least = latencyEndpoint{Name: name, Usual: requests}
		return least
	}
	return nil
}

// learn takes a block of requests in; offset is by how much they were expected to be slower than the endpoint's level.
func (e *latencyEndpoint) learn(minute uint32, offset, weight float64) {
	if e.Asked <= 0 {
		return
	}
	n, was := weight*float64(e.Asked), float64(e.Weight)
	if minute > e.Time {
		was *= math.Exp2(-float64(minute-e.Time) / latencyHalfLife)
		if e.Weight > 0 {
			e.Spread *= float32(was / float64(e.Weight))
		}
		e.Time = minute
	}
	mean := float64(e.Sum/e.Asked) - offset
	within := max(float64(e.Square)-float64(e.Sum)*float64(e.Sum/e.Asked), 0)
	step := mean - float64(e.Mean)
	if was <= 0 {
		step, e.Mean = 0, float32(mean)
	}
	e.Spread = float32(min(float64(e.Spread)+weight*within+step*step*n*was/max(was+n, 1e-9), 1e12))
	e.Mean += float32(step * n / max(was+n, 1e-9))
	e.Weight = float32(min(was+n, 1e9))
}

// latencyHalfLife is that of what is learned, in minutes.
const latencyHalfLife = 7 * 24 * 60

// scatter is the variance of a window about what is expected of it, beyond what its requests explain.
func (p *latencyPast) scatter() float64 {
	return clampTo((float64(p.Excess)+scatterBlocks*usualScatter)/(float64(p.Scale)+scatterBlocks), leastScatter, 100)
}

// deviates learns how far a block was off what was expected, with the variance that its requests explain.
func (p *latencyPast) deviates(shift, variance float64) {
	weight := usualScatter / (usualScatter + variance)
	far := latencyClip * math.Sqrt(variance+p.scatter())
	shift = clampTo(shift, -far, far)
	left := math.Exp2(-float64(latencyBlock) / latencyHalfLife)
	p.Excess = float32(float64(p.Excess)*left + weight*(shift*shift-variance))
	p.Scale = float32(float64(p.Scale)*left + weight)
}

const (
	// usualScatter is that of windows before it is known, as if it came from scatterBlocks blocks: a tenth more or less.
	usualScatter, scatterBlocks = 0.08, 8
	// leastScatter is that of the most even service.
	leastScatter = 0.01
	// latencyClip is up to how many deviations a block's shift is learned as it is.
	latencyClip = 3
)

// slow notes that it is.
func (p *latencyPast) slow(minute uint32) {
	if p.Began == 0 {
		p.Began = minute
	}
	p.Last, p.Held = minute, 1
}
