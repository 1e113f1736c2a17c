package detect

import (
	"math"
	"math/bits"

	"gatewatch/internal/baseline"
	"gatewatch/internal/facet"
	"gatewatch/internal/tally"
)

// errorEndpoints is how many endpoints of a service are told apart: those that are asked for most.
const errorEndpoints = 64

// errorSpikeState is what is known of the errors of a service and of its endpoints.
type errorSpikeState struct {
	Recent    lastHour[serviceMinute]
	Service   errorPast
	Refused   errorPast // of clients that were refused, in place of requests that failed
	Endpoints [errorEndpoints]errorEndpoint
}

// serviceMinute is how a minute's requests to a service ended.
type serviceMinute struct {
	outcomes
	Refused uint32       // requests that were answered 4xx
	Clients facet.Places // that were
}

// tally takes a tally in.
func (m *serviceMinute) tally(o *Observation) {
	m.Requests += clip32(o.Tally.Requests)
	m.Refused += clip32(o.Tally.Refused)
	m.Clients |= o.Tally.Refusers
	if o.Tally.Failed > 0 {
		m.Failed += clip32(o.Tally.Failed)
		m.Times |= 1 << (max(o.Tally.From, 0) / int64(tally.ServiceSpan) % 32)
	}
}

// failed is how requests ended as a part of a window.
func (m *serviceMinute) failed() outcomes {
	o := m.outcomes
	o.Times = uint32(bits.OnesCount32(o.Times))
	return o
}

// refused is the same of clients that were refused, each as one request that was: one client that is refused a thousand times
// is the client's matter.
func (m *serviceMinute) refused() outcomes {
	clients := min(uint32(math.Round(m.Clients.Count())), m.Refused)
	o := outcomes{Requests: m.Requests - min(m.Refused, m.Requests) + clients, Failed: clients}
	if clients > 0 {
		o.Times = 1
	}
	return o
}

// outcomes is how requests ended.
type outcomes struct {
	Requests uint32
	Failed   uint32
	Times    uint32 // with failures: how many spans, in a minute of a service itself ten-second spans as bits
}

// add takes in a part of a minute.
func (c *outcomes) add(o outcomes) {
	c.Requests += o.Requests
	c.Failed += o.Failed
	c.Times += o.Times
}

// share is the part that failed.
func (c *outcomes) share() float64 { return share(c.Failed, c.Requests) }

// clip32 is a count that can be added to others a thousand times.
func clip32(n uint64) uint32 { return uint32(min(n, 1<<22)) }

// errorPast is what the errors of a service or an endpoint were until now.
type errorPast struct {
	Past     baseline.Past
	Requests float32  // that were learned
	Since    uint32   // minute of the first
	Start    uint32   // number of the running block
	Block    outcomes // of the running block
	Most     float32  // the largest surprise that was looked at in it
	Began    uint32   // minute since which it fails, 0 where it does not
	Last     uint32   // minute in which it failed last
	Held     uint8    // it failed in the running block
	Before   uint8    // and in the one before
	_        [2]byte
}

// errorEndpoint is an endpoint of a service.
type errorEndpoint struct {
	Name  uint64  // hash, 0 where free
	Usual float32 // requests, less what others had that found no place
	_     [4]byte
	errorPast
	Short, Long halves
	_           [4]byte
}

// halves are counts of the running block of minutes and of the one before, which together are a window that runs.
type halves struct {
	Number  uint32 // of the running block
	Now     outcomes
	Earlier outcomes
	Last    uint32 // minute of the newest failure
}

// add takes in what one minute brought.
func (h *halves) add(minute, length uint32, c outcomes) {
	if n := minute / length; n != h.Number {
		if n == h.Number+1 {
			h.Earlier = h.Now
		} else {
			h.Earlier = outcomes{}
		}
		h.Number, h.Now = n, outcomes{}
	}
	if c.Failed > 0 && minute != h.Last {
		h.Last, c.Times = minute, 1
	}
	h.Now.add(c)
}

// both is what the window holds.
func (h *halves) both() outcomes {
	sum := h.Now
	sum.add(h.Earlier)
	return sum
}

// endpoint finds or makes the place of an endpoint; nil where others are asked for more.
func (s *errorSpikeState) endpoint(name uint64, requests uint32) *errorEndpoint {
	least := &s.Endpoints[0]
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		switch {
		case e.Name == name:
			e.Usual = min(e.Usual+float32(requests), maxUsual)
			return e
		case e.Name == 0:
			*e = errorEndpoint{Name: name, Usual: float32(requests)}
			return e
		case e.Usual < least.Usual:
			least = e
		}
	}
	// Whoever makes endpoints up asks for each of them a few times, which is forgotten as fast as it came.
	if least.Usual -= float32(requests); least.Usual < 0 {
		*least = errorEndpoint{Name: name, Usual: float32(requests)}
		return least
	}
	return nil
}

// maxUsual is up to how many requests an endpoint has to be paid for with by one that takes its place.
const maxUsual = 1 << 16
